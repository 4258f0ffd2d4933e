// semcached-eval-adapt: what adaptation to load saves, and what it costs in wrong answers.
#include <absl/strings/str_cat.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <memory>
#include <utility>

#include "eval/adapt_sections.h"
#include "eval/bars.h"
#include "semcached/base/log.h"
#include "semcached/base/status.h"
#include "semcached/replay/study_input.h"

namespace semcached::eval {
namespace {

constexpr char kSource[] = SEMCACHED_SOURCE_DIR;

struct Options {
  std::string data;
  std::vector<std::string> workloads = {"replay-code", "replay-conversation", "replay-mooncake"};
  std::string config = absl::StrCat(kSource, "/config/semcached.yaml");
  std::string model_dir = SEMCACHED_MODEL_DIR;
  std::string vectors = SEMCACHED_BINARY_DIR "/eval-adapt.vectors";
  std::string json;
  std::string svg;
  bool quick = false;
};

StudyFiles FilesOf(const Options& options, const std::string& workload) {
  StudyFiles files;
  files.workload = absl::StrCat(kSource, "/bench/workloads/", workload, ".json");
  files.data = options.data;
  files.config = options.config;
  files.own_queries = absl::StrCat(kSource, "/demo/queries.tsv");
  files.near_opposites = absl::StrCat(kSource, "/bench/eval/near_opposites.tsv");
  files.model_dir = options.model_dir;
  files.vectors = options.vectors;
  files.most_questions = options.quick ? 800 : 0;
  return files;
}

void Add(Section more, Section* all) {
  all->markdown += more.markdown;
  std::move(more.bars.begin(), more.bars.end(), std::back_inserter(all->bars));
  all->plots.merge(more.plots);
}

absl::StatusOr<Section> Measure(const Options& options) {
  Section all;
  std::unique_ptr<StudyInput> input;
  for (const std::string& workload : options.workloads) {
    const bool with_bars = workload == options.workloads.front();
    // One made trace is as good as another.
    if (!with_bars && (options.quick || options.data.empty())) break;
    ASSIGN_OR_RETURN(input, StudyInput::Read(FilesOf(options, workload)));
    AdaptScale scale;
    scale.seeds = options.quick ? 2 : input->workload().seeds;
    scale.drop_steps = options.quick ? 2 : 5;
    scale.quick = options.quick;
    scale.with_bars = with_bars;
    ASSIGN_OR_RETURN(Section section, WorkloadSection(*input, scale));
    Add(std::move(section), &all);
  }
  Add(ControllerSection(input->config(), options.quick ? 1 : 10), &all);
  return all;
}

// Whether all bars hold.
absl::StatusOr<bool> Run(const Options& options) {
  ASSIGN_OR_RETURN(const Section report, Measure(options));
  if (options.quick) {
    std::cout << "--quick: two seeds, a part of the questions and one trace; the figures show that "
                 "the program runs, and no more.\n\n";
  }
  std::cout << report.markdown << "# Bars\n\n" << ToMarkdown(report.bars);
  if (!options.svg.empty()) RETURN_IF_ERROR(WritePlots(report.plots, options.svg));
  if (!options.json.empty()) RETURN_IF_ERROR(WriteJson(report.bars, options.json));
  return std::all_of(report.bars.begin(), report.bars.end(),
                     [](const Bar& bar) { return bar.holds(); });
}

}  // namespace
}  // namespace semcached::eval

int main(int argc, char** argv) {
  semcached::ConfigureLog(semcached::LogFormat::kText, semcached::LogLevel::kWarning);
  semcached::eval::Options options;
  CLI::App app(
      "What adaptation to load saves on replayed traces, and what it costs in wrong answers. The "
      "status is 0 if every bar holds, 1 if one does not, 2 if something could not be measured.");
  app.add_option(
         "--data", options.data,
         "Directory of pairs.tsv, queries.tsv and traces; without it, the project's own few "
         "questions and made arrivals")
      ->envname("SEMCACHED_DATA_DIR");
  app.add_option("--workloads", options.workloads,
                 "Names in bench/workloads; the bars are of the first one")
      ->capture_default_str();
  app.add_option("--config", options.config, "A semcached.yaml: its section load and categories")
      ->capture_default_str();
  app.add_option("--model-dir", options.model_dir, "Directory of the model and its tokenizer")
      ->capture_default_str();
  app.add_option("--vectors", options.vectors, "File of embeddings to remember")
      ->capture_default_str();
  app.add_option("--json", options.json, "Write the bars to this file");
  app.add_option("--svg", options.svg, "Write the plots into this directory");
  app.add_flag("--quick", options.quick, "Two seeds, fewer questions, one trace");
  CLI11_PARSE(app, argc, argv);
  const absl::StatusOr<bool> hold = semcached::eval::Run(options);
  if (hold.ok()) return *hold ? 0 : 1;
  std::cerr << hold.status().ToString() << '\n';
  return 2;
}
