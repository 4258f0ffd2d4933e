// When a verifier is asked, and what its score decides: pure functions.
//
// A category's threshold t says how many hits are wanted. Far below t a candidate is refused, far
// above it is accepted; in the band between, the verifier decides, and its cut for t is such that
// the rule accepts as many true duplicates as the plain cosine at t would. So a threshold keeps its
// meaning, and what changes is how many wrong answers come with the same hits.
#ifndef SEMCACHED_VERIFY_DECISION_H_
#define SEMCACHED_VERIFY_DECISION_H_

#include <absl/functional/function_ref.h>
#include <absl/status/statusor.h>

#include <array>
#include <cstddef>
#include <optional>

namespace semcached {

// Half-widths around the threshold, each in [0,1].
struct VerifyBand {
  double below = 0.15;
  double above = 0.15;

  friend bool operator==(const VerifyBand&, const VerifyBand&) = default;
};

// The least score that is accepted, by threshold: learned at thresholds 0.70, 0.72 ... 0.98, linear
// between them.
class CutTable {
 public:
  static constexpr size_t kSize = 15;
  static constexpr double kFirst = 0.70;
  static constexpr double kStep = 0.02;
  static constexpr double ThresholdAt(size_t i) { return kFirst + static_cast<double>(i) * kStep; }

  CutTable() = default;
  explicit CutTable(const std::array<double, kSize>& cuts) : cuts_(cuts) {}

  // nullopt outside [0.70,0.98], where nothing was learned.
  std::optional<double> At(double threshold) const;
  const std::array<double, kSize>& cuts() const { return cuts_; }

  friend bool operator==(const CutTable&, const CutTable&) = default;

 private:
  std::array<double, kSize> cuts_ = {};
};

struct VerifyRule {
  VerifyBand band;
  CutTable cuts;

  friend bool operator==(const VerifyRule&, const VerifyRule&) = default;
};

// What decided.
enum class VerifyReason {
  kBelowLeast,  // under the least similarity that the caller accepts
  kBelowBand,
  kAboveBand,
  kScore,     // the verifier
  kNoCut,     // a threshold that no cut was learned for: the plain cosine
  kNoAnswer,  // the verifier failed or was out of time: the plain cosine
};

struct VerifyDecision {
  bool accept = false;
  VerifyReason reason = VerifyReason::kBelowBand;
  double score = 0;  // with kScore
  double cut = 0;    // with kScore

  friend bool operator==(const VerifyDecision&, const VerifyDecision&) = default;
};

// `similarity`: the cosine. `threshold`: the one in force for the category. `least_similarity`:
// nothing below it is accepted, whatever the verifier says; a caller's own threshold goes here, and
// a category's minimum; 0 if there is none. `score` is called only in the band, at most once; an
// error, or what is not in [0,1], falls back on similarity >= threshold. NaN is refused.
VerifyDecision DecideByBand(double similarity, double threshold, double least_similarity,
                            const VerifyRule& rule,
                            absl::FunctionRef<absl::StatusOr<double>()> score);

// How far below `threshold` a search must reach for the rule to see all that it may accept.
double LeastSearched(double threshold, double least_similarity, const VerifyRule& rule);

}  // namespace semcached

#endif  // SEMCACHED_VERIFY_DECISION_H_
