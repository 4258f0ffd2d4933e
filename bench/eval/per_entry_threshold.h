// Per-entry learning as published for vCache, to compare with.
#ifndef SEMCACHED_BENCH_EVAL_PER_ENTRY_THRESHOLD_H_
#define SEMCACHED_BENCH_EVAL_PER_ENTRY_THRESHOLD_H_

#include <cstddef>
#include <utility>
#include <vector>

namespace semcached::eval {

// What one cached entry has learned about itself (Schroeder et al., "vCache: Verified Semantic
// Prompt Caching", arXiv 2502.03771, section 4; written anew from the paper's formulas). An entry
// starts with one wrong answer at similarity 0 and one right at 1, fits a logistic curve of right
// over similarity, and from the uncertainty of its threshold takes the chance with which to
// explore: to answer with a miss and to learn whether a hit would have been right.
//
// Where right and wrong do not overlap, the curve has no finite fit and the authors look the
// variance of the threshold up in a table of simulations; here it is 0.2 / observations, which is
// near theirs.
class PerEntryThreshold {
 public:
  static constexpr size_t kLeastObservations = 6;  // with the two that it starts with

  // The chance in [0,1] with which to explore, for `delta`, the share of answers that may be wrong.
  double ExploreChance(double similarity, double delta) const;

  void Observe(double similarity, bool right) { observations_.emplace_back(similarity, right); }

 private:
  std::vector<std::pair<double, bool>> observations_{{0.0, false}, {1.0, true}};
};

}  // namespace semcached::eval

#endif  // SEMCACHED_BENCH_EVAL_PER_ENTRY_THRESHOLD_H_
