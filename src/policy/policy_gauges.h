// What is in force, as metrics.
#ifndef SEMCACHED_SRC_POLICY_POLICY_GAUGES_H_
#define SEMCACHED_SRC_POLICY_POLICY_GAUGES_H_

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "semcached/base/metrics.h"
#include "semcached/config/category_policy.h"
#include "semcached/policy/load_factor.h"
#include "semcached/policy/threshold.h"

namespace semcached {

// Not thread-safe.
class PolicyGauges {
 public:
  // Names of models come from callers. The first 64 that were ever under load and are UTF-8 have a
  // label of their own; all others share `_other`, which shows the highest of theirs.
  static constexpr size_t kMaxModelLabels = 64;

  explicit PolicyGauges(Metrics* metrics) : metrics_(metrics) {}

  void ShowModels(const LoadFactors& load_factors);

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
  bool MayHaveLabel(const std::string& model) const;
  CategoryGauges& GaugesOf(const std::string& category);
  void ShowCategory(const CategoryPolicy& policy, const LoadFactors& load_factors,
                    const CalibratedThreshold* calibrated);
  void ShowGone(CategoryGauges* gauges);

  Metrics* const metrics_;
  std::map<std::string, Gauge, std::less<>> models_;
  std::optional<Gauge> other_models_;
  std::map<std::string, CategoryGauges> categories_;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_POLICY_POLICY_GAUGES_H_
