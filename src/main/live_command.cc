#include "main/live_command.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <utility>
#include <vector>

#include "main/replay_report.h"
#include "semcached/base/log.h"
#include "semcached/base/status.h"
#include "semcached/replay/study.h"
#include "semcached/replay/study_input.h"
#include "semcached/replay/variants.h"

namespace semcached {
namespace {

constexpr uint64_t kFirstSeed = 1;
constexpr size_t kMinute = 60;  // seconds

// The same arrivals three times.
struct Comparison {
  AskStream stream;
  Sizing sizing;
  ReplayRun off, all;  // simulated: adaptation off, as shipped
  LiveRun live;
  ReplayFigures off_figures, all_figures, live_figures;
};

absl::StatusOr<Comparison> Play(const LiveReplayOptions& options, const StudyInput& input) {
  const ReplayWorkload& workload = input.workload();
  const std::string& law = options.replay.law.empty() ? workload.middle_law : options.replay.law;
  ASSIGN_OR_RETURN(const RepetitionLaw repetition, LawNamed(workload, law));
  ASSIGN_OR_RETURN(AskStream whole,
                   MakeAskStream(input.arrivals(), input.bank(), workload, repetition, kFirstSeed));
  Comparison played;
  played.stream =
      CutStream(std::move(whole), absl::Minutes(options.from),
                options.minutes > 0 ? absl::Minutes(options.minutes) : absl::InfiniteDuration());
  if (played.stream.trace.empty()) {
    return absl::InvalidArgumentError("nothing arrives in these minutes of the trace");
  }
  played.sizing = SizeServer(input.arrivals(), workload.model);
  const CategoryPolicySet& policies = *input.config().categories;
  ReplayParts parts;
  parts.bank = &input.bank();
  parts.stream = &played.stream;
  parts.facts = &workload.facts;
  parts.load = input.config().server.load;
  parts.speed = workload.model;
  parts.slots = played.sizing.slots;
  parts.identity = input.parts().identity;
  ASSIGN_OR_RETURN(played.off, Replay(parts, PoliciesOf(VariantKind::kOff, policies)));
  ASSIGN_OR_RETURN(played.all, Replay(parts, PoliciesOf(VariantKind::kAll, policies)));
  std::cerr << "simulated; now " << played.stream.trace.size() << " arrivals of "
            << absl::FormatDuration(absl::Trunc(played.stream.trace.back().at, absl::Seconds(1)))
            << ", " << options.server.speed << " times as fast\n";
  ASSIGN_OR_RETURN(played.live, ReplayLive(parts, policies, options.server));
  const std::vector<bool> overload = OverloadOf(played.off);
  const auto figures = [&](const ReplayRun& run) {
    return FiguresOf(run, played.stream, input.bank(), overload);
  };
  played.off_figures = figures(played.off);
  played.all_figures = figures(played.all);
  played.live_figures = figures(played.live.run);
  return played;
}

Row FiguresRow(const std::string& name, const ReplayFigures& figures, const ReplayFigures& off) {
  return {name,
          absl::StrFormat("%.1f", 100 * figures.all.HitRate()),
          absl::StrFormat("%.2f", 100 * figures.all.FalseHitRate()),
          absl::StrCat(figures.all.calls),
          absl::StrCat(figures.all.overload_calls),
          absl::StrFormat("%.1f", 100 * SavedCalls({figures}, {off}).front()),
          absl::StrFormat("%.1f", figures.mean_latency),
          absl::StrFormat("%.1f", figures.p99_latency)};
}

double MeanOf(const std::vector<double>& by_second, size_t minute) {
  const size_t begin = std::min(minute * kMinute, by_second.size());
  const size_t end = std::min(begin + kMinute, by_second.size());
  double sum = 0;
  for (size_t i = begin; i < end; ++i) sum += by_second[i];
  return end > begin ? sum / static_cast<double>(end - begin) : 0;
}

// Arrivals and model calls, load and load factor, simulated and live.
std::vector<Row> MinuteRows(const Comparison& played) {
  struct Minute {
    int64_t arrivals = 0, simulated = 0, live = 0;
  };
  const std::vector<Ask>& asks = played.stream.trace;
  std::vector<Minute> minutes(static_cast<size_t>(absl::ToInt64Minutes(asks.back().at)) + 1);
  for (size_t i = 0; i < asks.size(); ++i) {
    Minute& minute = minutes[static_cast<size_t>(absl::ToInt64Minutes(asks[i].at))];
    ++minute.arrivals;
    minute.simulated += played.all.answered[i].model_call ? 1 : 0;
    minute.live += played.live.run.answered[i].model_call ? 1 : 0;
  }
  std::vector<Row> rows;
  for (size_t i = 0; i < minutes.size(); ++i) {
    rows.push_back({absl::StrCat(i), absl::StrCat(minutes[i].arrivals),
                    absl::StrCat(minutes[i].simulated), absl::StrCat(minutes[i].live),
                    absl::StrFormat("%.2f", MeanOf(played.all.utilization, i)),
                    absl::StrFormat("%.2f", MeanOf(played.live.run.utilization, i)),
                    absl::StrFormat("%.2f", MeanOf(played.all.load_factor, i)),
                    absl::StrFormat("%.2f", MeanOf(played.live.run.load_factor, i))});
  }
  return rows;
}

void PrintTables(const LiveReplayOptions& options, const StudyInput& input,
                 const Comparison& played) {
  std::cout << input.workload().name << ": " << played.stream.trace.size()
            << " arrivals from minute " << options.from << " on, " << options.server.speed
            << " times as fast; the model has " << played.sizing.slots
            << " slots\noverload: " << played.off_figures.overload_seconds << " s of the trace\n\n";
  PrintRows({"run", "hits, %", "false hits, %", "model calls", "of them in overload", "saved, %",
             "mean latency, s", "p99 latency, s"},
            {FiguresRow("simulated, adaptation off", played.off_figures, played.off_figures),
             FiguresRow("simulated, as shipped", played.all_figures, played.off_figures),
             FiguresRow("live", played.live_figures, played.off_figures)});
  PrintRows({"minute", "arrivals", "calls simulated", "live", "utilisation simulated", "live",
             "load factor simulated", "live"},
            MinuteRows(played));
  std::cout << "calls that failed: " << played.live.failed << "; lookups were sent at most "
            << absl::FormatDuration(absl::Trunc(played.live.latest, absl::Milliseconds(1)))
            << " late\n";
}

void PrintJson(const LiveReplayOptions& options, const Comparison& played) {
  std::cout
      << nlohmann::json{{"slots", played.sizing.slots},
                        {"speed", options.server.speed},
                        {"arrivals", played.stream.trace.size()},
                        {"failed", played.live.failed},
                        {"latest_seconds", absl::ToDoubleSeconds(played.live.latest)},
                        {"runs",
                         {{"off", ToJson(played.off_figures)},
                          {"all", ToJson(played.all_figures)},
                          {"live", ToJson(played.live_figures)}}},
                        {"utilization",
                         {{"all", played.all.utilization}, {"live", played.live.run.utilization}}},
                        {"load_factor",
                         {{"all", played.all.load_factor}, {"live", played.live.run.load_factor}}}}
             .dump(2)
      << '\n';
}

absl::StatusOr<int> Run(const LiveReplayOptions& options) {
  ASSIGN_OR_RETURN(const std::unique_ptr<StudyInput> input,
                   StudyInput::Read(StudyFilesOf(options.replay)));
  ASSIGN_OR_RETURN(const Comparison played, Play(options, *input));
  if (options.replay.json) {
    PrintJson(options, played);
  } else {
    PrintTables(options, *input, played);
  }
  if (played.live.failed == 0) return 0;
  std::cerr << "semcached-bench: " << played.live.failed
            << " calls failed, the first with: " << played.live.first_failure << '\n';
  return 1;
}

}  // namespace

int RunLiveReplay(const LiveReplayOptions& options) {
  ConfigureLog(LogFormat::kText, LogLevel::kWarning);  // the simulation starts caches
  const absl::StatusOr<int> status = Run(options);
  if (status.ok()) return *status;
  std::cerr << "semcached-bench: " << status.status().message() << '\n';
  return 2;
}

}  // namespace semcached
