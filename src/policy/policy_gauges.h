// What is in force, as metrics.
#ifndef SEMCACHED_SRC_POLICY_POLICY_GAUGES_H_
#define SEMCACHED_SRC_POLICY_POLICY_GAUGES_H_

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "semcached/base/metrics.h"
#include "semcached/config/category_policy.h"
#include "semcached/policy/fusion.h"
#include "semcached/policy/load_factor.h"
#include "semcached/policy/threshold.h"

namespace semcached {

// By model, what each sensor tells.
using SensorReadings = std::map<std::string, std::vector<SensorReading>, std::less<>>;

// Not thread-safe.
class PolicyGauges {
 public:
  // Names of models come from callers. The first 64 that were ever under load and are UTF-8 have a
  // label of their own; all others share `_other`, which shows the highest of theirs.
  static constexpr size_t kMaxModelLabels = 64;

  explicit PolicyGauges(Metrics* metrics) : metrics_(metrics) {}

  void ShowModels(const LoadFactors& load_factors);

  // Utilisation by model and sensor, from when it was first known; NaN while it is unknown. Only of
  // the first 64 models: a highest of many would tell nothing of any.
  void ShowUtilizations(const SensorReadings& readings);

  // The loosest values over all models. A category that is gone, or not in shadow, shows NaN.
  void ShowCategories(const CategoryPolicySet& configured, const LoadFactors& load_factors,
                      const CalibratedThresholds& calibrated = {});

 private:
  struct CategoryGauges {
    Gauge threshold;
    Gauge ttl_seconds;
    std::optional<Gauge> shadow_threshold;  // of a category that ever was in shadow
  };

  Gauge MakeModelGauge(const std::string& label);
  // Whether one more model than `count` may have a label.
  static bool MayHaveLabel(const std::string& model, size_t count);
  CategoryGauges& GaugesOf(const std::string& category);
  void ShowCategory(const CategoryPolicy& policy, const LoadFactors& load_factors,
                    const CalibratedThreshold* calibrated);
  void ShowGone(CategoryGauges* gauges);

  Metrics* const metrics_;
  std::map<std::string, Gauge, std::less<>> models_;
  std::optional<Gauge> other_models_;
  std::map<std::string, std::map<std::string, Gauge>, std::less<>>
      utilizations_;  // [model][sensor]
  std::map<std::string, CategoryGauges> categories_;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_POLICY_POLICY_GAUGES_H_
