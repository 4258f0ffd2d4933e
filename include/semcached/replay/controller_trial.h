// The policy manager alone, under loads that are made to find its faults.
#ifndef SEMCACHED_REPLAY_CONTROLLER_TRIAL_H_
#define SEMCACHED_REPLAY_CONTROLLER_TRIAL_H_

#include <absl/time/time.h>

#include <cstdint>
#include <functional>

#include "semcached/config/category_policy.h"
#include "semcached/config/server_config.h"

namespace semcached {

// Utilisation at a time since the begin; finite, 0 or more.
using LoadCurve = std::function<double(absl::Duration)>;

// `calm`, but for [begin, end): `high`.
LoadCurve SquareBurst(double calm, double high, absl::Duration begin, absl::Duration end);

// Evenly distributed over `middle` * (1 +- `part`), a new value every `hold`. Of the same seed the
// same curve.
LoadCurve Noise(double middle, double part, absl::Duration hold, uint64_t seed);

struct ControllerTrial {
  // From `calm_from` until every effective threshold and TTL is at base for good; infinite if one
  // is not at the end.
  absl::Duration back_at_base;
  // Of one category's effective threshold: turns from falling to rising or back, in the worst hour
  // of those that begin at a full hour.
  int reversals_an_hour = 0;
  // Of one category's effective values, within one interval of the load's configuration.
  int changes_an_interval = 0;
  int moves = 0;  // ticks that changed any value: 0 would make a trial of nothing
};

// Ticks the real PolicyManager four times an interval for `length`, which is more often than a
// server does, by a clock that only the trial moves. `calm_from` is where the curve is calm for
// good.
ControllerTrial TryController(const CategoryPolicySet& configured, const LoadConfig& load,
                              const LoadCurve& curve, absl::Duration length,
                              absl::Duration calm_from = absl::ZeroDuration());

}  // namespace semcached

#endif  // SEMCACHED_REPLAY_CONTROLLER_TRIAL_H_
