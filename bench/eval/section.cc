#include "eval/section.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>

#include <filesystem>
#include <fstream>

namespace semcached::eval {

double Share(int64_t count, int64_t trials) {
  return trials > 0 ? static_cast<double>(count) / static_cast<double>(trials) : 0;
}

std::string ShareCell(int64_t count, int64_t trials) {
  if (trials <= 0) return "-";
  const Interval interval = WilsonInterval(count, trials);
  return absl::StrFormat("%.1f %% (%.1f-%.1f)", 100 * Share(count, trials), 100 * interval.low,
                         100 * interval.high);
}

std::string ValueCell(double value, const Interval& interval) {
  return absl::StrFormat("%.3f (%.3f-%.3f)", value, interval.low, interval.high);
}

absl::Status WritePlots(const std::map<std::string, std::string>& plots,
                        const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  for (const auto& [name, svg] : plots) {
    std::ofstream output(absl::StrCat(directory, "/", name));
    output << svg;
    if (!output.flush()) {
      return absl::UnavailableError(absl::StrCat(directory, "/", name, ": cannot be written"));
    }
  }
  return absl::OkStatus();
}

std::string TableRow(const std::vector<std::string>& cells) {
  return absl::StrCat("| ", absl::StrJoin(cells, " | "), " |\n");
}

std::string TableHead(const std::vector<std::string>& cells) {
  std::string rule = "| ---";
  for (size_t i = 1; i < cells.size(); ++i) rule += " | ---:";
  return absl::StrCat(TableRow(cells), rule, " |\n");
}

}  // namespace semcached::eval
