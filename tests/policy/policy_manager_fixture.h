#ifndef SEMCACHED_TESTS_POLICY_POLICY_MANAGER_FIXTURE_H_
#define SEMCACHED_TESTS_POLICY_POLICY_MANAGER_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "policy/policies.h"
#include "semcached/policy/policy_manager.h"
#include "support/fake_clock.h"

namespace semcached {

class PolicyManagerTest : public testing::Test {
 protected:
  PolicyManagerTest() { Manage({MovingPolicy("code", AdaptationMode::kEnforce)}); }

  void Manage(const std::vector<CategoryPolicy>& policies) {
    manager_ = std::make_unique<PolicyManager>(
        PolicySet(policies), nullptr, load_,
        std::vector<const LoadSensor*>{&sensor_, &second_sensor_}, clock_, &metrics_);
  }
  void Tick(int times = 1) {
    for (int i = 0; i < times; ++i) {
      clock_.Advance(load_.interval);
      manager_->Tick();
    }
  }
  void Overload(const std::string& model) {
    sensor_.Say(model, 1.2);
    Tick(60);
  }

  const EffectivePolicy& InForce(const std::string& category, const std::string& model) {
    held_ = manager_->Current();
    return held_->Find(category)->For(model);
  }
  double LoadGauge(const std::string& model) {
    return metrics_.AddGauge("semcached_load_factor", "", {{"model", model}}).Value();
  }
  double CategoryGauge(const std::string& name, const std::string& category) {
    return metrics_.AddGauge(name, "", {{"category", category}}).Value();
  }

  const LoadConfig load_{};
  FakeClock clock_;
  FakeSensor sensor_;
  FakeSensor second_sensor_{"second"};
  Metrics metrics_;
  PoliciesPtr held_;
  std::unique_ptr<PolicyManager> manager_;
};

}  // namespace semcached

#endif  // SEMCACHED_TESTS_POLICY_POLICY_MANAGER_FIXTURE_H_
