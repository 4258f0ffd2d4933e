// The policies as an operator looks at them.
#ifndef SEMCACHED_POLICY_POLICY_VIEW_H_
#define SEMCACHED_POLICY_POLICY_VIEW_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "semcached/cache/policy_source.h"
#include "semcached/config/category_policy.h"
#include "semcached/policy/calibration.h"
#include "semcached/policy/load_factor.h"
#include "semcached/policy/threshold.h"

namespace semcached {

// What one category comes to for one model.
struct EffectiveView {
  std::string model;       // empty: every model whose load is not known or is low
  double load_factor = 0;  // as measured, applied or not
  EffectivePolicy effective;
  std::optional<EffectivePolicy> would_be;  // in shadow mode: what enforce would give
};

// What evidence makes of a category's budget.
struct BudgetView {
  Calibration latest;                       // what it comes to now
  std::optional<CalibratedThreshold> held;  // what is in force, or in shadow would be; none: the
                                            // configured threshold
  std::optional<double> rate_in_force;      // false hits expected of what is served now
  double verdicts = 0;                      // that the calibration rests on, faded
  bool shadow = true;                       // not applied
};

struct CategoryView {
  CategoryPolicy configured;
  std::optional<BudgetView> budget;      // of a category with a budget, where evidence is gathered
  std::vector<EffectiveView> effective;  // first the one without a model, then by name
};

struct PolicyViews {
  std::vector<CategoryView> categories;  // by name
  std::string default_category;
  uint64_t generation = 0;
  bool frozen = false;
};

// A category that follows a named model has one view, which holds for every request.
CategoryView ViewOf(const CategoryPolicy& policy, const LoadFactors& load_factors,
                    const CalibratedThreshold* calibrated = nullptr);

}  // namespace semcached

#endif  // SEMCACHED_POLICY_POLICY_VIEW_H_
