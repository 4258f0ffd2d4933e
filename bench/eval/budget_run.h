// What different ways of choosing a threshold make of a stream.
#ifndef SEMCACHED_BENCH_EVAL_BUDGET_RUN_H_
#define SEMCACHED_BENCH_EVAL_BUDGET_RUN_H_

#include <cstddef>
#include <cstdint>

#include "eval/budget_stream.h"

namespace semcached::eval {

struct Outcome {
  size_t hits = 0;
  size_t false_hits = 0;
  size_t verdicts = 0;       // on hits
  size_t moves = 0;          // of the threshold
  double threshold = 1;      // the last one
  bool unreachable = false;  // said, at any time, that no threshold keeps the budget

  double rate() const {
    return hits == 0 ? 0 : static_cast<double>(false_hits) / static_cast<double>(hits);
  }
};

struct BudgetRun {
  double budget = 0.01;
  double verdict_share = 1;  // of hits, and of near misses, that are judged
  double configured = 0.90;  // the threshold before there is evidence
  double least = kLeastSimilarity;
  uint64_t seed = 1;
};

// A near miss is a candidate up to so much below the threshold.
inline constexpr double kNearMiss = 0.05;

// The server's own evidence and calibration from nothing on, with a lookup a second. A verdict is
// the truth, and comes at once; a wrong entry stays.
Outcome RunCalibrated(const Stream& stream, const BudgetRun& run);

// The lowest threshold that keeps the budget over the whole stream, which is known only afterwards.
// No hits: none does.
Outcome BestFixed(const Stream& stream, double budget);

// One threshold from the first lookup to the last.
Outcome RunFixed(const Stream& stream, double threshold);

// The lowest share of false hits that any threshold with `least_hits` or more comes to.
Outcome LowestRate(const Stream& stream, size_t least_hits);

// Per-entry learning with the budget as its delta. What it explores is judged, and is no hit.
Outcome RunPerEntry(const Stream& stream, double budget, uint64_t seed);

}  // namespace semcached::eval

#endif  // SEMCACHED_BENCH_EVAL_BUDGET_RUN_H_
