#include "eval/bars.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <utility>

namespace semcached::eval {

std::string ToMarkdown(const std::vector<Bar>& bars) {
  std::string table = "| bar | measured | limit | holds |\n| --- | ---: | ---: | --- |\n";
  for (const Bar& bar : bars) {
    absl::StrAppendFormat(&table, "| %s | %.4g %s | %s %.4g %s | %s |\n", bar.name, bar.value,
                          bar.unit, bar.at_most ? "<=" : ">=", bar.limit, bar.unit,
                          bar.holds() ? "yes" : "**no**");
  }
  return table;
}

absl::Status WriteJson(const std::vector<Bar>& bars, const std::string& file) {
  nlohmann::json array = nlohmann::json::array();
  for (const Bar& bar : bars) {
    array.push_back({{"name", bar.name},
                     {"value", bar.value},
                     {"unit", bar.unit},
                     {"limit", bar.limit},
                     {"at_most", bar.at_most},
                     {"holds", bar.holds()},
                     {"method", bar.method}});
  }
  std::ofstream output(file);
  output << array.dump(2) << '\n';
  if (output.flush()) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(file, ": cannot be written"));
}

absl::StatusOr<std::vector<Bar>> ReadJson(const std::string& file) {
  std::ifstream input(file);
  if (!input) return absl::NotFoundError(absl::StrCat(file, ": cannot be read"));
  std::vector<Bar> bars;
  try {
    for (const auto& entry : nlohmann::json::parse(input)) {
      Bar bar{entry.at("name"),  entry.at("value"), entry.at("unit"), entry.at("limit"), true,
              entry.at("method")};
      bar.at_most = entry.value("at_most", bar.holds() == entry.at("holds").get<bool>());
      bars.push_back(std::move(bar));
    }
  } catch (const nlohmann::json::exception&) {
    return absl::InvalidArgumentError(absl::StrCat(file, ": is no array of bars"));
  }
  return bars;
}

}  // namespace semcached::eval
