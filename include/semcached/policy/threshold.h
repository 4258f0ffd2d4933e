// What a configured policy comes to under a load. Pure.
#ifndef SEMCACHED_POLICY_THRESHOLD_H_
#define SEMCACHED_POLICY_THRESHOLD_H_

#include "semcached/cache/policy_source.h"
#include "semcached/config/category_policy.h"

namespace semcached {

// What is in force. Only `mode: enforce` moves with the load; shadow and off give the configured
// values, and a load factor of 0. For `load_factor` 0 to 1 (out of range: clamped; NaN: 0):
//   threshold = min(configured, max(min_similarity_threshold,
//                                   configured - load_factor * max_threshold_drop))
//   ttl = configured * (1 + load_factor * (max_ttl_factor - 1)), at most infinite
// Neither is ever stricter than configured, and neither grows stricter with the load. A category
// with a false-hit budget keeps its threshold: without evidence of what a lower one would let
// through, load moves only its TTL.
EffectivePolicy Effective(const CategoryPolicy& configured, double load_factor);

// What `enforce` would give: what shadow mode counts. `mode: off` never moves, here neither.
EffectivePolicy WouldBe(const CategoryPolicy& configured, double load_factor);

}  // namespace semcached

#endif  // SEMCACHED_POLICY_THRESHOLD_H_
