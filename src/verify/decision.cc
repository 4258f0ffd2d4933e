#include "semcached/verify/decision.h"

#include <algorithm>
#include <cmath>

namespace semcached {
namespace {

VerifyDecision Decided(bool accept, VerifyReason reason) { return {accept, reason, 0, 0}; }

}  // namespace

std::optional<double> CutTable::At(double threshold) const {
  // A threshold of 0.7 may have come by a sum, and be a little less.
  constexpr double kSlack = 1e-9;
  const double place = (threshold - kFirst) / kStep;
  constexpr auto kLast = static_cast<double>(kSize - 1);
  if (!(place >= -kSlack && place <= kLast + kSlack)) return std::nullopt;
  const double bounded = std::clamp(place, 0.0, kLast);
  const size_t left = std::min(static_cast<size_t>(bounded), kSize - 2);
  const double share = bounded - static_cast<double>(left);
  return cuts_[left] + share * (cuts_[left + 1] - cuts_[left]);
}

VerifyDecision DecideByBand(double similarity, double threshold, double least_similarity,
                            const VerifyRule& rule,
                            absl::FunctionRef<absl::StatusOr<double>()> score) {
  // Written so that NaN, which is on neither side of anything, is refused.
  if (!(similarity >= least_similarity)) return Decided(false, VerifyReason::kBelowLeast);
  const bool plain = similarity >= threshold;
  const std::optional<double> cut = rule.cuts.At(threshold);
  if (!cut) return Decided(plain, VerifyReason::kNoCut);
  if (!(similarity >= threshold - rule.band.below)) {
    return Decided(false, VerifyReason::kBelowBand);
  }
  if (similarity >= threshold + rule.band.above) return Decided(true, VerifyReason::kAboveBand);
  const absl::StatusOr<double> answer = score();
  if (!answer.ok() || !(*answer >= 0 && *answer <= 1)) {
    return Decided(plain, VerifyReason::kNoAnswer);
  }
  return {*answer >= *cut, VerifyReason::kScore, *answer, *cut};
}

double LeastSearched(double threshold, double least_similarity, const VerifyRule& rule) {
  const double reach = rule.cuts.At(threshold) ? rule.band.below : 0;
  return std::max(threshold - reach, least_similarity);
}

}  // namespace semcached
