#include "semcached/cache/semantic_cache.h"

namespace semcached {

const char* Name(Outcome value) {
  switch (value) {
    case Outcome::kHitExact:
      return "hit_exact";
    case Outcome::kHitSemantic:
      return "hit_semantic";
    case Outcome::kMiss:
      return "miss";
    case Outcome::kBypass:
      return "bypass";
  }
  return "unknown";
}

const char* Name(MissReason value) {
  switch (value) {
    case MissReason::kNone:
      return "";
    case MissReason::kNoCandidate:
      return "no_candidate";
    case MissReason::kBelowThreshold:
      return "below_threshold";
    case MissReason::kExpired:
      return "expired";
    case MissReason::kGuard:
      return "guard";
    case MissReason::kWarming:
      return "warming";
    case MissReason::kRejected:
      return "rejected";
    case MissReason::kNotComparable:
      return "not_comparable";
    case MissReason::kFeedback:
      return "feedback";
    case MissReason::kAudit:
      return "audit";
  }
  return "unknown";
}

const char* Name(HitVerdict value) { return value == HitVerdict::kRight ? "right" : "wrong"; }

const char* Name(VerdictSource value) {
  return value == VerdictSource::kFeedback ? "feedback" : "audit";
}

}  // namespace semcached
