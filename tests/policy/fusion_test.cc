#include "semcached/policy/fusion.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <random>

namespace semcached {
namespace {

using testing::Optional;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

LoadConfig Weighted(std::map<std::string, double, std::less<>> weights) {
  LoadConfig config;
  config.fusion = LoadFusion::kWeighted;
  config.weights = std::move(weights);
  return config;
}

TEST(FusionTest, TheHighestCountsUnlessToldOtherwise) {
  const FusedLoad fused = Fuse({}, {{"a", 0.2}, {"b", 0.7}, {"c", std::nullopt}});
  EXPECT_THAT(fused.utilization, Optional(0.7));
  EXPECT_EQ(fused.by, "b");
}

TEST(FusionTest, WeighsWhatIsKnown) {
  const LoadConfig config = Weighted({{"a", 3}, {"b", 1}});
  EXPECT_THAT(Fuse(config, {{"a", 0.2}, {"b", 1.0}}).utilization,
              Optional(testing::DoubleNear(0.4, 1e-12)));
  EXPECT_EQ(Fuse(config, {{"a", 0.2}, {"b", 1.0}}).by, "weighted");
  EXPECT_THAT(Fuse(config, {{"a", std::nullopt}, {"b", 1.0}}).utilization, Optional(1.0));
  // One without a weight of its own weighs 1.
  EXPECT_THAT(Fuse(config, {{"b", 0.0}, {"c", 1.0}}).utilization, Optional(0.5));
}

TEST(FusionTest, WithoutWeightNothingCounts) {
  const LoadConfig config = Weighted({{"a", 0}});
  EXPECT_THAT(Fuse(config, {{"a", 9.0}, {"b", 0.5}}).utilization, Optional(0.5));
  EXPECT_EQ(Fuse(config, {{"a", 9.0}}).utilization, std::nullopt);
}

TEST(FusionTest, WhatIsNoUtilizationIsUnknown) {
  for (const LoadConfig& config : {LoadConfig(), Weighted({{"a", 100}})}) {
    for (const std::optional<double> lie :
         {std::optional<double>(), std::optional(kNan), std::optional(kInfinity),
          std::optional(-kInfinity), std::optional(-0.1)}) {
      EXPECT_EQ(Fuse(config, {{"a", lie}}).utilization, std::nullopt);
      EXPECT_EQ(Fuse(config, {{"a", lie}}).by, "");
      EXPECT_THAT(Fuse(config, {{"a", lie}, {"b", 0.5}}).utilization, Optional(0.5));
      EXPECT_THAT(Fuse(config, {{"b", 0.5}, {"a", lie}}).utilization, Optional(0.5));
    }
    EXPECT_EQ(Fuse(config, {}).utilization, std::nullopt);
  }
}

TEST(FusionTest, LiesBetweenTheLeastAndTheHighestAndGrowsWithEach) {
  std::mt19937_64 random(11);
  std::uniform_real_distribution<double> uniform(0, 2);
  for (int round = 0; round < 5000; ++round) {
    const LoadConfig config =
        round % 2 == 0 ? LoadConfig() : Weighted({{"a", uniform(random)}, {"b", uniform(random)}});
    std::vector<SensorReading> readings = {
        {"a", uniform(random)}, {"b", uniform(random)}, {"c", uniform(random)}};
    const double fused = Fuse(config, readings).utilization.value();
    const auto [least, most] = std::minmax_element(
        readings.begin(), readings.end(),
        [](auto& one, auto& other) { return one.utilization < other.utilization; });
    ASSERT_GE(fused, *least->utilization - 1e-12);
    ASSERT_LE(fused, *most->utilization + 1e-12);
    *readings[random() % 3].utilization += uniform(random);
    ASSERT_GE(Fuse(config, readings).utilization.value(), fused - 1e-12);
  }
}

}  // namespace
}  // namespace semcached
