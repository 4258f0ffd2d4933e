// Error budgets, as metrics.
#ifndef SEMCACHED_SRC_POLICY_BUDGET_GAUGES_H_
#define SEMCACHED_SRC_POLICY_BUDGET_GAUGES_H_

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "semcached/base/metrics.h"
#include "semcached/config/category_policy.h"
#include "semcached/policy/budget_control.h"
#include "semcached/policy/evidence.h"

namespace semcached {

// Not thread-safe.
class BudgetGauges {
 public:
  explicit BudgetGauges(Metrics* metrics) : metrics_(metrics) {}

  // What is not known, and what is of a category without a budget, shows NaN.
  void Show(const CategoryPolicySet& configured, const BudgetControls& controls,
            const std::vector<EvidenceBook::Total>& totals);

 private:
  struct CategoryGauges {
    Gauge rate;
    Gauge budget;
    Gauge threshold;
  };
  struct Counted {
    Counter counter;
    uint64_t shown = 0;
  };
  using EvidenceKind = std::tuple<std::string, EvidenceVerdict, EvidenceSource>;

  CategoryGauges& GaugesOf(const std::string& category);
  void ShowTotal(const EvidenceBook::Total& total);

  Metrics* const metrics_;
  std::map<std::string, CategoryGauges> categories_;  // that ever had a budget
  std::map<EvidenceKind, Counted> evidence_;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_POLICY_BUDGET_GAUGES_H_
