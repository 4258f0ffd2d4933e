// semcached-eval-truth: what a running server answers rightly, wrongly, and not at all.
#include <absl/strings/str_cat.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <utility>

#include "eval/judging.h"
#include "eval/machine.h"
#include "eval/pair_sets.h"
#include "eval/truth_sections.h"
#include "semcached/base/status.h"
#include "support/temp_dir.h"

namespace semcached::eval {
namespace {

struct Options {
  std::string data;
  std::string opposites = SEMCACHED_SOURCE_DIR "/bench/eval/near_opposites.tsv";
  std::string demo = SEMCACHED_SOURCE_DIR "/demo/queries.tsv";
  std::string server = SEMCACHED_BIN_DIR "/semcached";
  std::string categories = SEMCACHED_SOURCE_DIR "/config/categories";
  std::string model_dir = SEMCACHED_MODEL_DIR;
  std::string work;
  std::string json;
  std::string svg;
  size_t limit = 8'000;
  uint64_t seed = 1;
  double drawn = 0;
  bool quick = false;
};

constexpr size_t kQuickLimit = 400;
constexpr int kTries = 10'000;
constexpr int kQuickTries = 1'000;
constexpr double kForced = 0.75;

absl::StatusOr<std::vector<JudgedPair>> ReadPairsOf(const Options& options) {
  if (options.data.empty()) return DemoPairs(options.demo);
  return DataPairs(options.data + "/pairs.tsv",
                   options.quick ? std::min(options.limit, kQuickLimit) : options.limit);
}

std::string Introduction(const Options& options, size_t near_opposites,
                         const std::vector<JudgedPair>& pairs, size_t bypassed) {
  size_t report = 0;
  for (const JudgedPair& row : pairs) {
    if (row.half == Half::kReport) ++report;
  }
  return absl::StrCat("# True hits\n\n", WhenAndWhere(), options.quick ? ", quick" : "", ".\n\n",
                      near_opposites, " near-opposites; ", pairs.size(), " labelled pairs of ",
                      options.data.empty()
                          ? "the project's own small set (demo/queries.tsv; no --data was given)"
                          : "the evaluation data",
                      ", ", report, " of them in the report half. ", bypassed,
                      " pairs more are left out, since their category is never cached.\n\n");
}

// What a report is made of, in its order.
absl::StatusOr<std::vector<Section>> Measure(const Options& options, ServerUnderTest* server,
                                             std::string* introduction) {
  ASSIGN_OR_RETURN(const std::vector<NearOpposite> rows, ReadNearOpposites(options.opposites));
  ASSIGN_OR_RETURN(std::vector<JudgedPair> labelled, ReadPairsOf(options));
  // Judged together, so that policies change but a few times.
  std::vector<JudgedPair> all = OppositePairs(rows);
  all.insert(all.end(), labelled.begin(), labelled.end());
  RETURN_IF_ERROR(JudgePairs(server, &all));
  const size_t bypassed = std::erase_if(all, [](const JudgedPair& row) { return row.bypassed; });
  const auto border = std::find_if(
      all.begin(), all.end(), [](const JudgedPair& row) { return row.pair.source != kOpposites; });
  const std::vector<JudgedPair> opposites(all.begin(), border);
  labelled.assign(border, all.end());
  *introduction = Introduction(options, rows.size(), labelled, bypassed);

  ASSIGN_OR_RETURN(const std::vector<bool> forced,
                   AskAgain(server, "near-opposites at 0.75", opposites, ForcedThreshold(kForced)));
  ASSIGN_OR_RETURN(const SharedScope shared, AskInOneScope(server, opposites, {}));
  ASSIGN_OR_RETURN(const SharedScope shared_forced,
                   AskInOneScope(server, opposites, ForcedThreshold(kForced)));
  ASSIGN_OR_RETURN(Section scopes,
                   ScopeSection(server, options.quick ? kQuickTries : kTries, options.seed));

  std::vector<Section> sections;
  sections.push_back(OppositesSection(opposites, forced, shared, shared_forced));
  sections.push_back(GuardCostSection(opposites, labelled));
  sections.push_back(PairsSection(labelled, options.seed));
  sections.push_back(MixedSection(all, options.seed, options.drawn));
  sections.push_back(std::move(scopes));
  sections.push_back(GuardTimeSection(options.quick));
  return sections;
}

absl::Status Run(Options options) {
  std::unique_ptr<TempDir> temporary;
  if (options.work.empty()) {
    temporary = std::make_unique<TempDir>();
    options.work = temporary->path();
  }
  ASSIGN_OR_RETURN(const std::unique_ptr<ServerUnderTest> server,
                   ServerUnderTest::Start(
                       {options.server, options.categories, options.model_dir, options.work}));
  std::string introduction;
  ASSIGN_OR_RETURN(const std::vector<Section> sections,
                   Measure(options, server.get(), &introduction));
  RETURN_IF_ERROR(server->Stop());
  std::cout << introduction;
  std::vector<Bar> bars;
  for (const Section& section : sections) {
    std::cout << section.markdown;
    bars.insert(bars.end(), section.bars.begin(), section.bars.end());
    if (!options.svg.empty()) RETURN_IF_ERROR(WritePlots(section.plots, options.svg));
  }
  std::cout << "## Bars\n\n" << ToMarkdown(bars);
  return options.json.empty() ? absl::OkStatus() : WriteJson(bars, options.json);
}

}  // namespace
}  // namespace semcached::eval

int main(int argc, char** argv) {
  semcached::eval::Options options;
  CLI::App app(
      "What a running semcached answers rightly, wrongly, and not at all: starts one in a "
      "directory of its own, asks it, and prints a report. The status is 0 once all is measured, "
      "whether or not the bars hold.");
  app.add_option("--data", options.data,
                 "Directory of pairs.tsv; without it, the project's own small set")
      ->envname("SEMCACHED_DATA_DIR");
  app.add_flag("--quick", options.quick, "Fewer pairs, fewer tries");
  app.add_option("--limit", options.limit, "Most pairs of one data set and half")
      ->capture_default_str();
  app.add_option("--json", options.json, "Write the bars to this file");
  app.add_option("--svg", options.svg, "Write the plots into this directory");
  app.add_option("--near-opposites", options.opposites, "The near-opposites")
      ->capture_default_str();
  app.add_option("--demo", options.demo, "The project's own queries")->capture_default_str();
  app.add_option("--server", options.server, "The server to measure")->capture_default_str();
  app.add_option("--categories", options.categories, "Directory of the category files")
      ->capture_default_str();
  app.add_option("--model-dir", options.model_dir, "Directory of the model and its tokenizer")
      ->capture_default_str();
  app.add_option("--work", options.work,
                 "An empty directory for the server, kept; without it, one that goes at the end");
  app.add_option("--seed", options.seed, "Of scopes and bootstraps")->capture_default_str();
  app.add_option("--drawn", options.drawn,
                 "Where thresholds are chosen, count each category as if it had seen so many hits "
                 "more, false as often as those of all")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const absl::Status status = semcached::eval::Run(options);
  if (!status.ok()) std::cerr << status.ToString() << '\n';
  return status.ok() ? EXIT_SUCCESS : EXIT_FAILURE;
}
