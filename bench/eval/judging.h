// Asks a server about labelled pairs, each in a scope of its own, so that only the pair counts.
#ifndef SEMCACHED_BENCH_EVAL_JUDGING_H_
#define SEMCACHED_BENCH_EVAL_JUDGING_H_

#include <absl/status/statusor.h>

#include <string>
#include <vector>

#include "eval/judged_pair.h"
#include "eval/server_under_test.h"

namespace semcached::eval {

// What is put over the shipped category files. The verifier is left out of what tries guards alone.
Overrides ForcedThreshold(double threshold);
Overrides ForcedThreshold(double threshold, const std::string& guards);

// Stores text_a of every pair and asks for text_b: under the shipped policies, at kLowestThreshold
// without guards, and there under each guard alone. Fills in what was seen.
absl::Status JudgePairs(ServerUnderTest* server, std::vector<JudgedPair>* pairs);

// Whether text_b of each pair is served under these policies. After JudgePairs of the same pairs.
absl::StatusOr<std::vector<bool>> AskAgain(ServerUnderTest* server, const std::string& what,
                                           const std::vector<JudgedPair>& pairs,
                                           const Overrides& policies);

}  // namespace semcached::eval

#endif  // SEMCACHED_BENCH_EVAL_JUDGING_H_
