// The policies in force, as the cache asks for them.
#ifndef SEMCACHED_CACHE_POLICY_SOURCE_H_
#define SEMCACHED_CACHE_POLICY_SOURCE_H_

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "semcached/classify/classifier.h"
#include "semcached/config/category_policy.h"

namespace semcached {

// What a category's policy comes to under one load of one model.
struct EffectivePolicy {
  float similarity_threshold = 1;
  absl::Duration ttl;
  double load_factor = 0;    // the category's own, [0,1]
  bool serve_stale = false;  // more than once, and without a refresh
};

struct CategoryInForce {
  CategoryPolicy configured;
  EffectivePolicy calm;  // with no load known
  // Only models with a load factor > 0.
  std::map<std::string, EffectivePolicy, std::less<>> by_model;
  // It has cost more than it saves for long, and its policy says to keep out of it then: most
  // lookups are bypassed, and a few go on, to see whether that is still so.
  bool bypassed_as_losing = false;

  const EffectivePolicy& For(std::string_view model) const {
    const auto found = by_model.find(model);
    return found == by_model.end() ? calm : found->second;
  }
};

// Everything that may change at run time, as one value. Immutable once published: a request takes
// one and uses no other.
struct Policies {
  std::map<std::string, CategoryInForce, std::less<>> categories;
  std::string default_category;
  std::shared_ptr<const Classifier> classifier;  // learned from these; null: nothing is classified
  uint64_t generation = 0;  // of the configuration: goes up by one with each reload

  // nullptr if there is none of that name.
  const CategoryInForce* Find(std::string_view category) const {
    const auto found = categories.find(category);
    return found == categories.end() ? nullptr : &found->second;
  }

  // As Find(); InvalidArgument names those that there are.
  absl::StatusOr<const CategoryInForce*> Get(std::string_view category) const;
};

using PoliciesPtr = std::shared_ptr<const Policies>;

// Thread-safe.
class PolicySource {
 public:
  virtual ~PolicySource() = default;
  virtual PoliciesPtr Current() const = 0;  // never null
};

}  // namespace semcached

#endif  // SEMCACHED_CACHE_POLICY_SOURCE_H_
