#include "semcached/policy/load_factor.h"

#include <algorithm>
#include <cmath>

namespace semcached {
namespace {

// Every operation below is monotone in its input also when rounded, so that of two models the one
// that was busier at every instant never has the lower load factor (but for `min_dwell`, which
// depends on the way each has come).

// Load factors aim at hundredths, or a smoothed value that creeps would move them for ever.
constexpr double kGrid = 100;

double OnGrid(double fraction) {
  return std::round(std::clamp(fraction, 0.0, 1.0) * kGrid) / kGrid;
}

// The load factors that agree with one utilisation: at least `least`, at most `most`.
struct Band {
  double least = 0;
  double most = 0;
};

double HalfWidth(const LoadConfig& config) {
  return std::min(config.hysteresis, (config.saturation_point - config.scaling_point) / 4);
}

Band Allowed(const LoadConfig& config, double utilization) {
  const double width = 2 * HalfWidth(config);
  const double slope_span = config.saturation_point - config.scaling_point - width;
  return {.least = OnGrid((utilization - config.scaling_point - width) / slope_span),
          .most = OnGrid((utilization - config.scaling_point) / slope_span)};
}

double Sample(const LoadConfig& config, std::optional<double> utilization) {
  if (!utilization.has_value() || !std::isfinite(*utilization)) return 0;
  return std::clamp(*utilization, 0.0, config.saturation_point + HalfWidth(config));
}

double Smooth(const LoadConfig& config, double smoothed, double sample, absl::Duration elapsed) {
  if (config.smoothing <= absl::ZeroDuration()) return sample;
  const double kept = std::exp(-absl::FDivDuration(elapsed, config.smoothing));
  return kept * smoothed + (1 - kept) * sample;
}

}  // namespace

LoadFactorState Step(const LoadConfig& config, LoadFactorState state,
                     std::optional<double> utilization, MonotonicTime now) {
  const absl::Duration elapsed =
      state.stepped_at.has_value() ? now - *state.stepped_at : config.interval;
  if (elapsed < config.interval) return state;
  state.stepped_at = now;
  state.smoothed = Smooth(config, state.smoothed, Sample(config, utilization), elapsed);

  const Band allowed = Allowed(config, state.smoothed);
  const double wanted = std::clamp(state.load_factor, allowed.least, allowed.most);
  if (wanted == state.load_factor) return state;

  const int direction = wanted > state.load_factor ? 1 : -1;
  const bool turns = state.direction != 0 && direction != state.direction;
  if (turns && now - state.changed_at < config.min_dwell) return state;

  state.load_factor =
      std::clamp(wanted, state.load_factor - config.max_step, state.load_factor + config.max_step);
  state.direction = direction;
  state.changed_at = now;
  return state;
}

}  // namespace semcached
