// Compares a verifier's rule with the plain cosine, on pairs that were not learned from.
#ifndef SEMCACHED_SRC_VERIFY_EVIDENCE_H_
#define SEMCACHED_SRC_VERIFY_EVIDENCE_H_

#include <absl/types/span.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "semcached/verify/decision.h"

namespace semcached::verify {

struct JudgedPair {
  double similarity = 0;
  double score = 0;
  bool duplicate = false;
  uint32_t group = 0;  // pairs of one group are resampled together
};

// The cut at each threshold at which the rule accepts as many duplicates as the plain cosine.
CutTable LearnCuts(absl::Span<const JudgedPair> pairs, const VerifyBand& band);

// At a threshold, the rule's cut being such that it accepts as many duplicates as the cosine.
struct Comparison {
  double hit_rate = 0;
  double false_accept_cosine = 0;
  double false_accept_rule = 0;
  size_t false_accepts = 0;  // the cosine's, counted

  // 1 if the cosine has no false accepts: there is nothing to gain.
  double ratio() const {
    return false_accept_cosine > 0 ? false_accept_rule / false_accept_cosine : 1;
  }
};
Comparison Compare(absl::Span<const JudgedPair> pairs, const VerifyBand& band, double threshold);

struct RatioInterval {
  double low = 1;
  double high = 1;
};
// The middle 95 % of the ratio over `samples` resamplings of the groups (each group is drawn a
// Poisson number of times), the cut chosen anew in each. The same for a seed.
RatioInterval BootstrapRatio(absl::Span<const JudgedPair> pairs, const VerifyBand& band,
                             double threshold, size_t samples, uint64_t seed);

// The area under the curve of hits against false accepts, of the cosine's order; 0.5 if a label is
// missing.
double AucOfCosine(absl::Span<const JudgedPair> pairs);
// Of the order that the rule gives at `threshold`: below the band, within it by score, above it.
double AucOfRule(absl::Span<const JudgedPair> pairs, const VerifyBand& band, double threshold);

}  // namespace semcached::verify

#endif  // SEMCACHED_SRC_VERIFY_EVIDENCE_H_
