#include "policy/compile.h"

#include <algorithm>

#include "semcached/policy/threshold.h"

namespace semcached {
namespace {

CategoryInForce InForce(const CategoryPolicy& policy, const LoadFactors& load_factors,
                        const CalibratedThreshold* calibrated) {
  CategoryInForce in_force;
  in_force.configured = policy;
  if (FollowsNamed(policy.adaptation)) {
    in_force.calm = Effective(policy, WorstLoadFactor(policy.adaptation, load_factors), calibrated);
    return in_force;
  }
  in_force.calm = Effective(policy, 0, calibrated);
  if (policy.adaptation.mode != AdaptationMode::kEnforce) return in_force;
  for (const auto& [model, load_factor] : load_factors) {
    if (load_factor <= 0) continue;
    in_force.by_model.emplace(model, Effective(policy, load_factor, calibrated));
  }
  return in_force;
}

}  // namespace

bool FollowsNamed(const AdaptationPolicy& adaptation) { return adaptation.model != "request"; }

bool Follows(const AdaptationPolicy& adaptation, std::string_view model) {
  return !FollowsNamed(adaptation) || adaptation.model == model;
}

std::map<std::string, CategoryInForce, std::less<>> Compile(
    const CategoryPolicySet& configured, const LoadFactors& load_factors,
    const CalibratedThresholds& calibrated) {
  std::map<std::string, CategoryInForce, std::less<>> categories;
  for (const auto& [name, policy] : configured.categories) {
    categories.emplace(name, InForce(policy, load_factors, Find(calibrated, name)));
  }
  return categories;
}

double WorstLoadFactor(const AdaptationPolicy& adaptation, const LoadFactors& load_factors) {
  double worst = 0;
  for (const auto& [model, load_factor] : load_factors) {
    if (Follows(adaptation, model)) worst = std::max(worst, load_factor);
  }
  return worst;
}

}  // namespace semcached
