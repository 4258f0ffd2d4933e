// What a change does to each category, as events. Pure: the time is the caller's to fill in.
#ifndef SEMCACHED_SRC_POLICY_CHANGES_H_
#define SEMCACHED_SRC_POLICY_CHANGES_H_

#include <string>
#include <vector>

#include "semcached/config/category_policy.h"
#include "semcached/policy/economics.h"
#include "semcached/policy/policy_event.h"
#include "semcached/policy/threshold.h"

namespace semcached {

// The load factor of `model` moved. Only categories whose values move with it.
std::vector<PolicyEvent> MoveEvents(const CategoryPolicySet& configured, const std::string& model,
                                    double before, double after, const std::string& reason,
                                    const CalibratedThresholds& calibrated = {});

// The configuration was replaced. Only categories that came, went, or changed in threshold, TTL or
// adaptation mode.
std::vector<PolicyEvent> ReloadEvents(const CategoryPolicySet& before,
                                      const CategoryPolicySet& after);

// The category began to lose, or pays again.
PolicyEvent EconomicsEvent(const CategoryPolicy& policy, const EconomicsState& state);

}  // namespace semcached

#endif  // SEMCACHED_SRC_POLICY_CHANGES_H_
