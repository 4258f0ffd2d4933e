#include "cache/audit.h"

namespace semcached {

HitVerdict VerdictOf(float answer_similarity) {
  if (answer_similarity >= kSameAnswer) return HitVerdict::kRight;
  return answer_similarity < kOtherAnswer ? HitVerdict::kWrong : HitVerdict::kUnsure;
}

}  // namespace semcached
