// What a threshold lets through, for all thresholds: pure functions of similarities and labels.
//
// Words: a hit on a duplicate is a true hit, one on another pair a false hit.
#ifndef SEMCACHED_BENCH_EVAL_SWEEP_H_
#define SEMCACHED_BENCH_EVAL_SWEEP_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "eval/interval.h"

namespace semcached::eval {

// Sweeps begin here: servers are asked with no lower threshold.
inline constexpr double kLowestThreshold = 0.5;
// Above every similarity: only exact hits.
inline constexpr double kExactOnly = 1.01;
inline constexpr double kThresholdStep = 0.005;

// One lookup with one candidate.
struct Scored {
  double similarity = 0;  // below kLowestThreshold: never served, e.g. for a guard; 2: an exact hit
  bool duplicate = false;
};

struct Counts {
  int64_t duplicates = 0;
  int64_t others = 0;
  int64_t true_hits = 0;
  int64_t false_hits = 0;

  int64_t lookups() const { return duplicates + others; }
  int64_t hits() const { return true_hits + false_hits; }
  void Add(bool duplicate, bool served);
};

Counts CountAt(const std::vector<Scored>& rows, double threshold);

// kExactOnly, then 1 down to kLowestThreshold.
std::vector<double> Thresholds();

// Average precision: precision against the share of duplicates served, the area below the steps.
// What is never served adds nothing. 0 without duplicates.
double AreaUnderPrecision(std::vector<Scored> rows);
// 95 %, by the bootstrap over rows.
Interval AreaInterval(const std::vector<Scored>& rows, uint64_t seed, int rounds = 200);

// A mixed workload: a lookup is first of a category, each as likely, then one of its rows.
using Mix = std::map<std::string, std::vector<Scored>>;
using CategoryThresholds = std::map<std::string, double>;

struct MixRates {
  double hits = 0;        // share of lookups
  double false_hits = 0;  // share of lookups
  double false_hit_rate() const { return hits > 0 ? false_hits / hits : 0; }
};
MixRates RatesOf(const Mix& mix, const CategoryThresholds& thresholds);

// The same threshold for every category.
CategoryThresholds Uniform(const Mix& mix, double threshold);

// The thresholds with the most hits among those whose false-hit rate is at most `budget`: one for
// all, and one a category (by a Lagrange multiplier on the budget, then single steps that still
// fit). kExactOnly where nothing keeps it.
//
// A few hits without a false one prove little: each category is counted as if it had seen `drawn`
// hits more, false as often as those of all categories at this threshold. 0: as counted.
double BestUniformThreshold(const Mix& mix, double budget, double drawn = 0);
CategoryThresholds BestThresholds(const Mix& mix, double budget, double drawn = 0);

// Hits with `a` over hits with `b`, 95 % by the bootstrap over the rows of each category; the
// thresholds stay. Infinite where `b` has none.
Interval HitRatioInterval(const Mix& mix, const CategoryThresholds& a, const CategoryThresholds& b,
                          uint64_t seed, int rounds = 1000);

}  // namespace semcached::eval

#endif  // SEMCACHED_BENCH_EVAL_SWEEP_H_
