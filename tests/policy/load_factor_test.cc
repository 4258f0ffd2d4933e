#include "semcached/policy/load_factor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <vector>

namespace semcached {
namespace {

using Load = std::optional<double>;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

// One model, ticked once an interval.
class Controller {
 public:
  explicit Controller(const LoadConfig& config = {}) : config_(config) {}

  double Tick(Load utilization) {
    now_ += config_.interval;
    const double before = state_.load_factor;
    state_ = Step(config_, state_, utilization, now_);
    const double after = state_.load_factor;
    if (after != before) {
      const int direction = after > before ? 1 : -1;
      if (direction_ != 0 && direction != direction_) turned_at_.push_back(now_);
      direction_ = direction;
    }
    largest_step_ = std::max(largest_step_, std::abs(after - before));
    least_ = std::min(least_, after);
    most_ = std::max(most_, after);
    return after;
  }
  double Tick(Load utilization, int times) {
    for (int i = 0; i < times; ++i) Tick(utilization);
    return load_factor();
  }

  double load_factor() const { return state_.load_factor; }
  const LoadConfig& config() const { return config_; }
  size_t turns() const { return turned_at_.size(); }

  // What holds whatever came in.
  void ExpectBounded() const {
    EXPECT_GE(least_, 0);
    EXPECT_LE(most_, 1);
    EXPECT_LE(largest_step_, config_.max_step + 1e-9);
    for (size_t i = 1; i < turned_at_.size(); ++i) {
      EXPECT_GE(turned_at_[i] - turned_at_[i - 1], config_.min_dwell);
    }
  }

 private:
  const LoadConfig config_;
  LoadFactorState state_;
  MonotonicTime now_ = absl::Hours(1000);
  int direction_ = 0;
  std::vector<MonotonicTime> turned_at_;
  double largest_step_ = 0;
  double least_ = 0;
  double most_ = 0;
};

class LoadFactorTest : public testing::Test {
 protected:
  LoadFactorTest() : seed_(std::random_device()()), random_(seed_) {}
  double Uniform(double from, double to) {
    return std::uniform_real_distribution<double>(from, to)(random_);
  }

