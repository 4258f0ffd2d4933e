#include "policy/budget_gauges.h"

#include <limits>

namespace semcached {
namespace {

constexpr double kNotApplicable = std::numeric_limits<double>::quiet_NaN();

}  // namespace

void BudgetGauges::Show(const CategoryPolicySet& configured, const BudgetControls& controls,
                        const std::vector<EvidenceBook::Total>& totals) {
  for (const auto& [category, state] : controls) {
    CategoryGauges& gauges = GaugesOf(category);
    gauges.rate.Set(state.rate_in_force.value_or(kNotApplicable));
    gauges.budget.Set(*configured.Find(category)->false_hit_budget);
    gauges.threshold.Set(state.held ? static_cast<double>(state.held->base) : kNotApplicable);
  }
  for (auto& [category, gauges] : categories_) {
    if (controls.contains(category)) continue;
    gauges.rate.Set(kNotApplicable);
    gauges.budget.Set(kNotApplicable);
    gauges.threshold.Set(kNotApplicable);
  }
  for (const EvidenceBook::Total& total : totals) ShowTotal(total);
}

BudgetGauges::CategoryGauges& BudgetGauges::GaugesOf(const std::string& category) {
  const auto found = categories_.find(category);
  if (found != categories_.end()) return found->second;
  const MetricLabels labels = {{"category", category}};
  return categories_
      .emplace(
          category,
          CategoryGauges{
              metrics_->AddGauge("semcached_false_hit_rate_estimate",
                                 "Share of false hits expected at the threshold in force.", labels),
              metrics_->AddGauge("semcached_false_hit_budget",
                                 "Share of hits that may be false, as configured.", labels),
              metrics_->AddGauge(
                  "semcached_calibrated_threshold",
                  "The similarity threshold that keeps the budget, applied or in shadow.", labels)})
      .first->second;
}

void BudgetGauges::ShowTotal(const EvidenceBook::Total& total) {
  const EvidenceKind kind(total.category, total.verdict, total.source);
  auto found = evidence_.find(kind);
  if (found == evidence_.end()) {
    const MetricLabels labels = {{"category", total.category},
                                 {"verdict", Name(total.verdict)},
                                 {"source", Name(total.source)}};
    found = evidence_
                .emplace(kind,
                         Counted{metrics_->AddCounter("semcached_evidence_total",
                                                      "Verdicts on hits and near misses.", labels),
                                 0})
                .first;
  }
  found->second.counter.Add(static_cast<double>(total.count - found->second.shown));
  found->second.shown = total.count;
}

}  // namespace semcached
