// Counts what the plain cosine and a verifier's rule let through, of labelled pairs.
#ifndef SEMCACHED_BENCH_EVAL_VERIFIER_REPORT_H_
#define SEMCACHED_BENCH_EVAL_VERIFIER_REPORT_H_

#include <absl/status/statusor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "eval/interval.h"
#include "semcached/verify/train.h"

namespace semcached::eval {

struct ScoredPair {
  double similarity = 0;
  double score = 0;
  bool duplicate = false;
};

absl::StatusOr<std::vector<ScoredPair>> ScorePairs(const std::vector<VerifyPair>& pairs,
                                                   const Verifier& verifier);

struct Accepted {
  int64_t hits = 0;           // duplicates
  int64_t false_accepts = 0;  // others
};

// One threshold, three rules.
struct VerifierRow {
  double threshold = 0;
  int64_t duplicates = 0;
  int64_t others = 0;
  Accepted cosine;
  Accepted shipped;  // the rule with the cut that was learned
  Accepted equal;    // the rule with the cut at which it hits as often here as the cosine
  Interval ratio;    // 95 %, of equal's false accepts to the cosine's, by resampling the pairs

  // Of equal's false accepts to the cosine's; 1 of none.
  double Ratio() const;
};

VerifierRow CountAt(const std::vector<ScoredPair>& pairs, const VerifyRule& rule, double threshold);

// A Markdown table.
std::string ToMarkdown(const std::vector<VerifierRow>& rows);

}  // namespace semcached::eval

#endif  // SEMCACHED_BENCH_EVAL_VERIFIER_REPORT_H_
