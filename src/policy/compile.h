// From configured policies and load factors to what is in force. Pure.
#ifndef SEMCACHED_SRC_POLICY_COMPILE_H_
#define SEMCACHED_SRC_POLICY_COMPILE_H_

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "semcached/cache/policy_source.h"
#include "semcached/config/category_policy.h"
#include "semcached/policy/load_factor.h"
#include "semcached/policy/threshold.h"

namespace semcached {

// True if the load of `model` counts for the category.
bool Follows(const AdaptationPolicy& adaptation, std::string_view model);

// True if the category's load is that of one named model, whatever model a request is for.
bool FollowsNamed(const AdaptationPolicy& adaptation);

std::map<std::string, CategoryInForce, std::less<>> Compile(
    const CategoryPolicySet& configured, const LoadFactors& load_factors,
    const CalibratedThresholds& calibrated = {});

// The highest load factor that counts for the category.
double WorstLoadFactor(const AdaptationPolicy& adaptation, const LoadFactors& load_factors);

}  // namespace semcached

#endif  // SEMCACHED_SRC_POLICY_COMPILE_H_
