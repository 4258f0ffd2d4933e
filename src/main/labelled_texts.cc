#include "main/labelled_texts.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include <algorithm>
#include <fstream>
#include <istream>

namespace semcached {

namespace {

// A query's, by default: the server takes no longer one.
constexpr size_t kMostTextBytes = 32 << 10;

// A line without its end, be it written on Windows or not.
bool ReadLine(std::istream* input, std::string* line) {
  if (!std::getline(*input, *line)) return false;
  if (!line->empty() && line->back() == '\r') line->pop_back();
  return true;
}

}  // namespace

absl::StatusOr<std::vector<LabelledTexts>> ReadLabelledTexts(const std::string& file) {
  std::ifstream input(file);
  std::string line;
  if (!ReadLine(&input, &line)) {
    return absl::NotFoundError(absl::StrCat(file, ": cannot be read, or is empty"));
  }
  const std::vector<std::string> header = absl::StrSplit(line, '\t');
  const auto column = [&](const char* name) {
    return static_cast<size_t>(std::find(header.begin(), header.end(), name) - header.begin());
  };
  const size_t label = column("label");
  const size_t text_a = column("text_a");
  const size_t text_b = column("text_b");
  if (std::max({label, text_a, text_b}) >= header.size()) {
    return absl::InvalidArgumentError(absl::StrCat(
        file, ":1: the first line must name the columns label, text_a and text_b, by tabs"));
  }
  std::vector<LabelledTexts> pairs;
  for (size_t number = 2; ReadLine(&input, &line); ++number) {
    if (line.empty()) continue;
    std::vector<std::string> fields = absl::StrSplit(line, '\t');
    if (fields.size() != header.size()) {
      return absl::InvalidArgumentError(absl::StrCat(file, ":", number, ": has ", fields.size(),
                                                     " columns; the first line names ",
                                                     header.size()));
    }
    if (fields[label] != "0" && fields[label] != "1") {
      return absl::InvalidArgumentError(
          absl::StrCat(file, ":", number, ": label \"", fields[label], "\"; allowed: 0 or 1"));
    }
    for (const size_t text : {text_a, text_b}) {
      if (!fields[text].empty() && fields[text].size() <= kMostTextBytes) continue;
      return absl::InvalidArgumentError(absl::StrCat(file, ":", number, ": a text has ",
                                                     fields[text].size(),
                                                     " bytes; allowed are 1 to ", kMostTextBytes));
    }
    pairs.push_back({fields[label] == "1", fields[text_a], fields[text_b]});
  }
  return pairs;
}

}  // namespace semcached
