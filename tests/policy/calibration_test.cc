#include "semcached/policy/calibration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace semcached {
namespace {

using testing::HasSubstr;

// A world in which an answer at `similarity` is wrong with a known chance, and lookups find
// candidates at random similarities.
class World {
 public:
  explicit World(uint64_t seed) : random_(seed) {}

  double level = -7;  // log odds of wrong at similarity 1
  double slope = 3;   // for each 0.1 less
  double verdict_share = 1;
  double lowest = 0.6;  // of the candidates

  double ChanceOfWrong(double similarity) const {
    return 1 / (1 + std::exp(-(level + slope * (1 - similarity) / 0.1)));
  }

  // One lookup under `threshold`.
  void LookUp(double threshold, CategoryEvidence* evidence) {
    const double similarity = lowest + (1 - lowest) * Uniform();
    const bool served = similarity >= threshold;
    const bool wrong = Uniform() < ChanceOfWrong(similarity);
    evidence->AddCandidate(similarity, served);
    if (served) {
      ++hits;
      false_hits += wrong ? 1 : 0;
    }
    if (Uniform() >= verdict_share || similarity < threshold - 0.05) return;
    evidence->AddVerdict(similarity, wrong ? EvidenceVerdict::kWrong : EvidenceVerdict::kRight,
                         served ? EvidenceSource::kFeedback : EvidenceSource::kNearMiss);
  }

  // Follows the calibration from `terms.configured` on for `lookups`.
  Calibration Live(int lookups, BudgetTerms* terms, CategoryEvidence* evidence) {
    Calibration last;
    for (int i = 0; i < lookups; ++i) {
      if (i % 60 == 0) {
        last = Calibrate(*evidence, *terms);
        terms->current = last.threshold;
      }
      LookUp(terms->current, evidence);
    }
    return last;
  }

  double rate() const { return static_cast<double>(false_hits) / std::max(1, hits); }
  int hits = 0;
  int false_hits = 0;

