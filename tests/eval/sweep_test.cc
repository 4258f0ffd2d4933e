#include "eval/sweep.h"

#include <gtest/gtest.h>

#include <cmath>

namespace semcached::eval {
namespace {

// `count` rows, evenly from `low` to `high`.
std::vector<Scored> Rows(int count, double low, double high, bool duplicate) {
  std::vector<Scored> rows(static_cast<size_t>(count), {0, duplicate});
  for (int i = 0; i < count; ++i) {
    rows[static_cast<size_t>(i)].similarity = low + (high - low) * i / count;
  }
  return rows;
}

std::vector<Scored> Joined(std::vector<Scored> a, const std::vector<Scored>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST(CountAt, CountsHitsByTheirLabel) {
  const std::vector<Scored> rows = {{0.9, true}, {0.8, false}, {0.7, true}, {0.6, false}};
  const Counts counts = CountAt(rows, 0.75);
  EXPECT_EQ(counts.duplicates, 2);
  EXPECT_EQ(counts.others, 2);
  EXPECT_EQ(counts.true_hits, 1);
  EXPECT_EQ(counts.false_hits, 1);
}

TEST(CountAt, TheThresholdItselfIsServed) { EXPECT_EQ(CountAt({{0.8, true}}, 0.8).true_hits, 1); }

TEST(CountAt, ExactHitsPassEveryThresholdAndRefusedPairsNone) {
  const std::vector<Scored> rows = {{2, true}, {-1, true}};
  EXPECT_EQ(CountAt(rows, kExactOnly).true_hits, 1);
  EXPECT_EQ(CountAt(rows, kLowestThreshold).true_hits, 1);
}

TEST(Thresholds, FallFromExactOnlyToTheLowest) {
  const std::vector<double> thresholds = Thresholds();
  EXPECT_EQ(thresholds.front(), kExactOnly);
  EXPECT_NEAR(thresholds.back(), kLowestThreshold, 1e-9);
  for (size_t i = 1; i < thresholds.size(); ++i) EXPECT_LT(thresholds[i], thresholds[i - 1]);
}

TEST(AreaUnderPrecision, IsOneWhereTheDuplicatesAreNearest) {
  EXPECT_DOUBLE_EQ(AreaUnderPrecision({{0.9, true}, {0.8, true}, {0.7, false}}), 1);
}

TEST(AreaUnderPrecision, IsTheAveragePrecision) {
  // Precision 1 at the first duplicate, 2/3 at the second.
  EXPECT_DOUBLE_EQ(AreaUnderPrecision({{0.9, true}, {0.8, false}, {0.7, true}}), (1 + 2.0 / 3) / 2);
}

TEST(AreaUnderPrecision, EqualSimilaritiesAreServedTogether) {
  EXPECT_DOUBLE_EQ(AreaUnderPrecision({{0.9, false}, {0.9, true}}), 0.5);
  EXPECT_DOUBLE_EQ(AreaUnderPrecision({{0.9, true}, {0.9, false}}), 0.5);
}

TEST(AreaUnderPrecision, WhatIsNeverServedAddsNothing) {
  EXPECT_DOUBLE_EQ(AreaUnderPrecision({{0.9, true}, {-1, true}}), 0.5);
  EXPECT_DOUBLE_EQ(AreaUnderPrecision({{0.9, false}}), 0);
}

TEST(AreaInterval, HoldsTheAreaAndNarrowsWithMoreRows) {
  const auto few = Joined(Rows(20, 0.6, 1, true), Rows(20, 0.5, 0.9, false));
  const auto many = Joined(Rows(2000, 0.6, 1, true), Rows(2000, 0.5, 0.9, false));
  const Interval wide = AreaInterval(few, 7);
  const Interval narrow = AreaInterval(many, 7);
  EXPECT_LT(narrow.low, AreaUnderPrecision(many));
  EXPECT_GT(narrow.high, AreaUnderPrecision(many));
  EXPECT_LT(narrow.high - narrow.low, wide.high - wide.low);
}

// One category where 0.7 is safe, one where only 0.9 is.
Mix EasyAndHard() {
  return {{"easy", Joined(Rows(100, 0.7, 0.9, true), Rows(100, 0.5, 0.69, false))},
          {"hard", Joined(Rows(100, 0.7, 1.0, true), Rows(100, 0.6, 0.9, false))}};
}

TEST(BestUniformThreshold, KeepsTheBudget) {
  const Mix mix = EasyAndHard();
  const double threshold = BestUniformThreshold(mix, 0.02);
  EXPECT_LE(RatesOf(mix, Uniform(mix, threshold)).false_hit_rate(), 0.02);
  EXPECT_GT(RatesOf(mix, Uniform(mix, threshold - 2 * kThresholdStep)).false_hit_rate(), 0.02);
}

TEST(BestUniformThreshold, IsExactOnlyWhereNothingKeepsTheBudget) {
  const Mix mix = {{"hopeless", Rows(10, 0.6, 1, false)}};
  EXPECT_EQ(BestUniformThreshold(mix, 0.02), kExactOnly);
}

TEST(BestThresholds, KeepTheBudgetAndHitMoreWhereCategoriesDiffer) {
  const Mix mix = EasyAndHard();
  const CategoryThresholds own = BestThresholds(mix, 0.02);
  const CategoryThresholds one = Uniform(mix, BestUniformThreshold(mix, 0.02));
  EXPECT_LE(RatesOf(mix, own).false_hit_rate(), 0.02);
  EXPECT_GT(RatesOf(mix, own).hits, 1.2 * RatesOf(mix, one).hits);
  EXPECT_LT(own.at("easy"), own.at("hard"));
}

TEST(BestThresholds, AreNeverWorseThanTheBestUniformOne) {
  for (const double budget : {0.0, 0.01, 0.05, 0.2, 0.5}) {
    const Mix mix = EasyAndHard();
    const MixRates own = RatesOf(mix, BestThresholds(mix, budget));
    const MixRates one = RatesOf(mix, Uniform(mix, BestUniformThreshold(mix, budget)));
    EXPECT_GE(own.hits, one.hits - 1e-9) << "budget " << budget;
    EXPECT_LE(own.false_hits, budget * own.hits + 1e-9) << "budget " << budget;
  }
}

TEST(BestThresholds, DoNotTrustAFewHitsWhereOthersAreOftenFalse) {
  const Mix mix = {{"rare", Joined({{0.95, true}}, Rows(20, 0.5, 0.7, false))},
                   {"usual", Joined(Rows(50, 0.8, 1, true), Rows(50, 0.8, 1, false))}};
  EXPECT_LT(BestThresholds(mix, 0.02).at("rare"), 1);
  EXPECT_EQ(BestThresholds(mix, 0.02, 20).at("rare"), kExactOnly);
}

TEST(BestThresholds, TrustManyHitsWhateverOthersDo) {
  const Mix mix = {{"known", Joined(Rows(5'000, 0.8, 1, true), Rows(100, 0.5, 0.7, false))},
                   {"usual", Joined(Rows(50, 0.8, 1, true), Rows(50, 0.8, 1, false))}};
  EXPECT_LT(BestThresholds(mix, 0.02, 20).at("known"), 0.9);
}

TEST(RatesOf, WeighsCategoriesEquallyWhateverTheirSize) {
  const Mix mix = {{"large", Rows(1000, 0.8, 0.9, true)}, {"small", Rows(10, 0.5, 0.6, false)}};
  const MixRates rates = RatesOf(mix, {{"large", 0.7}, {"small", 0.5}});
  EXPECT_DOUBLE_EQ(rates.hits, 1);
  EXPECT_DOUBLE_EQ(rates.false_hits, 0.5);
}

TEST(HitRatioInterval, IsOneForEqualThresholdsAndAboveForMoreHits) {
  const Mix mix = EasyAndHard();
  const Interval same = HitRatioInterval(mix, Uniform(mix, 0.9), Uniform(mix, 0.9), 3);
  EXPECT_EQ(same.low, 1);
  EXPECT_EQ(same.high, 1);
  const Interval more = HitRatioInterval(mix, Uniform(mix, 0.7), Uniform(mix, 0.9), 3);
  EXPECT_GT(more.low, 1);
  EXPECT_LT(more.low, more.high);
}

TEST(HitRatioInterval, IsInfiniteOverNoHits) {
  const Mix mix = EasyAndHard();
  EXPECT_TRUE(
      std::isinf(HitRatioInterval(mix, Uniform(mix, 0.7), Uniform(mix, kExactOnly), 3).low));
}

}  // namespace
}  // namespace semcached::eval
