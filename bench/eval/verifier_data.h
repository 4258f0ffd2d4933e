// Labelled pairs with their vectors, for the evaluation of learned verifiers.
#ifndef SEMCACHED_BENCH_EVAL_VERIFIER_DATA_H_
#define SEMCACHED_BENCH_EVAL_VERIFIER_DATA_H_

#include <absl/status/statusor.h>

#include <cstddef>
#include <string>
#include <vector>

#include "eval/labelled_pairs.h"
#include "semcached/embed/embedder.h"
#include "semcached/verify/train.h"

namespace semcached::eval {

// Of `pairs`, those whose source begins with `source`; at most `limit`, by the smallest hashes of
// their texts: the same ones on every machine.
std::vector<LabelledPair> Sample(const std::vector<LabelledPair>& pairs, const std::string& source,
                                 size_t limit);

// The project's own queries (demo/queries.tsv): a group's base with its paraphrases, and with its
// opposites.
absl::StatusOr<std::vector<LabelledPair>> ReadDemoPairs(const std::string& file, Half half);

// Embeds both sides, a line of progress on stderr every 2,000 pairs.
absl::StatusOr<std::vector<VerifyPair>> EmbedPairs(const std::vector<LabelledPair>& pairs,
                                                   const std::string& what, Embedder* embedder);

}  // namespace semcached::eval

#endif  // SEMCACHED_BENCH_EVAL_VERIFIER_DATA_H_
