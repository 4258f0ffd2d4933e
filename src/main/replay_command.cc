#include "main/replay_command.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include <filesystem>
#include <iostream>
#include <memory>
#include <utility>
#include <vector>

#include "main/replay_report.h"
#include "semcached/base/log.h"
#include "semcached/base/status.h"
#include "semcached/replay/study.h"
#include "semcached/replay/study_rows.h"

namespace semcached {
namespace {

constexpr VariantKind kVariants[] = {VariantKind::kNoCache,   VariantKind::kOff,
                                     VariantKind::kThreshold, VariantKind::kTtl,
                                     VariantKind::kAll,       VariantKind::kEverywhere};

struct Ran {
  VariantKind kind;
  std::vector<ReplayFigures> by_seed;
};

void PrintJson(const Study& study, const std::string& law, const std::vector<Ran>& ran) {
  nlohmann::json variants = nlohmann::json::object();
  for (const Ran& one : ran) {
    for (const ReplayFigures& figures : one.by_seed) {
      variants[Name(one.kind)].push_back(ToJson(figures));
    }
  }
  const Sizing& sizing = study.sizing();
  std::cout << nlohmann::json{{"law", law},
                              {"slots", sizing.slots},
                              {"busiest", sizing.utilization.busiest},
                              {"calmest", sizing.utilization.calmest},
                              {"variants", variants}}
                   .dump(2)
            << '\n';
}

void PrintTables(const StudyInput& input, const Study& study, const std::string& law,
                 const std::vector<Ran>& ran) {
  std::cout << input.workload().name << ", law " << law << ": " << input.arrivals().size()
            << " arrivals (" << input.workload().trace << ")"
            << (input.has_data() ? "" : "; without --data: the project's own few questions")
            << "\nserver: " << study.sizing().slots << " slots; without a cache, utilisation is "
            << study.sizing().utilization.busiest << " in the busiest ten minutes, "
            << study.sizing().utilization.calmest << " in the calmest\n\n";
  PrintRows(BankHead(), BankRows(input.bank()));
  const std::vector<ReplayFigures>* off = nullptr;
  const std::vector<ReplayFigures>* on = nullptr;
  for (const Ran& one : ran) {
    if (one.kind == VariantKind::kOff) off = &one.by_seed;
    if (one.kind == VariantKind::kAll) on = &one.by_seed;
  }
  std::vector<Row> rows;
  rows.reserve(ran.size());
  for (const Ran& one : ran) rows.push_back(VariantRow(Name(one.kind), one.by_seed, *off));
  PrintRows(VariantHead(), rows);
  PrintRows(CauseHead(),
            {CauseRow(Name(VariantKind::kOff), *off), CauseRow(Name(VariantKind::kAll), *on)});
  PrintRows(CategoryHead(), CategoryRows(*off, *on));
  std::cout << "overload: " << off->front().overload_seconds
            << " s with the first seed; medians over seeds, and the least and the most\n";
}

absl::Status Run(const ReplayOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<StudyInput> input,
                   StudyInput::Read(StudyFilesOf(options)));
  const ReplayWorkload& workload = input->workload();
  Study study(input->parts(), options.seeds > 0 ? options.seeds : workload.seeds);
  const std::string& law = options.law.empty() ? workload.middle_law : options.law;
  std::vector<Ran> ran;
  for (const VariantKind kind : kVariants) {
    ASSIGN_OR_RETURN(Study::Result result, study.Run(law, {kind, 0}));
    ran.push_back({kind, std::move(result.by_seed)});
  }
  if (options.json) {
    PrintJson(study, law, ran);
  } else {
    PrintTables(*input, study, law, ran);
  }
  return absl::OkStatus();
}

}  // namespace

ReplayOptions DefaultReplayOptions() {
  ReplayOptions options;
  options.config = SEMCACHED_SOURCE_DIR "/config/semcached.yaml";
  options.own_queries = SEMCACHED_SOURCE_DIR "/demo/queries.tsv";
  options.near_opposites = SEMCACHED_SOURCE_DIR "/bench/eval/near_opposites.tsv";
  options.model_dir = SEMCACHED_MODEL_DIR;
  return options;
}

StudyFiles StudyFilesOf(const ReplayOptions& options) {
  StudyFiles files;
  files.workload = options.workload;
  if (!absl::StrContains(files.workload, '/') && !std::filesystem::exists(files.workload)) {
    files.workload = absl::StrCat(SEMCACHED_WORKLOADS_DIR "/", options.workload, ".json");
  }
  files.trace = options.trace;
  files.data = options.data;
  files.config = options.config;
  files.own_queries = options.own_queries;
  files.near_opposites = options.near_opposites;
  files.model_dir = options.model_dir;
  files.vectors = options.vectors;
  return files;
}

int RunReplay(const ReplayOptions& options) {
  ConfigureLog(LogFormat::kText, LogLevel::kWarning);  // each run starts a cache
  const absl::Status status = Run(options);
  if (status.ok()) return 0;
  std::cerr << "semcached-bench: " << status.message() << '\n';
  return 2;
}

}  // namespace semcached
