#include "semcached/policy/economics.h"

#include <utility>

namespace semcached {
namespace {

std::optional<absl::Duration> Mean(absl::Duration sum, int64_t count) {
  if (count <= 0) return std::nullopt;
  return sum / count;
}

std::optional<double> BreakEven(const Economics& economics) {
  if (!economics.model_latency || !economics.miss_cost) return std::nullopt;
  const absl::Duration hit = economics.hit_cost.value_or(*economics.miss_cost);
  const absl::Duration gain = *economics.model_latency - hit;
  if (gain <= absl::ZeroDuration()) return 1;
  return absl::FDivDuration(*economics.miss_cost, gain + *economics.miss_cost);
}

}  // namespace

Economics EconomicsOf(const CategoryCosts& costs) {
  Economics economics;
  const int64_t lookups = costs.hits + costs.misses;
  if (lookups > 0) {
    economics.hit_rate = static_cast<double>(costs.hits) / static_cast<double>(lookups);
  }
  economics.hit_cost = Mean(costs.hit_time, costs.hits);
  economics.miss_cost = Mean(costs.miss_time, costs.misses);
  economics.model_latency = Mean(costs.model_time, costs.model_answers);
  economics.break_even = BreakEven(economics);
  economics.time_saved = economics.model_latency.value_or(absl::ZeroDuration()) * costs.hits -
                         costs.hit_time - costs.miss_time;
  economics.tokens_saved = costs.tokens_saved;
  economics.cost_saved = costs.cost_saved;
  return economics;
}

bool StepEconomics(const CategoryCosts& costs, MonotonicTime now, EconomicsState* state) {
  if (!state->window_began_at) {
    state->window_began = costs;
    state->window_began_at = now;
    return false;
  }
  CategoryCosts window = costs;
  window -= state->window_began;
  const bool whole = now - *state->window_began_at >= EconomicsState::kWindow &&
                     window.hits + window.misses >= EconomicsState::kEnough;
  if (!whole) return false;
  state->window_began = costs;
  state->window_began_at = now;
  state->latest = EconomicsOf(window);
  state->losing_windows = state->latest.Loses() ? state->losing_windows + 1 : 0;
  return std::exchange(state->losing, state->losing_windows >= EconomicsState::kForLong) !=
         state->losing;
}

}  // namespace semcached
