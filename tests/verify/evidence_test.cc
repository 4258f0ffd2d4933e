#include "verify/evidence.h"

#include <gtest/gtest.h>

#include <random>

namespace semcached::verify {
namespace {

constexpr VerifyBand kWide = {0.2, 0.2};

// Pairs of similarity 0.8 to 0.9 whose score is right with a chance of `right`, the cosine being
// of no use.
std::vector<JudgedPair> Judged(size_t count, double right, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> share(0, 1);
  std::vector<JudgedPair> pairs;
  for (size_t i = 0; i < count; ++i) {
    const bool duplicate = share(random) < 0.5;
    const bool high = share(random) < right ? duplicate : !duplicate;
    const double score = (high ? 0.5 : 0) + share(random) / 2;
    pairs.push_back({0.8 + share(random) / 10, score, duplicate, static_cast<uint32_t>(i)});
  }
  return pairs;
}

TEST(EvidenceTest, BothRulesAcceptAsManyDuplicates) {
  const std::vector<JudgedPair> pairs = Judged(4000, 0.8, 1);
  const CutTable cuts = LearnCuts(pairs, kWide);
  for (const double threshold : {0.82, 0.84, 0.86, 0.88}) {
    size_t cosine = 0;
    size_t rule = 0;
    for (const JudgedPair& pair : pairs) {
      if (!pair.duplicate) continue;
      cosine += pair.similarity >= threshold ? 1 : 0;
      rule += pair.score >= *cuts.At(threshold) ? 1 : 0;
    }
    EXPECT_NEAR(static_cast<double>(rule), static_cast<double>(cosine), 2) << threshold;
  }
}

TEST(EvidenceTest, AVerifierThatKnowsMoreAcceptsFewerWrongOnes) {
  const std::vector<JudgedPair> pairs = Judged(4000, 0.9, 2);
  const Comparison comparison = Compare(pairs, kWide, 0.85);
  EXPECT_NEAR(comparison.hit_rate, 0.5, 0.03);
  EXPECT_NEAR(comparison.false_accept_cosine, 0.5, 0.03);
  // Of duplicates 0.9 have a high score, of others 0.1: at 5/9 of the high ones.
  EXPECT_NEAR(comparison.false_accept_rule, 0.1 * 5 / 9, 0.02);
  const RatioInterval interval = BootstrapRatio(pairs, kWide, 0.85, 300, 1);
  EXPECT_LT(interval.low, comparison.ratio());
  EXPECT_GT(interval.high, comparison.ratio());
  EXPECT_LT(interval.high, 0.25);
}

TEST(EvidenceTest, AVerifierThatKnowsNothingHasOneInItsInterval) {
  const std::vector<JudgedPair> pairs = Judged(4000, 0.5, 3);
  const RatioInterval interval = BootstrapRatio(pairs, kWide, 0.85, 300, 1);
  EXPECT_LT(interval.low, 1);
  EXPECT_GT(interval.high, 1);
}

TEST(EvidenceTest, PairsOfOneGroupCountOnce) {
  std::vector<JudgedPair> pairs = Judged(1000, 0.8, 4);
  const RatioInterval alone = BootstrapRatio(pairs, kWide, 0.85, 300, 1);
  for (size_t i = 0; i < pairs.size(); ++i) pairs[i].group = static_cast<uint32_t>(i / 20);
  const RatioInterval together = BootstrapRatio(pairs, kWide, 0.85, 300, 1);
  // Groups at random: about as wide, and of twenty copies far wider than of twenty pairs.
  std::vector<JudgedPair> copies;
  for (size_t i = 0; i < 50; ++i) {
    for (size_t k = 0; k < 20; ++k) {
      copies.push_back(pairs[i]);
      copies.back().group = static_cast<uint32_t>(i);
    }
  }
  const RatioInterval copied = BootstrapRatio(copies, kWide, 0.85, 300, 1);
  EXPECT_GT(copied.high - copied.low, 2 * (alone.high - alone.low));
  EXPECT_LT(together.high - together.low, 2 * (alone.high - alone.low));
}

TEST(EvidenceTest, TheAreaCountsRightOrders) {
  const std::vector<JudgedPair> pairs = {
      {0.9, 0.1, true, 0}, {0.8, 0.2, false, 1}, {0.7, 0.9, true, 2}, {0.6, 0.3, false, 3}};
  EXPECT_DOUBLE_EQ(AucOfCosine(pairs), 0.75);
  // All within the band: by score alone 0.9 1, 0.3 0, 0.2 0, 0.1 1.
  EXPECT_DOUBLE_EQ(AucOfRule(pairs, {0.5, 0.5}, 0.8), 0.5);
  // None within it: the cosine's order again.
  EXPECT_DOUBLE_EQ(AucOfRule(pairs, {0, 0}, 0.8), 0.75);
  EXPECT_DOUBLE_EQ(AucOfCosine({{0.9, 0.1, true, 0}}), 0.5);
}

TEST(EvidenceTest, WithoutFalseAcceptsThereIsNothingToGain) {
  const std::vector<JudgedPair> pairs = {{0.9, 0.1, true, 0}, {0.6, 0.3, false, 3}};
  EXPECT_DOUBLE_EQ(Compare(pairs, kWide, 0.85).ratio(), 1);
  EXPECT_DOUBLE_EQ(BootstrapRatio(pairs, kWide, 0.85, 50, 1).high, 1);
}

}  // namespace
}  // namespace semcached::verify
