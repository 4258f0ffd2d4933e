// What categories cost and save, as metrics.
#ifndef SEMCACHED_SRC_POLICY_ECONOMICS_GAUGES_H_
#define SEMCACHED_SRC_POLICY_ECONOMICS_GAUGES_H_

#include <map>
#include <string>

#include "semcached/base/metrics.h"
#include "semcached/policy/economics.h"

namespace semcached {

// Not thread-safe.
class EconomicsGauges {
 public:
  explicit EconomicsGauges(Metrics* metrics) : metrics_(metrics) {}

  // Of a category that has been looked up in. `whole`: since the start. What is not known shows
  // NaN.
  void Show(const std::string& category, const Economics& whole, const EconomicsState& state);

 private:
  struct CategoryGauges {
    Gauge hit_rate, break_even, time_saved, tokens_saved, cost_saved, losing;
  };

  CategoryGauges& GaugesOf(const std::string& category);

  Metrics* const metrics_;
  std::map<std::string, CategoryGauges> categories_;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_POLICY_ECONOMICS_GAUGES_H_
