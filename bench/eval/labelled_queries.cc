#include "eval/labelled_queries.h"

#include <absl/container/flat_hash_set.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>

#include <algorithm>
#include <map>
#include <utility>

#include "semcached/base/hash.h"
#include "semcached/base/status.h"
#include "semcached/base/tsv.h"

namespace semcached::eval {
namespace {

bool Matches(const std::string& pattern, const std::string& value) {
  return pattern == "*" || pattern == value;
}

// Sorts rows by what they are expected to be.
class Sorter {
 public:
  explicit Sorter(const std::vector<Label>& labels) : labels_(labels) {}

  void Add(const std::string& source, const std::string& category, const std::string& intent,
           const std::string& text) {
    if (text.empty() || !seen_.insert(text).second) return;
    ++sample_.read;
    for (const Label& label : labels_) {
      if (label.source != source || !Matches(label.category, category) ||
          !Matches(label.intent, intent)) {
        continue;
      }
      if (label.expected.empty()) {
        ++sample_.left_out;
      } else {
        const std::string group = absl::StrCat(source, " ", absl::StrJoin(label.expected, "|"));
        groups_[group].push_back({text, source, label.expected, KeyedHash(HashKey{}, text).low});
      }
      return;
    }
    ++sample_.unlabelled;
  }

  Sample Draw(size_t limit) {
    for (auto& [group, queries] : groups_) {
      std::sort(queries.begin(), queries.end(),
                [](const LabelledQuery& a, const LabelledQuery& b) { return a.hash < b.hash; });
      if (queries.size() > limit) queries.resize(limit);
      std::move(queries.begin(), queries.end(), std::back_inserter(sample_.queries));
    }
    return std::move(sample_);
  }

 private:
  const std::vector<Label>& labels_;
  absl::flat_hash_set<std::string> seen_;
  std::map<std::string, std::vector<LabelledQuery>> groups_;
  Sample sample_;
};

}  // namespace

absl::StatusOr<std::vector<Label>> ReadLabels(const std::string& file) {
  std::vector<Label> labels;
  RETURN_IF_ERROR(ReadTsv(file, 4, [&](const TsvFields& fields) {
    std::vector<std::string> expected;
    if (fields[3] != "-") expected = absl::StrSplit(fields[3], '|');
    labels.push_back({fields[0], fields[1], fields[2], std::move(expected)});
  }));
  return labels;
}

absl::StatusOr<Sample> ReadDataSets(const std::string& directory, const std::vector<Label>& labels,
                                    size_t limit) {
  Sorter sorter(labels);
  const auto header = [](const TsvFields& fields) { return fields[0] == "source"; };
  RETURN_IF_ERROR(ReadTsv(directory + "/queries.tsv", 4, [&](const TsvFields& fields) {
    if (!header(fields)) sorter.Add(fields[0], fields[1], fields[2], fields[3]);
  }));
  // source, intent or date, volatile, text
  const absl::Status read = ReadTsv(directory + "/volatile.tsv", 4, [&](const TsvFields& fields) {
    if (!header(fields)) sorter.Add(fields[0], "", fields[1], fields[3]);
  });
  if (!read.ok() && !absl::IsNotFound(read)) return read;
  return sorter.Draw(limit);
}

absl::StatusOr<Sample> ReadDemo(const std::string& file, const std::vector<Label>& labels) {
  Sorter sorter(labels);
  // category, group, kind, text
  RETURN_IF_ERROR(ReadTsv(file, 4, [&](const TsvFields& fields) {
    if (fields[0] != "category") sorter.Add("demo", fields[0], "", fields[3]);
  }));
  return sorter.Draw(static_cast<size_t>(-1));
}

}  // namespace semcached::eval
