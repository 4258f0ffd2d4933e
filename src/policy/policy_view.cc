#include "semcached/policy/policy_view.h"

#include <utility>

#include "policy/compile.h"
#include "semcached/policy/threshold.h"

namespace semcached {
namespace {

EffectiveView ViewOf(const CategoryPolicy& policy, std::string model, double load_factor) {
  EffectiveView view;
  view.model = std::move(model);
  view.load_factor = load_factor;
  view.effective = Effective(policy, load_factor);
  if (policy.adaptation.mode == AdaptationMode::kShadow) {
    view.would_be = WouldBe(policy, load_factor);
  }
  return view;
}

}  // namespace

CategoryView ViewOf(const CategoryPolicy& policy, const LoadFactors& load_factors) {
  CategoryView view;
  view.configured = policy;
  if (FollowsNamed(policy.adaptation)) {
    view.effective.push_back(ViewOf(policy, "", WorstLoadFactor(policy.adaptation, load_factors)));
    return view;
  }
  view.effective.push_back(ViewOf(policy, "", 0));
  for (const auto& [model, load_factor] : load_factors) {
    view.effective.push_back(ViewOf(policy, model, load_factor));
  }
  return view;
}

}  // namespace semcached
