#include "policy/economics_gauges.h"

#include <limits>

namespace semcached {
namespace {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

}  // namespace

void EconomicsGauges::Show(const std::string& category, const Economics& whole,
                           const EconomicsState& state) {
  CategoryGauges& gauges = GaugesOf(category);
  gauges.hit_rate.Set(whole.hit_rate.value_or(kUnknown));
  gauges.break_even.Set(whole.break_even.value_or(kUnknown));
  gauges.time_saved.Set(absl::ToDoubleSeconds(whole.time_saved));
  gauges.tokens_saved.Set(whole.tokens_saved);
  gauges.cost_saved.Set(whole.cost_saved);
  gauges.losing.Set(state.losing ? 1 : 0);
}

EconomicsGauges::CategoryGauges& EconomicsGauges::GaugesOf(const std::string& category) {
  const auto found = categories_.find(category);
  if (found != categories_.end()) return found->second;
  const auto gauge = [&](const char* name, const char* help) {
    return metrics_->AddGauge(name, help, {{"category", category}});
  };
  return categories_
      .emplace(category,
               CategoryGauges{
                   gauge("semcached_hit_rate", "Hits of the lookups since the start."),
                   gauge("semcached_break_even_hit_rate",
                         "The hit rate at which the cache takes as long as it saves."),
                   gauge("semcached_time_saved_seconds",
                         "Of all callers together, less what lookups took; negative: lost."),
                   gauge("semcached_tokens_saved", "Of hits whose metadata tell `tokens`."),
                   gauge("semcached_cost_saved", "Of hits whose metadata tell `cost`."),
                   gauge("semcached_losing",
                         "1 while the hit rate has been below the break-even for an hour."),
               })
      .first->second;
}

}  // namespace semcached
