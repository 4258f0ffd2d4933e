// From utilisation to load factor, one step an interval. Pure.
#ifndef SEMCACHED_POLICY_LOAD_FACTOR_H_
#define SEMCACHED_POLICY_LOAD_FACTOR_H_

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "semcached/base/clock.h"
#include "semcached/config/server_config.h"

namespace semcached {

// By model, each in [0,1]; one that is not there has none known, which is 0.
using LoadFactors = std::map<std::string, double, std::less<>>;

// What one model's controller remembers between steps. A new one has seen no load.
struct LoadFactorState {
  double load_factor = 0;  // [0,1]
  double smoothed = 0;     // utilisation, at most a little over the saturation point
  int direction = 0;       // of the last change: 1 up, -1 down, 0 none yet
  MonotonicTime changed_at;
  std::optional<MonotonicTime> stepped_at;
};

// Takes one sample of utilisation (1: all that the model can work on at once) at `now` and returns
// the next state:
// - A call sooner than `interval` after the last step changes nothing.
// - The sample is smoothed exponentially. An absent, negative or non-finite one is no load, so an
//   unknown load leads back to the configured policy. One far over saturation counts as a little
//   over it: how bad the worst was does not delay the way back.
// - The load factor is 0 at and below the scaling point and 1 at and above the saturation point.
//   Between them it stands still while the smoothed value stays within `hysteresis` of where it
//   last pushed, either way (at most a quarter of the span between the points).
// - It moves by `max_step` at the most, and not against its last change within `min_dwell`.
// With the default configuration, it is back at 0 within 60 s of utilisation <= the scaling point.
LoadFactorState Step(const LoadConfig& config, LoadFactorState state,
                     std::optional<double> utilization, MonotonicTime now);

}  // namespace semcached

#endif  // SEMCACHED_POLICY_LOAD_FACTOR_H_
