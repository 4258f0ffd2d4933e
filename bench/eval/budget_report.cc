#include "eval/budget_report.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "eval/interval.h"

namespace semcached::eval {
namespace {

constexpr size_t kLeastHits = 500;  // of fewer, a lowest rate is chance

using Outcomes = std::vector<Outcome>;

template <typename Run>
Outcomes OverSeeds(const Streams& streams, const Run& run) {
  Outcomes outcomes;
  for (size_t i = 0; i < streams.size(); ++i) outcomes.push_back(run(streams[i], i + 1));
  return outcomes;
}

double Mean(const Outcomes& outcomes, const std::function<double(const Outcome&)>& value) {
  double sum = 0;
  for (const Outcome& outcome : outcomes) sum += value(outcome);
  return sum / static_cast<double>(outcomes.size());
}

double MeanHits(const Outcomes& outcomes) {
  return Mean(outcomes, [](const Outcome& outcome) { return static_cast<double>(outcome.hits); });
}

size_t Kept(const Outcomes& outcomes, double budget) {
  return static_cast<size_t>(
      std::count_if(outcomes.begin(), outcomes.end(),
                    [budget](const Outcome& outcome) { return outcome.rate() <= budget; }));
}

std::string Percent(double share) { return absl::StrFormat("%.2f %%", 100 * share); }

// Seeds share their pairs, so the interval is that of one mean seed, not of all together.
std::string Rate(const Outcomes& outcomes) {
  const double hits = MeanHits(outcomes);
  const double wrong = Mean(
      outcomes, [](const Outcome& outcome) { return static_cast<double>(outcome.false_hits); });
  if (hits == 0) return "- (no hits)";
  const Interval interval = WilsonInterval(std::llround(wrong), std::llround(hits));
  return absl::StrFormat("%.2f %% (%.2f-%.2f)", 100 * wrong / hits, 100 * interval.low,
                         100 * interval.high);
}

std::string Seeds(const Outcomes& outcomes) {
  return absl::StrJoin(outcomes, " / ", [](std::string* out, const Outcome& outcome) {
    absl::StrAppendFormat(out, "%.2f", 100 * outcome.rate());
  });
}

std::string Row(const std::string& what, const Outcomes& outcomes, const Outcomes& best,
                double budget) {
  const double against = MeanHits(best) > 0 ? MeanHits(outcomes) / MeanHits(best) : 0;
  return absl::StrFormat(
      "| %s | %d of %d | %s | %s | %.0f | %.3f | %.3f | %.0f |\n", what, Kept(outcomes, budget),
      outcomes.size(), Rate(outcomes), Seeds(outcomes), MeanHits(outcomes), against,
      Mean(outcomes, [](const Outcome& o) { return o.threshold; }),
      Mean(outcomes, [](const Outcome& o) { return static_cast<double>(o.moves); }));
}

void AddBars(const Outcomes& all, const Outcomes& best, double budget, std::vector<Bar>* bars) {
  const std::string name = absl::StrFormat("truth.5 budget %.0f %%", 100 * budget);
  const std::string stream =
      "semcached-eval-budget over the stream it describes, evidence from nothing on, a verdict on "
      "every hit and near miss";
  bars->push_back({name + ": seeds that keep it", static_cast<double>(Kept(all, budget)), "seeds",
                   0.8 * static_cast<double>(all.size()), false,
                   stream + "; false hits / hits of the whole stream at or below the budget"});
  bars->push_back({name + ": hits against the best fixed threshold", MeanHits(all) / MeanHits(best),
                   "x", 0.9, false,
                   stream + "; mean hits of the seeds, against the lowest threshold that keeps the "
                            "budget and is known only afterwards"});
  size_t fewest = all.front().verdicts;
  for (const Outcome& outcome : all) fewest = std::min(fewest, outcome.verdicts);
  bars->push_back({name + ": labelled hits of the seed with the fewest",
                   static_cast<double>(fewest), "hits", 2000, false, stream});
}

}  // namespace

std::string LabelNoise(const std::string& what, const Streams& streams) {
  const Outcomes lowest = OverSeeds(
      streams, [](const Stream& stream, uint64_t) { return LowestRate(stream, kLeastHits); });
  return absl::StrFormat(
      "%s: the lowest false-hit rate of any threshold with %d hits or more is %s, at %.3f.", what,
      kLeastHits, Percent(Mean(lowest, [](const Outcome& o) { return o.rate(); })),
      Mean(lowest, [](const Outcome& o) { return o.threshold; }));
}

std::string ReportBudgets(const Streams& streams, std::vector<Bar>* bars) {
  std::string report;
  for (const double budget : kBudgets) {
    const Outcomes best = OverSeeds(
        streams, [&](const Stream& stream, uint64_t) { return BestFixed(stream, budget); });
    absl::StrAppendFormat(
        &report,
        "### Budget %.0f %%\n\n| threshold | kept in | false hits / hits (95 %%) | by seed, %% | "
        "hits | of the best fixed | last threshold | moves |\n"
        "| --- | ---: | ---: | --- | ---: | ---: | ---: | ---: |\n",
        100 * budget);
    absl::StrAppend(&report, Row("best fixed, known afterwards", best, best, budget));
    Outcomes all;
    for (const double share : kVerdictShares) {
      const Outcomes outcomes = OverSeeds(streams, [&](const Stream& stream, uint64_t seed) {
        return RunCalibrated(stream, {.budget = budget, .verdict_share = share, .seed = seed});
      });
      absl::StrAppend(&report, Row(absl::StrFormat("calibrated, verdicts on %.0f %%", 100 * share),
                                   outcomes, best, budget));
      if (share == 1) all = outcomes;
    }
    absl::StrAppend(&report,
                    Row("fixed at the configured 0.90",
                        OverSeeds(streams, [](const Stream& stream,
                                              uint64_t) { return RunFixed(stream, 0.90); }),
                        best, budget));
    absl::StrAppend(&report, Row("per entry (vCache)",
                                 OverSeeds(streams,
                                           [&](const Stream& stream, uint64_t seed) {
                                             return RunPerEntry(stream, budget, seed);
                                           }),
                                 best, budget));
    const bool told = std::any_of(all.begin(), all.end(), [](auto& o) { return o.unreachable; });
    if (MeanHits(best) < kLeastHits) {
      absl::StrAppendFormat(&report,
                            "\nNo threshold keeps %.0f %% on this stream with %d hits or more%s.\n",
                            100 * budget, kLeastHits, told ? ", and the calibration said so" : "");
    } else if (bars != nullptr) {
      AddBars(all, best, budget, bars);
    }
    absl::StrAppend(&report, "\n");
  }
  return report;
}

}  // namespace semcached::eval
