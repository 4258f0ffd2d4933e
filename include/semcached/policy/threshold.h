// What a configured policy comes to under a load and a budget. Pure.
#ifndef SEMCACHED_POLICY_THRESHOLD_H_
#define SEMCACHED_POLICY_THRESHOLD_H_

#include <functional>
#include <map>
#include <string>

#include "semcached/cache/policy_source.h"
#include "semcached/config/category_policy.h"

namespace semcached {

// What evidence makes of a category with an error budget.
struct CalibratedThreshold {
  float base =
      1;  // without load; in [min_similarity_threshold,1], so it may be over the configured
  float floor = 1;  // the budget floor: load goes no lower; at most `base`
};

// By category; only those that are in force.
using CalibratedThresholds = std::map<std::string, CalibratedThreshold, std::less<>>;

// nullptr if there is none of that name.
inline const CalibratedThreshold* Find(const CalibratedThresholds& calibrated,
                                       std::string_view category) {
  const auto found = calibrated.find(category);
  return found == calibrated.end() ? nullptr : &found->second;
}

// What a model's load factor comes to for one category. Categories give way in turns, the lowest
// `order` first: of n turns, the first has moved all the way when the load factor is 1/n, and then
// the next one begins. NaN: 0.
double OwnLoadFactor(const AdaptationPolicy& adaptation, double load_factor);

// What is in force. Only `mode: enforce` moves with the load; shadow and off give the values at
// rest, and a load factor of 0. For `load_factor` 0 to 1 (out of range: clamped; NaN: 0):
//   base = calibrated if there is one, else configured
//   threshold = min(base, max(min_similarity_threshold, budget floor,
//                             base - load_factor * max_threshold_drop))
//   ttl = configured * (1 + load_factor * (max_ttl_factor - 1)), at most infinite
// where load_factor is the category's own.
// Neither is ever stricter than at rest, and neither grows stricter with the load. A category with
// a false-hit budget and no `calibrated` threshold (null) keeps the configured one: without
// evidence of what a lower one would let through, load moves only its TTL. `calibrated` of a
// category without a budget is not looked at.
EffectivePolicy Effective(const CategoryPolicy& configured, double load_factor,
                          const CalibratedThreshold* calibrated = nullptr);

// What `mode: enforce` would give: what shadow mode counts. `mode: off` never moves, here neither.
EffectivePolicy WouldBe(const CategoryPolicy& configured, double load_factor,
                        const CalibratedThreshold* calibrated = nullptr);

}  // namespace semcached

#endif  // SEMCACHED_POLICY_THRESHOLD_H_
