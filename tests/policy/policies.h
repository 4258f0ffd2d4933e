// Policies and sensors, said in a line.
#ifndef SEMCACHED_TESTS_POLICY_POLICIES_H_
#define SEMCACHED_TESTS_POLICY_POLICIES_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "semcached/config/category_policy.h"
#include "semcached/policy/sensor.h"

namespace semcached {

// Threshold 0.90, down to 0.80 at full load; ttl one hour, three at full load.
inline CategoryPolicy MovingPolicy(const std::string& category, AdaptationMode mode,
                                   const std::string& model = "request") {
  CategoryPolicy policy;
  policy.category = category;
  policy.similarity_threshold = 0.90F;
  policy.ttl = absl::Hours(1);
  policy.adaptation.mode = mode;
  policy.adaptation.model = model;
  policy.adaptation.max_threshold_drop = 0.10F;
  policy.adaptation.min_similarity_threshold = 0.75F;
  policy.adaptation.max_ttl_factor = 3;
  return policy;
}

inline CategoryPolicySetPtr PolicySet(const std::vector<CategoryPolicy>& policies) {
  auto set = std::make_shared<CategoryPolicySet>();
  for (const CategoryPolicy& policy : policies) set->categories.emplace(policy.category, policy);
  set->default_category = policies.front().category;
  return set;
}

// Tells what the test says. Not thread-safe.
class FakeSensor final : public LoadSensor {
 public:
  explicit FakeSensor(const char* name = "fake") : name_(name) {}

  void Say(const std::string& model, std::optional<double> utilization) {
    said_[model] = utilization;
  }
  void Forget(const std::string& model) { said_.erase(model); }

  const char* Name() const override { return name_; }
  std::optional<double> Utilization(std::string_view model, MonotonicTime) const override {
    const auto found = said_.find(model);
    return found == said_.end() ? std::nullopt : found->second;
  }
  std::vector<std::string> Models() const override {
    std::vector<std::string> models;
    for (const auto& [model, unused] : said_) models.push_back(model);
    return models;
  }

 private:
  const char* const name_;
  std::map<std::string, std::optional<double>, std::less<>> said_;
};

}  // namespace semcached

#endif  // SEMCACHED_TESTS_POLICY_POLICIES_H_
