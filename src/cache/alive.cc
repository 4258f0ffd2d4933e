#include "semcached/cache/alive.h"

#include <algorithm>

namespace semcached {

Liveness LivenessOf(const EntryAge& age, absl::Duration caller_ttl, const CategoryPolicy& policy,
                    absl::Duration effective_ttl) {
  if (age.since_insert >= caller_ttl) return Liveness::kExpired;
  absl::Duration counted = age.since_insert;
  if (policy.ttl_mode == TtlMode::kSliding) {
    if (age.since_insert >= policy.max_lifetime) return Liveness::kExpired;
    counted = age.since_use;
  }
  if (counted < effective_ttl) return Liveness::kAlive;
  if (counted < effective_ttl + policy.stale_while_revalidate) return Liveness::kStale;
  return Liveness::kExpired;
}

absl::Duration LongestTtl(const CategoryPolicy& policy) {
  const bool stretches = policy.adaptation.mode == AdaptationMode::kEnforce;
  const double factor = stretches ? policy.adaptation.max_ttl_factor : 1.0;
  return policy.ttl * factor + policy.stale_while_revalidate;
}

absl::Duration RetentionOf(const CategoryPolicy& policy, absl::Duration caller_ttl) {
  if (policy.ttl_mode == TtlMode::kSliding) return std::min(caller_ttl, policy.max_lifetime);
  return std::min(caller_ttl, LongestTtl(policy));
}

absl::Duration AgeAcrossRuns(absl::Time insert_time, absl::Time now) {
  return std::max(absl::ZeroDuration(), now - insert_time);
}

}  // namespace semcached