  const uint64_t seed_;
  std::mt19937_64 random_;
  const testing::ScopedTrace trace_{__FILE__, __LINE__, "seed " + std::to_string(seed_)};
};

TEST_F(LoadFactorTest, StaysAtZeroUpToTheScalingPoint) {
  Controller controller;
  EXPECT_EQ(controller.Tick(0.3, 1000), 0);
  EXPECT_EQ(controller.Tick(0.6, 1000), 0);
}

TEST_F(LoadFactorTest, ReachesOneAtTheSaturationPoint) {
  Controller controller;
  EXPECT_EQ(controller.Tick(0.9, 60), 1);
}

TEST_F(LoadFactorTest, AnOverloadIsAnsweredWithinHalfAMinute) {
  Controller controller;
  EXPECT_EQ(controller.Tick(1.2, 30), 1);
}

TEST_F(LoadFactorTest, HigherSteadyLoadsGiveHigherLoadFactorsAtEveryInstant) {
  std::vector<Controller> controllers(41);
  for (int tick = 0; tick < 600; ++tick) {
    double below = 0;
    for (size_t i = 0; i < controllers.size(); ++i) {
      const double utilisation = static_cast<double>(i) * 0.05;
      const double load_factor = controllers[i].Tick(utilisation);
      ASSERT_GE(load_factor, below) << "tick " << tick << ", utilisation " << utilisation;
      below = load_factor;
    }
  }
  EXPECT_GT(controllers[15].load_factor(), 0);  // 0.75
  EXPECT_LT(controllers[15].load_factor(), 1);
}

TEST_F(LoadFactorTest, ABusierModelNeverHasLessWhateverTheHistory) {
  // The dwell depends on the way each has come, so it is left out here.
  LoadConfig config;
  config.min_dwell = absl::ZeroDuration();
  for (int round = 0; round < 50; ++round) {
    Controller calmer(config);
    Controller busier(config);
    double level = 0.7;
    for (int tick = 0; tick < 1000; ++tick) {
      if (random_() % 20 == 0) level = Uniform(0, 1.3);
      const double load = std::max(0.0, level + Uniform(-0.2, 0.2));
      const Load low = random_() % 10 == 0 ? std::nullopt : Load(load);
      const double high = load + (random_() % 2 == 0 ? 0 : Uniform(0, 0.3));
      ASSERT_LE(calmer.Tick(low), busier.Tick(high)) << "round " << round << ", tick " << tick;
    }
  }
}

TEST_F(LoadFactorTest, RisesOnlyOnARamp) {
  Controller controller;
  double before = 0;
  for (int tick = 0; tick < 2000; ++tick) {
    const double load_factor = controller.Tick(1.2 * tick / 2000);
    ASSERT_GE(load_factor, before);
    before = load_factor;
  }
  EXPECT_EQ(before, 1);
  for (int tick = 2000; tick > 0; --tick) {
    const double load_factor = controller.Tick(1.2 * tick / 2000);
    ASSERT_LE(load_factor, before);
    before = load_factor;
  }
  EXPECT_EQ(before, 0);
  controller.ExpectBounded();
}

TEST_F(LoadFactorTest, DoesNotFlapUnderNoiseWithinAnHour) {
  for (int hour = 0; hour < 20; ++hour) {
    Controller controller;
    for (int tick = 0; tick < 3600; ++tick) controller.Tick(0.75 * Uniform(0.9, 1.1));
    EXPECT_LE(controller.turns(), 4U);
    EXPECT_GT(controller.load_factor(), 0);
    EXPECT_LT(controller.load_factor(), 1);
  }
}

TEST_F(LoadFactorTest, StandsStillWithinTheHysteresis) {
  LoadConfig config;
  config.smoothing = absl::ZeroDuration();  // the samples themselves
  config.min_dwell = absl::ZeroDuration();
  Controller controller(config);
  const double settled = controller.Tick(0.80, 20);
  for (int tick = 0; tick < 5000; ++tick) {
    ASSERT_EQ(controller.Tick(Uniform(0.80 - 1.9 * config.hysteresis, 0.80)), settled);
  }
  EXPECT_LT(controller.Tick(0.80 - 2.5 * config.hysteresis, 5), settled);
}

TEST_F(LoadFactorTest, IsBackAtZeroWithinAMinuteOfCalm) {
  for (const double calm : {0.0, 0.3, 0.55, 0.6}) {
    for (const double burst : {0.7, 0.9, 1.5, 100.0}) {
      Controller controller;
      controller.Tick(burst, 600);
      EXPECT_EQ(controller.Tick(calm, 60), 0) << "calm " << calm << " after " << burst;
    }
  }
}

TEST_F(LoadFactorTest, IsBackAtZeroWithinAMinuteOfCalmAfterAnything) {
  for (int round = 0; round < 200; ++round) {
    Controller controller;
    for (int tick = 0; tick < 300; ++tick) controller.Tick(Uniform(0, 2));
    ASSERT_EQ(controller.Tick(Uniform(0, 0.6), 60), 0);
  }
}

TEST_F(LoadFactorTest, UnknownLoadLeadsBackToZeroInBoundedSteps) {
  for (const Load unknown : {Load(), Load(kNan), Load(kInfinity), Load(-kInfinity), Load(-1.0)}) {
    Controller controller;
    ASSERT_EQ(controller.Tick(1.0, 60), 1);
    EXPECT_EQ(controller.Tick(unknown, 60), 0);
    controller.ExpectBounded();
  }
}

TEST_F(LoadFactorTest, AStuckSensorIsBelievedAndAJumpingOneIsBounded) {
  Controller stuck;
  EXPECT_EQ(stuck.Tick(1.0, 10'000), 1);
  stuck.ExpectBounded();
  const std::vector<Load> lies = {0.0, 1e300, kNan, -5.0, kInfinity, std::nullopt, 0.7, 1.0};
  Controller jumping;
  for (int tick = 0; tick < 10'000; ++tick) jumping.Tick(lies[random_() % lies.size()]);
  jumping.ExpectBounded();
}

TEST_F(LoadFactorTest, SquareWavesOfAnyPeriodKeepTheBounds) {
  for (const int period : {2, 3, 5, 8, 13, 30, 100, 600}) {
    Controller controller;
    for (int tick = 0; tick < 5000; ++tick) {
      controller.Tick(tick / period % 2 == 0 ? 1.5 : 0.0);
    }
    controller.ExpectBounded();
    if (period >= 30) {
      EXPECT_GT(controller.turns(), 5U) << "period " << period;
    }
  }
}

TEST_F(LoadFactorTest, RandomConfigurationsKeepTheBounds) {
  for (int round = 0; round < 200; ++round) {
    LoadConfig config;
    config.scaling_point = Uniform(0.05, 0.95);
    config.saturation_point = config.scaling_point + Uniform(0.01, 1);
    config.hysteresis = Uniform(0, 0.5);
    config.max_step = Uniform(0.01, 1);
    config.min_dwell = absl::Seconds(Uniform(0, 20));
    config.smoothing = absl::Seconds(Uniform(0, 20));
    Controller controller(config);
    for (int tick = 0; tick < 500; ++tick) controller.Tick(Uniform(0, 2));
    controller.ExpectBounded();
    EXPECT_EQ(controller.Tick(3.0, 1000), 1);
    EXPECT_EQ(controller.Tick(0.0, 1000), 0);
  }
}

TEST(Step, ChangesNothingSoonerThanAnInterval) {
  const LoadConfig config{};
  const MonotonicTime start = absl::Hours(1);
  LoadFactorState state = Step(config, {}, 2.0, start);
  const double smoothed = state.smoothed;
  state = Step(config, state, 2.0, start + config.interval / 2);
  EXPECT_EQ(state.smoothed, smoothed);
  state = Step(config, state, 2.0, start - absl::Minutes(1));
  EXPECT_EQ(state.smoothed, smoothed);
  state = Step(config, state, 2.0, start + config.interval);
  EXPECT_GT(state.smoothed, smoothed);
}

TEST(Step, ALongPauseIsOneStepAndOneSample) {
  const LoadConfig config{};
  LoadFactorState state;
  MonotonicTime now = absl::Hours(1);
  for (int i = 0; i < 100; ++i) state = Step(config, state, 1.0, now += config.interval);
  ASSERT_EQ(state.load_factor, 1);
  state = Step(config, state, 0.0, now + absl::Hours(1));
  EXPECT_NEAR(state.smoothed, 0, 1e-9);
  EXPECT_EQ(state.load_factor, 1 - config.max_step);
}

}  // namespace
}  // namespace semcached
