#include "main/tour_script.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include <fstream>
#include <map>

namespace semcached {

absl::StatusOr<std::vector<TourGroup>> ReadTourScript(const std::string& file) {
  std::ifstream in(file);
  if (!in) return absl::InvalidArgumentError(absl::StrCat(file, ": cannot be read"));
  std::vector<TourGroup> groups;
  std::map<std::string, size_t> by_name;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    const std::vector<std::string> fields = absl::StrSplit(line, '\t');
    const auto wrong = [&](const char* what) {
      return absl::InvalidArgumentError(absl::StrCat(file, ":", number, ": ", what));
    };
    if (fields.size() != 4) return wrong("needs category, group, kind and text, split by tabs");
    if (number == 1) continue;
    const auto [place, added] = by_name.emplace(fields[1], groups.size());
    if (added) groups.push_back({fields[0], fields[1], "", {}, {}});
    TourGroup& group = groups[place->second];
    if (fields[2] == "base") {
      if (!group.base.empty()) return wrong("a second base of its group");
      group.base = fields[3];
    } else if (fields[2] == "paraphrase") {
      group.paraphrases.push_back(fields[3]);
    } else if (fields[2] == "opposite") {
      group.opposites.push_back(fields[3]);
    } else {
      return wrong("kind is none of base, paraphrase, opposite");
    }
  }
  for (const TourGroup& group : groups) {
    if (group.base.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(file, ": group ", group.name, " has no base"));
    }
  }
  if (groups.empty()) return absl::InvalidArgumentError(absl::StrCat(file, ": holds no queries"));
  return groups;
}

}  // namespace semcached
