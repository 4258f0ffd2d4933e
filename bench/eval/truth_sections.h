// The parts of the report of semcached-eval-truth.
#ifndef SEMCACHED_BENCH_EVAL_TRUTH_SECTIONS_H_
#define SEMCACHED_BENCH_EVAL_TRUTH_SECTIONS_H_

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "eval/judged_pair.h"
#include "eval/section.h"
#include "eval/server_under_test.h"

namespace semcached::eval {

// truth.1: what is served of near-opposites, and of true paraphrases beside them. `pairs` as
// OppositePairs made them, judged; `forced`: served with every threshold at 0.75, in their order;
// `shared` and `shared_forced`: the same with all entries in one scope.
struct SharedScope {
  std::vector<bool> served;     // with the right entry's answer
  std::vector<bool> elsewhere;  // with another entry's
};
absl::StatusOr<SharedScope> AskInOneScope(ServerUnderTest* server,
                                          const std::vector<JudgedPair>& pairs,
                                          const Overrides& policies);
Section OppositesSection(const std::vector<JudgedPair>& pairs, const std::vector<bool>& forced,
                         const SharedScope& shared, const SharedScope& shared_forced);

// truth.2: what guards cost, by set of true paraphrases. Of `pairs` of data sets the report half.
Section GuardCostSection(const std::vector<JudgedPair>& opposites,
                         const std::vector<JudgedPair>& pairs);

// Rates, areas and guards on labelled pairs, by category; their report half.
Section PairsSection(const std::vector<JudgedPair>& pairs, uint64_t seed);

// truth.4: thresholds by category against one for all. Chosen on the tuning half, measured on the
// report half. `drawn` as BestThresholds has it.
Section MixedSection(const std::vector<JudgedPair>& pairs, uint64_t seed, double drawn);

// truth.6: `tries` lookups on each path in scopes that are nearly those of an entry.
absl::StatusOr<Section> ScopeSection(ServerUnderTest* server, int tries, uint64_t seed);

// truth.7: what all guards take, in this process.
Section GuardTimeSection(bool quick);

}  // namespace semcached::eval

#endif  // SEMCACHED_BENCH_EVAL_TRUTH_SECTIONS_H_
