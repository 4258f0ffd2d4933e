// The policies as an operator looks at them.
#ifndef SEMCACHED_POLICY_POLICY_VIEW_H_
#define SEMCACHED_POLICY_POLICY_VIEW_H_

#include <absl/time/time.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "semcached/cache/policy_source.h"
#include "semcached/config/category_policy.h"
#include "semcached/policy/calibration.h"
#include "semcached/policy/fusion.h"
#include "semcached/policy/load_factor.h"
#include "semcached/policy/loosening.h"
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
  std::optional<Loosening> at_full_load;    // what load would bring; none: nothing was seen
};

struct CategoryView {
  CategoryPolicy configured;
  std::optional<BudgetView> budget;      // of a category with a budget, where evidence is gathered
  std::vector<EffectiveView> effective;  // first the one without a model, then by name
};

// What one sensor tells of one model.
struct SensorView {
  std::string sensor;
  std::optional<double> utilization;  // absent: unknown
  std::string problem;                // LoadSensor::Problem()
};

// What is known of one model's load at this moment.
struct ModelLoadView {
  std::string model;
  double load_factor = 0;  // as the last step left it
  FusedLoad fused;
  std::vector<SensorView> sensors;
  std::optional<absl::Duration> manual_remaining;  // of an operator's override; absent: none
};

struct PolicyViews {
  std::vector<CategoryView> categories;  // by name
  std::vector<ModelLoadView> loads;      // by name of the model
  std::string default_category;
  uint64_t generation = 0;
  bool frozen = false;
};

// A category that follows a named model has one view, which holds for every request.
CategoryView ViewOf(const CategoryPolicy& policy, const LoadFactors& load_factors,
                    const CalibratedThreshold* calibrated = nullptr);

}  // namespace semcached

#endif  // SEMCACHED_POLICY_POLICY_VIEW_H_
