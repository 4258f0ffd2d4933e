// The policies as an operator looks at them.
#ifndef SEMCACHED_POLICY_POLICY_VIEW_H_
#define SEMCACHED_POLICY_POLICY_VIEW_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "semcached/cache/policy_source.h"
#include "semcached/config/category_policy.h"
#include "semcached/policy/load_factor.h"

namespace semcached {

// What one category comes to for one model.
struct EffectiveView {
  std::string model;       // empty: every model whose load is not known or is low
  double load_factor = 0;  // as measured, applied or not
  EffectivePolicy effective;
  std::optional<EffectivePolicy> would_be;  // in shadow mode: what enforce would give
};

struct CategoryView {
  CategoryPolicy configured;
  std::vector<EffectiveView> effective;  // first the one without a model, then by name
};

struct PolicyViews {
  std::vector<CategoryView> categories;  // by name
  std::string default_category;
  uint64_t generation = 0;
  bool frozen = false;
};

// A category that follows a named model has one view, which holds for every request.
CategoryView ViewOf(const CategoryPolicy& policy, const LoadFactors& load_factors);

}  // namespace semcached

#endif  // SEMCACHED_POLICY_POLICY_VIEW_H_
