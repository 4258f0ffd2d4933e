// semcached-eval-join: the reports of several evaluations as one, with one table of bars.
#include <absl/strings/str_cat.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>
#include <iostream>
#include <sstream>

#include "eval/bars.h"
#include "eval/join_reports.h"
#include "eval/machine.h"
#include "semcached/base/status.h"

namespace semcached::eval {
namespace {

struct Options {
  std::string directory;
  std::vector<std::string> parts;
  std::string json;
  std::string page;
};

std::string Read(const std::string& file) {
  std::stringstream content;
  content << std::ifstream(file).rdbuf();
  return content.str();
}

// Whether all bars hold.
absl::StatusOr<bool> Run(const Options& options) {
  std::vector<std::string> reports;
  std::vector<Bar> bars;
  for (const std::string& part : options.parts) {
    const std::string base = absl::StrCat(options.directory, "/", part);
    absl::StatusOr<std::vector<Bar>> more = ReadJson(base + ".json");
    // It was not measured: whoever called knows.
    if (absl::IsNotFound(more.status())) continue;
    RETURN_IF_ERROR(more.status());
    bars.insert(bars.end(), more->begin(), more->end());
    reports.push_back(Read(base + ".md"));
  }
  const std::string report = absl::StrCat(Join(reports, bars), "Measured ", WhenAndWhere(), ".\n");
  std::cout << report;
  if (!options.json.empty()) RETURN_IF_ERROR(WriteJson(bars, options.json));
  if (!options.page.empty()) {
    ASSIGN_OR_RETURN(const std::string page, PutBetweenMarks(Read(options.page), report));
    std::ofstream output(options.page);
    output << page;
    if (!output.flush()) {
      return absl::UnavailableError(absl::StrCat(options.page, ": cannot be written"));
    }
  }
  return std::all_of(bars.begin(), bars.end(), [](const Bar& bar) { return bar.holds(); });
}

}  // namespace
}  // namespace semcached::eval

int main(int argc, char** argv) {
  semcached::eval::Options options;
  CLI::App app(
      "The reports of several evaluations as one, with one table of bars. The status is 0 if every "
      "bar holds, 1 if one does not, 2 if something cannot be read or written.");
  app.add_option("directory", options.directory, "Where PART.md and PART.json of each part are")
      ->required();
  app.add_option("parts", options.parts, "In the order of the report; a missing one is passed over")
      ->required();
  app.add_option("--json", options.json, "Write all bars to this file");
  app.add_option("--page", options.page, "Put the report between the marks of this file");
  CLI11_PARSE(app, argc, argv);
  const absl::StatusOr<bool> hold = semcached::eval::Run(options);
  if (hold.ok()) return *hold ? 0 : 1;
  std::cerr << hold.status().ToString() << '\n';
  return 2;
}
