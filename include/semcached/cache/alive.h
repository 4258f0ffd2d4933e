// What is alive: pure functions of ages and policies.
#ifndef SEMCACHED_CACHE_ALIVE_H_
#define SEMCACHED_CACHE_ALIVE_H_

#include <absl/time/time.h>

#include "semcached/cache/policy_source.h"
#include "semcached/config/category_policy.h"

namespace semcached {

enum class Liveness {
  kAlive,
  kStale,    // past its TTL, within stale_while_revalidate: may be served once, marked
  kExpired,  // never served
};

// The ages of an entry, by the monotonic clock within a run. Never negative.
struct EntryAge {
  absl::Duration since_insert;
  absl::Duration since_use;  // the insert or the last hit, whichever is later
};

// `caller_ttl` is infinite where the caller gave none. It is never stretched, by load or by
// staleness.
Liveness LivenessOf(const EntryAge& age, absl::Duration caller_ttl, const CategoryPolicy& policy,
                    absl::Duration effective_ttl);

// The longest that a policy lets an entry be served after its insert (or its last use, where the
// TTL slides): under full load, and stale.
absl::Duration LongestTtl(const CategoryPolicy& policy);

// From this age on an entry can be served under no load the policy allows for, and may be dropped
// for good. Infinite for a sliding TTL without max_lifetime, unless the caller gave a TTL.
absl::Duration RetentionOf(const CategoryPolicy& policy, absl::Duration caller_ttl);

// The age that a stored insert time gives at `now`, both on the wall clock: never negative, since a
// clock that went back must not make an entry immortal.
absl::Duration AgeAcrossRuns(absl::Time insert_time, absl::Time now);

}  // namespace semcached

#endif  // SEMCACHED_CACHE_ALIVE_H_
