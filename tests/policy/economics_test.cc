// Whether a category pays for itself, and since when it does not.
#include "semcached/policy/economics.h"

#include <gtest/gtest.h>

namespace semcached {
namespace {

// `hits` of `lookups`, each lookup taking `lookup`, before a model that takes `model`.
CategoryCosts Costs(int64_t lookups, int64_t hits, absl::Duration lookup, absl::Duration model) {
  CategoryCosts costs;
  costs.hits = hits;
  costs.misses = lookups - hits;
  costs.hit_time = lookup * costs.hits;
  costs.miss_time = lookup * costs.misses;
  costs.model_answers = costs.misses;
  costs.model_time = model * costs.misses;
  return costs;
}

TEST(EconomicsTest, TheBreakEvenIsThatOfThePaper) {
  const absl::Duration model = absl::Milliseconds(500);
  EXPECT_NEAR(*EconomicsOf(Costs(100, 10, absl::Milliseconds(30), model)).break_even, 0.06, 1e-9);
  EXPECT_NEAR(*EconomicsOf(Costs(100, 10, absl::Milliseconds(2), model)).break_even, 0.004, 1e-9);
  EXPECT_NEAR(*EconomicsOf(Costs(100, 10, absl::Microseconds(130), model)).break_even, 0.00026,
              1e-9);
}

TEST(EconomicsTest, WhatIsNotKnownIsNotGuessed) {
  EXPECT_FALSE(EconomicsOf({}).hit_rate.has_value());
  EXPECT_FALSE(EconomicsOf({}).break_even.has_value());
  EXPECT_FALSE(EconomicsOf({}).Loses());
  CategoryCosts without_model = Costs(100, 10, absl::Milliseconds(1), absl::ZeroDuration());
  without_model.model_answers = 0;
  EXPECT_FALSE(EconomicsOf(without_model).break_even.has_value());
  EXPECT_FALSE(EconomicsOf(without_model).Loses());
}

TEST(EconomicsTest, AModelAsFastAsTheCacheIsNeverPaidFor) {
  const Economics economics =
      EconomicsOf(Costs(100, 99, absl::Milliseconds(2), absl::Milliseconds(2)));
  EXPECT_EQ(*economics.break_even, 1);
  EXPECT_TRUE(economics.Loses());
}

TEST(EconomicsTest, TimeSavedIsWhatTheModelWouldHaveTakenLessTheLookups) {
  const Economics economics =
      EconomicsOf(Costs(100, 10, absl::Milliseconds(2), absl::Milliseconds(500)));
  EXPECT_EQ(economics.time_saved, absl::Milliseconds(10 * 500 - 100 * 2));
  EXPECT_FALSE(economics.Loses());
}

class LosingWindowsTest : public ::testing::Test {
 protected:
  // Ten minutes with 1,000 lookups, `hits` of them hits; the break-even is 6 %.
  bool Window(int64_t hits, int64_t lookups = 1000) {
    sums_ += Costs(lookups, hits, absl::Milliseconds(30), absl::Milliseconds(500));
    now_ += absl::Minutes(10);
    return StepEconomics(sums_, now_, &state_);
  }
  void SetUp() override { StepEconomics(sums_, now_, &state_); }

  CategoryCosts sums_;
  MonotonicTime now_ = absl::Hours(1);
  EconomicsState state_;
};

TEST_F(LosingWindowsTest, ACategoryLosesAfterAnHourBelowItsBreakEven) {
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(Window(30));
  EXPECT_FALSE(state_.losing);
  EXPECT_TRUE(Window(30));
  EXPECT_TRUE(state_.losing);
  EXPECT_FALSE(Window(30));
  EXPECT_TRUE(state_.losing);
}

TEST_F(LosingWindowsTest, OneGoodWindowIsEnoughToComeBack) {
  for (int i = 0; i < 7; ++i) Window(30);
  EXPECT_TRUE(Window(100));
  EXPECT_FALSE(state_.losing);
}

TEST_F(LosingWindowsTest, AWindowWithFewLookupsGoesOn) {
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(Window(0, 10));
  EXPECT_EQ(state_.losing_windows, 1);  // the 200 lookups of all twenty
}

TEST_F(LosingWindowsTest, WhatWasBeforeTheFirstLookDoesNotCount) {
  EconomicsState fresh;
  StepEconomics(Costs(100'000, 0, absl::Milliseconds(30), absl::Milliseconds(500)), now_, &fresh);
  EXPECT_FALSE(fresh.latest.hit_rate.has_value());
}

}  // namespace
}  // namespace semcached
