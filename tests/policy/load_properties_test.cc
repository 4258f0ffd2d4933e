// What holds of the policies in force over thousands of ticks, whatever the sensors say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <iterator>
#include <limits>
#include <random>

#include "policy/policies.h"
#include "semcached/policy/policy_manager.h"
#include "support/fake_clock.h"

namespace semcached {
namespace {

using Load = std::optional<double>;
// What a sensor says at one tick.
using Story = std::function<Load(int tick)>;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

Story Stuck(Load at) {
  return [at](int) { return at; };
}
Story SquareWave(int period, double low, double high) {
  return [=](int tick) { return tick / period % 2 == 0 ? low : high; };
}
Story Ramps(int period) {
  return [=](int tick) {
    const int at = tick % (2 * period);
    return 1.5 * (at < period ? at : 2 * period - at) / period;
  };
}

class LoadPropertiesTest : public testing::Test {
 protected:
  LoadPropertiesTest() : seed_(std::random_device()()), random_(seed_) { Manage({}); }

  void Manage(const LoadConfig& load) {
    load_ = load;
    manager_ = std::make_unique<PolicyManager>(PolicySet({policy_}), nullptr, load_,
                                               std::vector<const LoadSensor*>{&honest_, &other_},
                                               clock_, &metrics_);
  }

  // One interval later, with several ticks in it; what must always hold is checked.
  const EffectivePolicy& Tick() {
    const PoliciesPtr before = manager_->Current();
    clock_.Advance(load_.interval);
    manager_->Tick();
    held_ = manager_->Current();
    const EffectivePolicy& policy = held_->Find("code")->For("m");
    const EffectivePolicy& former = before->Find("code")->For("m");
    EXPECT_GE(policy.similarity_threshold, policy_.adaptation.min_similarity_threshold);
    EXPECT_GE(policy.similarity_threshold,
              policy_.similarity_threshold - policy_.adaptation.max_threshold_drop - 1e-6F);
    EXPECT_LE(policy.similarity_threshold, policy_.similarity_threshold);
    EXPECT_GE(policy.ttl, policy_.ttl);
    EXPECT_LE(policy.ttl, policy_.ttl * policy_.adaptation.max_ttl_factor);
    EXPECT_LE(std::abs(policy.load_factor - former.load_factor), load_.max_step + 1e-9);
    for (int again = 0; again < 3; ++again) manager_->Tick();
    EXPECT_EQ(manager_->Current(), held_);  // one change an interval at the most
    return policy;
  }
  void Run(const Story& honest, const Story& other, int ticks) {
    for (int tick = 0; tick < ticks && !HasFailure(); ++tick) {
      honest_.Say("m", honest(tick));
      other_.Say("m", other(tick));
      Tick();
    }
  }
  void ExpectBackAtBaseWithinAMinute(Load honest, Load other) {
    honest_.Say("m", honest);
    other_.Say("m", other);
    for (int second = 0; second < 60; ++second) Tick();
    EXPECT_EQ(Tick().similarity_threshold, policy_.similarity_threshold);
    EXPECT_EQ(Tick().ttl, policy_.ttl);
  }
  Story Liar() {
    return [this](int) {
      const Load lies[] = {0.0, 1e300, kNan, -5.0, kInfinity, -kInfinity, std::nullopt, 0.7, 2.0};
      return lies[random_() % std::size(lies)];
    };
  }
  LoadConfig Fusing(LoadFusion fusion) const {
    LoadConfig load;
    load.fusion = fusion;
    if (fusion == LoadFusion::kWeighted) load.weights = {{"honest", 3}, {"other", 1}};
    return load;
  }

  const uint64_t seed_;
  std::mt19937_64 random_;
  const testing::ScopedTrace trace_{__FILE__, __LINE__, "seed " + std::to_string(seed_)};
  const CategoryPolicy policy_ = MovingPolicy("code", AdaptationMode::kEnforce);
  LoadConfig load_;
  FakeClock clock_;
  FakeSensor honest_{"honest"};
  FakeSensor other_{"other"};
  Metrics metrics_;
  PoliciesPtr held_;
  std::unique_ptr<PolicyManager> manager_;
};

TEST_F(LoadPropertiesTest, WavesAndRampsKeepTheBounds) {
  for (const LoadFusion fusion : {LoadFusion::kMax, LoadFusion::kWeighted}) {
    for (const Story& story : {SquareWave(3, 0, 2), SquareWave(30, 0.5, 1), SquareWave(600, 0, 9),
                               Ramps(20), Ramps(1000)}) {
      Manage(Fusing(fusion));
      Run(story, Stuck(std::nullopt), 5000);
      ExpectBackAtBaseWithinAMinute(0.3, std::nullopt);
    }
  }
}

TEST_F(LoadPropertiesTest, ALiarBesideAnHonestSensorKeepsTheBounds) {
  for (const LoadFusion fusion : {LoadFusion::kMax, LoadFusion::kWeighted}) {
    Manage(Fusing(fusion));
    Run(Ramps(300), Liar(), 5000);
    ExpectBackAtBaseWithinAMinute(0.3, kNan);
  }
}

TEST_F(LoadPropertiesTest, AStuckSensorIsOutdoneByTheHighestAndDilutedByTheMean) {
  Run(SquareWave(100, 0, 2), Stuck(0.0), 5000);
  honest_.Say("m", 2.0);
  for (int i = 0; i < 60; ++i) Tick();
  EXPECT_EQ(Tick().load_factor, 1);  // a sensor stuck at calm hides nothing

  Manage(Fusing(LoadFusion::kWeighted));
  Run(Stuck(0.2), Stuck(1.6), 1000);  // (3 * 0.2 + 1.6) / 4 is 0.55: calm
  EXPECT_EQ(Tick().load_factor, 0);
}

TEST_F(LoadPropertiesTest, AllSensorsGoneIsTheConfiguredPolicy) {
  Run(Stuck(2.0), Stuck(1.0), 200);
  EXPECT_EQ(Tick().load_factor, 1);
  honest_.Forget("m");
  other_.Forget("m");
  for (int second = 0; second < 60; ++second) Tick();
  EXPECT_EQ(Tick().similarity_threshold, policy_.similarity_threshold);
}

TEST_F(LoadPropertiesTest, StandsStillWithinTheHysteresisOfTwoNoisySensors) {
  Run(Stuck(0.75), Stuck(0.7), 300);
  const PoliciesPtr settled = manager_->Current();
  const double width = load_.hysteresis;
  std::uniform_real_distribution<double> noise(0.75 - width, 0.75);
  Run([&](int) { return noise(random_); }, [&](int) { return noise(random_); }, 5000);
  EXPECT_EQ(manager_->Current(), settled);
}

TEST_F(LoadPropertiesTest, AnOverrideOfAnyValueKeepsTheBoundsAndEndsByItself) {
  for (int round = 0; round < 20; ++round) {
    const double utilization = std::uniform_real_distribution<double>(0, 10)(random_);
    ASSERT_TRUE(manager_->SetLoad("m", utilization, absl::Seconds(100)).ok());
    Run(Liar(), Liar(), 101);
    ExpectBackAtBaseWithinAMinute(0.1, 0.2);
  }
}

}  // namespace
}  // namespace semcached
