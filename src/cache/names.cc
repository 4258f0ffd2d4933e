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
    case MissReason::kVerifier:
      return "verifier";
  }
  return "unknown";
}

const char* Name(HitVerdict value) {
  switch (value) {
    case HitVerdict::kRight:
      return "right";
    case HitVerdict::kWrong:
      return "wrong";
    case HitVerdict::kUnsure:
      return "unsure";
  }
  return "unknown";
}

const char* Name(VerdictSource value) {
  switch (value) {
    case VerdictSource::kFeedback:
      return "feedback";
    case VerdictSource::kAudit:
      return "audit";
    case VerdictSource::kNearMiss:
      return "near_miss";
  }
  return "unknown";
}

}  // namespace semcached
