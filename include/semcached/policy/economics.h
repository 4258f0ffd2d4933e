// Whether a category pays for itself. Pure.
#ifndef SEMCACHED_POLICY_ECONOMICS_H_
#define SEMCACHED_POLICY_ECONOMICS_H_

#include <absl/time/time.h>

#include <cstdint>
#include <optional>

#include "semcached/base/clock.h"
#include "semcached/cache/category_costs.h"

namespace semcached {

struct Economics {
  std::optional<double> hit_rate;  // none: no lookups
  // The hit rate at which a lookup takes as long with the cache as without it:
  //   cost of a miss / (latency of the model - cost of a hit + cost of a miss)
  // (arXiv 2510.26835). In (0,1]; 1: the model is no slower than a hit, so the cache cannot pay.
  // None: nothing is known of the model, or of misses.
  std::optional<double> break_even;
  std::optional<absl::Duration> hit_cost, miss_cost, model_latency;  // means
  // Of all callers together, less what hits and misses took; negative: lost.
  absl::Duration time_saved;
  double tokens_saved = 0;
  double cost_saved = 0;

  bool Loses() const { return hit_rate && break_even && *hit_rate < *break_even; }
};

Economics EconomicsOf(const CategoryCosts& costs);

// What is remembered of one category between looks.
struct EconomicsState {
  static constexpr absl::Duration kWindow = absl::Minutes(10);
  static constexpr int64_t kEnough = 200;  // lookups of a window
  static constexpr int kForLong = 6;       // windows in a row

  CategoryCosts window_began;  // the sums then
  std::optional<MonotonicTime> window_began_at;
  Economics latest;        // of the last whole window
  int losing_windows = 0;  // in a row, up to the last one
  bool losing = false;     // for long
};

// Takes the sums at `now`. A window ends after kWindow, or later once it has kEnough lookups. The
// category is losing after kForLong windows below the break-even, and no more after one that is
// not. Returns true if that has changed.
bool StepEconomics(const CategoryCosts& costs, MonotonicTime now, EconomicsState* state);

}  // namespace semcached

#endif  // SEMCACHED_POLICY_ECONOMICS_H_