 private:
  double Uniform() { return std::uniform_real_distribution<double>(0, 1)(random_); }
  std::mt19937_64 random_;
};

constexpr BudgetTerms kTerms{.budget = 0.02, .configured = 0.9, .least = 0.7, .current = 0.9};

uint64_t Seed() {
  static const uint64_t seed = std::random_device()();
  return seed;
}
#define TELL_SEED SCOPED_TRACE(testing::Message() << "seed " << Seed())

TEST(Calibrate, ThinEvidenceLeavesWhatIsConfigured) {
  CategoryEvidence evidence;
  for (int i = 0; i < 49; ++i) {
    evidence.AddVerdict(0.95, EvidenceVerdict::kWrong, EvidenceSource::kFeedback);
  }
  const Calibration thin = Calibrate(evidence, kTerms);
  EXPECT_EQ(thin.state, BudgetState::kThin);
  EXPECT_EQ(thin.threshold, 0.9);
  EXPECT_EQ(thin.floor, 0.9);
  EXPECT_FALSE(thin.rate_estimate.has_value());
  EXPECT_THAT(thin.reason, HasSubstr("48 verdicts, 50 are needed"));
}

TEST(EstimateWrong, NeverGrowsWithSimilarityAndFollowsTheVerdicts) {
  TELL_SEED;
  World world(Seed());
  CategoryEvidence evidence;
  for (int i = 0; i < 8000; ++i) world.LookUp(0.6, &evidence);
  const WrongCurve curve = EstimateWrong(evidence);
  for (size_t bin = 1; bin < CategoryEvidence::kBins; ++bin) {
    ASSERT_LE(curve.points[bin].wrong, curve.points[bin - 1].wrong + 1e-12);
    ASSERT_GT(curve.points[bin].wrong, 0);
    ASSERT_LT(curve.points[bin].wrong, 1);
  }
  for (const double similarity : {0.65, 0.75, 0.85, 0.95}) {
    EXPECT_NEAR(curve.points[*CategoryEvidence::BinOf(similarity)].wrong,
                world.ChanceOfWrong(similarity), 0.12)
        << similarity;
  }
}

TEST(EstimateWrong, IsCautiousBeforeAnyVerdict) {
  const WrongCurve curve = EstimateWrong(CategoryEvidence());
  EXPECT_GT(curve.points[*CategoryEvidence::BinOf(0.99)].wrong, 0.03);
  EXPECT_GT(curve.points[*CategoryEvidence::BinOf(0.8)].wrong, 0.4);
}

TEST(Calibrate, LowersAThresholdThatIsStricterThanTheBudgetAsks) {
  TELL_SEED;
  World world(Seed());
  BudgetTerms terms = kTerms;
  terms.configured = terms.current = 0.95;
  CategoryEvidence evidence;
  const Calibration last = world.Live(20'000, &terms, &evidence);
  EXPECT_EQ(last.state, BudgetState::kKept) << last.reason;
  EXPECT_LT(last.threshold, 0.90);
  EXPECT_LT(world.rate(), 0.02 * 1.2);
}

TEST(Calibrate, RaisesAThresholdThatOverspendsAndEarnsItBack) {
  TELL_SEED;
  World world(Seed());
  BudgetTerms terms = kTerms;
  terms.configured = terms.current = 0.72;
  CategoryEvidence evidence;
  world.Live(600, &terms, &evidence);
  EXPECT_GT(terms.current, 0.78);
  world.Live(30'000, &terms, &evidence);
  EXPECT_LT(world.rate(), 0.02 * 1.2);
  EXPECT_GT(world.hits, 5000);
}

TEST(Calibrate, FewVerdictsMakeItMoreCareful) {
  TELL_SEED;
  World plenty(Seed());
  World scarce(Seed());
  scarce.verdict_share = 0.05;
  BudgetTerms with_plenty = kTerms;
  BudgetTerms with_scarce = kTerms;
  CategoryEvidence much;
  CategoryEvidence little;
  for (int i = 0; i < 8000; ++i) {
    plenty.LookUp(0.88, &much);
    scarce.LookUp(0.88, &little);
  }
  EXPECT_LE(Calibrate(much, with_plenty).threshold,
            Calibrate(little, with_scarce).threshold + 0.02);
}

TEST(Calibrate, SaysWhereNoThresholdKeepsTheBudget) {
  TELL_SEED;
  World world(Seed());
  world.level = -1;  // a quarter is wrong even at 1
  BudgetTerms terms = kTerms;
  CategoryEvidence evidence;
  const Calibration last = world.Live(6000, &terms, &evidence);
  EXPECT_EQ(last.state, BudgetState::kUnreachable) << last.reason;
  EXPECT_EQ(last.threshold, 1);
  EXPECT_EQ(last.floor, 1);
  EXPECT_THAT(last.reason, HasSubstr("no threshold keeps 2.00 %"));
}

TEST(Calibrate, DoesNotGoWhereNothingWasSeen) {
  CategoryEvidence evidence;
  for (int i = 0; i < 3000; ++i) {  // hits only, all right, none told of what was refused
    evidence.AddCandidate(0.95, true);
    evidence.AddVerdict(0.95, EvidenceVerdict::kRight, EvidenceSource::kFeedback);
  }
  EXPECT_GE(Calibrate(evidence, kTerms).threshold, 0.949);
}

TEST(Calibrate, FallsByAStepAtATime) {
  CategoryEvidence evidence;
  for (int i = 0; i < 4000; ++i) {
    const double similarity = 0.7 + 0.3 * (i % 100) / 100;
    evidence.AddCandidate(similarity, similarity >= 0.9);
    evidence.AddVerdict(similarity, EvidenceVerdict::kRight, EvidenceSource::kAudit);
  }
  EXPECT_NEAR(Calibrate(evidence, kTerms).threshold, 0.9 - kMostDrop, 1e-6);
}

TEST(Calibrate, StaysWithinItsBoundsWhateverTheEvidence) {
  TELL_SEED;
  std::mt19937_64 random(Seed());
  std::uniform_real_distribution<double> fraction(0, 1);
  for (int round = 0; round < 300; ++round) {
    CategoryEvidence evidence;
    const double wrong = fraction(random);
    for (int i = 0; i < 200; ++i) {
      const double similarity = 0.5 + fraction(random) / 2;
      evidence.AddCandidate(similarity, fraction(random) < 0.5);
      evidence.AddVerdict(
          similarity, fraction(random) < wrong ? EvidenceVerdict::kWrong : EvidenceVerdict::kRight,
          static_cast<EvidenceSource>(random() % 3));
    }
    BudgetTerms terms;
    terms.budget = 0.001 + 0.9 * fraction(random);
    terms.configured = 0.5 + fraction(random) / 2;
    terms.least = terms.configured * fraction(random);
    terms.current = terms.least + (1 - terms.least) * fraction(random);
    const Calibration result = Calibrate(evidence, terms);
    ASSERT_GE(result.threshold, terms.least);
    ASSERT_LE(result.threshold, 1);
    ASSERT_GE(result.floor, terms.least);
    ASSERT_LE(result.floor, result.threshold);
    ASSERT_GT(result.target, 0);
    ASSERT_FALSE(result.reason.empty());
  }
}

TEST(FindDrift, IsQuietWhileTheWorldStays) {
  TELL_SEED;
  World world(Seed());
  CategoryEvidence evidence;
  int found = 0;
  for (int i = 0; i < 20'000; ++i) {
    world.LookUp(0.85, &evidence);
    if (i % 100 == 0) found += FindDrift(evidence).found ? 1 : 0;
  }
  EXPECT_LE(found, 2);
}

TEST(FindDrift, SeesAnswersThatTurnWrong) {
  TELL_SEED;
  World world(Seed());
  CategoryEvidence evidence;
  for (int i = 0; i < 6000; ++i) world.LookUp(0.85, &evidence);
  EXPECT_FALSE(FindDrift(evidence).found);
  world.level = -2.5;
  for (int i = 0; i < 1000; ++i) world.LookUp(0.85, &evidence);
  const Drift drift = FindDrift(evidence);
  EXPECT_TRUE(drift.found);
  EXPECT_GT(drift.recent_rate, 2 * drift.expected_rate);
}

}  // namespace
}  // namespace semcached
