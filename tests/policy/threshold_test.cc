#include "semcached/policy/threshold.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "policy/policies.h"

namespace semcached {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

CategoryPolicy Enforced() { return MovingPolicy("code", AdaptationMode::kEnforce); }

TEST(Effective, IsTheConfiguredPolicyWithoutLoad) {
  const EffectivePolicy effective = Effective(Enforced(), 0);
  EXPECT_EQ(effective.similarity_threshold, 0.90F);
  EXPECT_EQ(effective.ttl, absl::Hours(1));
  EXPECT_EQ(effective.load_factor, 0);
}

TEST(Effective, MovesInProportionToTheLoad) {
  const EffectivePolicy half = Effective(Enforced(), 0.5);
  EXPECT_FLOAT_EQ(half.similarity_threshold, 0.85F);
  EXPECT_EQ(half.ttl, absl::Hours(2));
  EXPECT_EQ(half.load_factor, 0.5);

  const EffectivePolicy full = Effective(Enforced(), 1);
  EXPECT_FLOAT_EQ(full.similarity_threshold, 0.80F);
  EXPECT_EQ(full.ttl, absl::Hours(3));
}

TEST(OwnLoadFactor, CategoriesMoveOneAfterTheOther) {
  AdaptationPolicy first;
  first.turns = 2;
  AdaptationPolicy second = first;
  second.turn = 1;
  const auto both = [&](double load) {
    return std::pair(OwnLoadFactor(first, load), OwnLoadFactor(second, load));
  };
  EXPECT_EQ(both(0), std::pair(0.0, 0.0));
  EXPECT_EQ(both(0.25), std::pair(0.5, 0.0));
  EXPECT_EQ(both(0.5), std::pair(1.0, 0.0));
  EXPECT_EQ(both(0.75), std::pair(1.0, 0.5));
  EXPECT_EQ(both(1), std::pair(1.0, 1.0));
  EXPECT_EQ(both(std::nan("")), std::pair(0.0, 0.0));
}

TEST(Effective, UnderAnyLoadStaleEntriesAreServedIfThePolicySaysSo) {
  CategoryPolicy policy = MovingPolicy("code", AdaptationMode::kEnforce);
  EXPECT_FALSE(Effective(policy, 0).serve_stale);
  EXPECT_TRUE(Effective(policy, 0.1).serve_stale);
  policy.adaptation.serve_stale = false;
  EXPECT_FALSE(Effective(policy, 1).serve_stale);
  policy = MovingPolicy("code", AdaptationMode::kShadow);
  EXPECT_FALSE(Effective(policy, 1).serve_stale);
  EXPECT_TRUE(WouldBe(policy, 1).serve_stale);
}

TEST(Effective, StopsAtTheLeastThreshold) {
  CategoryPolicy policy = Enforced();
  policy.adaptation.min_similarity_threshold = 0.87F;
  EXPECT_EQ(Effective(policy, 1).similarity_threshold, 0.87F);
}

TEST(Effective, ALeastThresholdOverTheConfiguredOneDoesNotTighten) {
  CategoryPolicy policy = Enforced();
  policy.adaptation.min_similarity_threshold = 0.95F;
  EXPECT_EQ(Effective(policy, 0).similarity_threshold, 0.90F);
  EXPECT_EQ(Effective(policy, 1).similarity_threshold, 0.90F);
}

TEST(Effective, ABudgetWithoutEvidenceHoldsTheThresholdAndNotTheTtl) {
  CategoryPolicy policy = Enforced();
  policy.false_hit_budget = 0.01;
  EXPECT_EQ(Effective(policy, 1).similarity_threshold, 0.90F);
  EXPECT_EQ(Effective(policy, 1).ttl, absl::Hours(3));
}

TEST(Effective, ACalibratedThresholdStandsInForTheConfiguredOne) {
  CategoryPolicy policy = Enforced();
  policy.false_hit_budget = 0.01;
  const CalibratedThreshold stricter{.base = 0.95F, .floor = 0.93F};
  EXPECT_EQ(Effective(policy, 0, &stricter).similarity_threshold, 0.95F);
  EXPECT_EQ(Effective(policy, 1, &stricter).similarity_threshold, 0.93F);  // the budget floor
  EXPECT_EQ(Effective(policy, 1, &stricter).ttl, absl::Hours(3));
  const CalibratedThreshold looser{.base = 0.80F, .floor = 0.70F};
  EXPECT_EQ(Effective(policy, 0, &looser).similarity_threshold, 0.80F);
  EXPECT_EQ(Effective(policy, 1, &looser).similarity_threshold, 0.75F);  // the least of all
}

TEST(Effective, WithoutABudgetNothingIsCalibrated) {
  const CalibratedThreshold calibrated{.base = 0.95F, .floor = 0.95F};
  EXPECT_EQ(Effective(Enforced(), 0, &calibrated).similarity_threshold, 0.90F);
  EXPECT_FLOAT_EQ(Effective(Enforced(), 1, &calibrated).similarity_threshold, 0.80F);
}

TEST(Effective, OffKeepsACalibratedThresholdUnderLoad) {
  CategoryPolicy policy = MovingPolicy("medical", AdaptationMode::kOff);
  policy.false_hit_budget = 0.01;
  const CalibratedThreshold calibrated{.base = 0.95F, .floor = 0.85F};
  EXPECT_EQ(Effective(policy, 1, &calibrated).similarity_threshold, 0.95F);
}

TEST(Effective, OffAndShadowNeverMove) {
  for (const AdaptationMode mode : {AdaptationMode::kOff, AdaptationMode::kShadow}) {
    const EffectivePolicy effective = Effective(MovingPolicy("medical", mode), 1);
    EXPECT_EQ(effective.similarity_threshold, 0.90F);
    EXPECT_EQ(effective.ttl, absl::Hours(1));
    EXPECT_EQ(effective.load_factor, 0);
  }
}

TEST(WouldBe, ShowsInShadowWhatEnforcingWouldGive) {
  const EffectivePolicy shadow = WouldBe(MovingPolicy("code", AdaptationMode::kShadow), 0.5);
  const EffectivePolicy enforced = Effective(Enforced(), 0.5);
  EXPECT_EQ(shadow.similarity_threshold, enforced.similarity_threshold);
  EXPECT_EQ(shadow.ttl, enforced.ttl);
  EXPECT_EQ(shadow.load_factor, enforced.load_factor);
}

TEST(WouldBe, DoesNotMoveWhatIsOff) {
  const EffectivePolicy off = WouldBe(MovingPolicy("medical", AdaptationMode::kOff), 1);
  EXPECT_EQ(off.similarity_threshold, 0.90F);
  EXPECT_EQ(off.ttl, absl::Hours(1));
}

TEST(Effective, TakesALoadFactorOutOfRangeForTheNearestAndNanForNone) {
  EXPECT_EQ(Effective(Enforced(), -1).load_factor, 0);
  EXPECT_EQ(Effective(Enforced(), 7).load_factor, 1);
  EXPECT_EQ(Effective(Enforced(), kInfinity).load_factor, 1);
  EXPECT_EQ(Effective(Enforced(), -kInfinity).load_factor, 0);
  EXPECT_EQ(Effective(Enforced(), kNan).load_factor, 0);
  EXPECT_EQ(Effective(Enforced(), kNan).similarity_threshold, 0.90F);
  EXPECT_EQ(Effective(Enforced(), kNan).ttl, absl::Hours(1));
}

TEST(Effective, AStretchedTtlSaturates) {
  CategoryPolicy policy = Enforced();
  policy.adaptation.max_ttl_factor = 100;
  policy.ttl = absl::Seconds(std::numeric_limits<int64_t>::max() / 10);
  EXPECT_EQ(Effective(policy, 1).ttl, absl::InfiniteDuration());
  policy.ttl = absl::InfiniteDuration();
  EXPECT_EQ(Effective(policy, 0.5).ttl, absl::InfiniteDuration());
  policy.ttl = absl::ZeroDuration();
  EXPECT_EQ(Effective(policy, 1).ttl, absl::ZeroDuration());
}

TEST(Effective, IsLooserWithMoreLoadWithinItsBoundsAndNeverStricterThanConfigured) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> fraction(0, 1);
  for (int round = 0; round < 20'000; ++round) {
    CategoryPolicy policy = Enforced();
    policy.similarity_threshold = static_cast<float>(fraction(random));
    policy.ttl = absl::Seconds(fraction(random) * 1e7);
    policy.adaptation.max_threshold_drop = static_cast<float>(fraction(random));
    policy.adaptation.min_similarity_threshold = static_cast<float>(fraction(random));
    policy.adaptation.max_ttl_factor = 1 + 99 * fraction(random);
    const double less = fraction(random);
    const double more = less + (1 - less) * fraction(random);

    const EffectivePolicy calm = Effective(policy, less);
    const EffectivePolicy busy = Effective(policy, more);
    const float base = policy.similarity_threshold;
    const float floor = std::min(base, policy.adaptation.min_similarity_threshold);
    ASSERT_LE(busy.similarity_threshold, calm.similarity_threshold);
    ASSERT_LE(calm.similarity_threshold, base);
    ASSERT_GE(busy.similarity_threshold, floor);
    ASSERT_GE(busy.ttl, calm.ttl);
    ASSERT_GE(calm.ttl, policy.ttl);
    ASSERT_LE(busy.ttl, policy.ttl * policy.adaptation.max_ttl_factor);
  }
}

// What was shown, and told as the time of expiry, was longer than anything could live.
TEST(EffectiveTest, ASlidingTtlIsStretchedToItsCapAtMost) {
  CategoryPolicy policy = Enforced();
  policy.ttl = absl::Hours(24);
  policy.ttl_mode = TtlMode::kSliding;
  policy.max_lifetime = absl::Hours(72);
  policy.adaptation.max_ttl_factor = 30;
  EXPECT_EQ(Effective(policy, 0).ttl, absl::Hours(24));
  EXPECT_EQ(Effective(policy, 1).ttl, absl::Hours(72));
  policy.ttl_mode = TtlMode::kAbsolute;
  EXPECT_EQ(Effective(policy, 1).ttl, absl::Hours(720));
}

}  // namespace
}  // namespace semcached
