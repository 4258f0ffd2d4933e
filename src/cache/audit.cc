#include "cache/audit.h"

namespace semcached {

std::optional<HitVerdict> VerdictOf(float answer_similarity) {
  if (answer_similarity >= kSameAnswer) return HitVerdict::kRight;
  if (answer_similarity < kOtherAnswer) return HitVerdict::kWrong;
  return std::nullopt;
}

}  // namespace semcached
