#include "eval/join_reports.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <sstream>

namespace semcached::eval {
namespace {

bool IsHeading(const std::string& line) { return !line.empty() && line.front() == '#'; }

bool OpensBars(const std::string& line) {
  return IsHeading(line) && line.substr(line.find_first_not_of('#')) == " Bars";
}

}  // namespace

std::string Join(const std::vector<std::string>& reports, const std::vector<Bar>& bars) {
  std::string joined;
  for (const std::string& report : reports) {
    std::istringstream lines(report);
    std::string text;
    for (std::string line; std::getline(lines, line) && !OpensBars(line);) {
      absl::StrAppend(&text, line, "\n");
    }
    absl::StripTrailingAsciiWhitespace(&text);
    absl::StrAppend(&joined, text, "\n\n");
  }
  absl::StrAppend(&joined, reports.size() == 1 ? "## Bars\n\n" : "# Bars\n\n", ToMarkdown(bars));
  const auto held =
      std::count_if(bars.begin(), bars.end(), [](const Bar& bar) { return bar.holds(); });
  absl::StrAppend(&joined, "\n", held, " of ", bars.size(), " bars hold.\n");
  return joined;
}

absl::StatusOr<std::string> PutBetweenMarks(const std::string& page, const std::string& report) {
  const size_t begin = page.find(kBeginMark);
  const size_t end = page.find(kEndMark);
  if (begin == std::string::npos || end == std::string::npos || end < begin) {
    return absl::InvalidArgumentError(
        absl::StrCat("the page has no place for the report: it needs the lines \"", kBeginMark,
                     "\" and \"", kEndMark, "\""));
  }
  std::string result = absl::StrCat(page.substr(0, begin), kBeginMark, "\n\n");
  std::istringstream lines(report);
  for (std::string line; std::getline(lines, line);) {
    absl::StrAppend(&result, IsHeading(line) ? "#" : "", line, "\n");
  }
  absl::StrAppend(&result, "\n", page.substr(end));
  return result;
}

}  // namespace semcached::eval
