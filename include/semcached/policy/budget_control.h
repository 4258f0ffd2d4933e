// When a calibrated threshold moves, one step at a time. Pure but for what the state remembers.
#ifndef SEMCACHED_POLICY_BUDGET_CONTROL_H_
#define SEMCACHED_POLICY_BUDGET_CONTROL_H_

#include <map>
#include <optional>
#include <string>

#include "semcached/base/clock.h"
#include "semcached/config/category_policy.h"
#include "semcached/policy/calibration.h"
#include "semcached/policy/evidence.h"
#include "semcached/policy/policy_event.h"
#include "semcached/policy/threshold.h"

namespace semcached {

inline constexpr absl::Duration kBudgetInterval = absl::Seconds(10);  // between two judgements
inline constexpr absl::Duration kBudgetDwell = absl::Minutes(1);      // between two moves
inline constexpr double kBudgetHysteresis = 0.005;                    // less is no move
inline constexpr double kDriftKeeps = 0.25;  // of the older evidence, once the world has changed

// What one category's budget control remembers. A new one holds the configured threshold.
struct BudgetControlState {
  std::string identity;                     // of the vectors that the threshold is for
  std::optional<CalibratedThreshold> held;  // none: the configured threshold holds
  Calibration latest;                       // may differ from `held` by what is no move
  std::optional<double> rate_in_force;      // false hits expected at what is in force now
  std::optional<MonotonicTime> judged_at;
  std::optional<MonotonicTime> moved_at;
};

struct BudgetStep {
  bool moved = false;          // `held` changed
  std::string reason;          // worth an event, with or without a move; empty: nothing is
  std::optional<Drift> drift;  // older evidence is to be forgotten
};

// Judges at most once in kBudgetInterval and moves at most once in kBudgetDwell; not by less than
// kBudgetHysteresis. `policy` has a budget.
BudgetStep StepBudget(const CategoryPolicy& policy, const CategoryEvidence& evidence,
                      MonotonicTime now, BudgetControlState* state);

// After a reload: what is held stays within the bounds of the new policy.
void KeepWithin(const CategoryPolicy& policy, BudgetControlState* state);

// From one threshold at rest to another, as enforcing would have it; without its time.
PolicyEvent BudgetEvent(const CategoryPolicy& policy,
                        const std::optional<CalibratedThreshold>& before,
                        const std::optional<CalibratedThreshold>& after, const std::string& reason);

using BudgetControls = std::map<std::string, BudgetControlState, std::less<>>;

// What is applied: of the categories whose budget is enforced and has been calibrated.
CalibratedThresholds BudgetsInForce(const CategoryPolicySet& configured,
                                    const BudgetControls& controls);

}  // namespace semcached

#endif  // SEMCACHED_POLICY_BUDGET_CONTROL_H_
