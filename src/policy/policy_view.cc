#include "semcached/policy/policy_view.h"

#include <utility>

#include "policy/compile.h"
#include "semcached/policy/threshold.h"

namespace semcached {
namespace {

EffectiveView ViewOf(const CategoryPolicy& policy, std::string model, double load_factor,
                     const CalibratedThreshold* calibrated) {
  EffectiveView view;
  view.model = std::move(model);
  view.load_factor = load_factor;
  view.effective = Effective(policy, load_factor, calibrated);
  if (policy.adaptation.mode == AdaptationMode::kShadow) {
    view.would_be = WouldBe(policy, load_factor, calibrated);
  }
  return view;
}

}  // namespace

CategoryView ViewOf(const CategoryPolicy& policy, const LoadFactors& load_factors,
                    const CalibratedThreshold* calibrated) {
  CategoryView view;
  view.configured = policy;
  if (FollowsNamed(policy.adaptation)) {
    view.effective.push_back(
        ViewOf(policy, "", WorstLoadFactor(policy.adaptation, load_factors), calibrated));
    return view;
  }
  view.effective.push_back(ViewOf(policy, "", 0, calibrated));
  for (const auto& [model, load_factor] : load_factors) {
    view.effective.push_back(ViewOf(policy, model, load_factor, calibrated));
  }
  return view;
}

}  // namespace semcached
