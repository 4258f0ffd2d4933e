#include "semcached/verify/decision.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <random>

#include "semcached/verify/verifier_set.h"
#include "support/fake_clock.h"
#include "support/fake_verifier.h"

namespace semcached {
namespace {

CutTable Flat(double cut) {
  std::array<double, CutTable::kSize> cuts;
  cuts.fill(cut);
  return CutTable(cuts);
}

const VerifyRule kRule = {{0.10, 0.05}, Flat(0.6)};

struct Answer {
  absl::StatusOr<double> score = 0.5;
  int asked = 0;

  VerifyDecision Decide(double similarity, double threshold = 0.85, double least = 0) {
    return DecideByBand(similarity, threshold, least, kRule, [this] {
      ++asked;
      return score;
    });
  }
};

TEST(DecideByBandTest, FarFromTheThresholdNobodyIsAsked) {
  Answer answer{1.0};
  EXPECT_EQ(answer.Decide(0.74), (VerifyDecision{false, VerifyReason::kBelowBand}));
  EXPECT_EQ(answer.Decide(0.91), (VerifyDecision{true, VerifyReason::kAboveBand}));
  EXPECT_EQ(answer.asked, 0);
}

TEST(DecideByBandTest, InTheBandTheScoreDecidesOnBothSidesOfTheThreshold) {
  Answer sure{0.6};
  EXPECT_EQ(sure.Decide(0.76), (VerifyDecision{true, VerifyReason::kScore, 0.6, 0.6}));
  EXPECT_TRUE(sure.Decide(0.89).accept);
  Answer unsure{0.59};
  EXPECT_EQ(unsure.Decide(0.89), (VerifyDecision{false, VerifyReason::kScore, 0.59, 0.6}));
  EXPECT_FALSE(unsure.Decide(0.76).accept);
  EXPECT_EQ(unsure.asked, 2);
}

TEST(DecideByBandTest, NothingBelowTheLeastSimilarityIsAccepted) {
  Answer answer{1.0};
  EXPECT_EQ(answer.Decide(0.84, 0.85, 0.85), (VerifyDecision{false, VerifyReason::kBelowLeast}));
  EXPECT_EQ(answer.Decide(0.94, 0.85, 0.95), (VerifyDecision{false, VerifyReason::kBelowLeast}));
  EXPECT_EQ(answer.asked, 0);
  EXPECT_TRUE(answer.Decide(0.85, 0.85, 0.85).accept);
}

TEST(DecideByBandTest, AFailureFallsBackOnThePlainCosine) {
  for (const absl::StatusOr<double>& failure :
       {absl::StatusOr<double>(absl::DeadlineExceededError("out of time")),
        absl::StatusOr<double>(absl::InternalError("broken")),
        absl::StatusOr<double>(std::numeric_limits<double>::quiet_NaN()),
        absl::StatusOr<double>(1.5), absl::StatusOr<double>(-0.1)}) {
    Answer answer{failure};
    EXPECT_EQ(answer.Decide(0.86), (VerifyDecision{true, VerifyReason::kNoAnswer}));
    EXPECT_EQ(answer.Decide(0.84), (VerifyDecision{false, VerifyReason::kNoAnswer}));
  }
}

TEST(DecideByBandTest, WhereNoCutWasLearnedThePlainCosineDecides) {
  Answer answer{1.0};
  EXPECT_EQ(answer.Decide(0.99, 0.995), (VerifyDecision{false, VerifyReason::kNoCut}));
  EXPECT_EQ(answer.Decide(0.66, 0.65), (VerifyDecision{true, VerifyReason::kNoCut}));
  EXPECT_EQ(answer.asked, 0);
}

TEST(DecideByBandTest, NanIsRefused) {
  Answer answer{1.0};
  EXPECT_FALSE(answer.Decide(std::numeric_limits<double>::quiet_NaN()).accept);
  EXPECT_FALSE(answer.Decide(0.9, std::numeric_limits<double>::quiet_NaN()).accept);
}

TEST(DecideByBandTest, NoCombinationLoosensTheLeastSimilarity) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> share(0, 1);
  for (int i = 0; i < 10000; ++i) {
    const VerifyRule rule = {{share(random), share(random)}, Flat(share(random))};
    const double similarity = share(random);
    const double threshold = share(random);
    const double least = share(random);
    const VerifyDecision decision = DecideByBand(
        similarity, threshold, least, rule, [&] { return absl::StatusOr<double>(share(random)); });
    if (!decision.accept) continue;
    EXPECT_GE(similarity, least);
    EXPECT_GE(similarity, LeastSearched(threshold, least, rule));
  }
}

TEST(CutTableTest, CutsAreLinearBetweenThresholds) {
  std::array<double, CutTable::kSize> cuts;
  for (size_t i = 0; i < cuts.size(); ++i) cuts[i] = static_cast<double>(i) / 20;
  const CutTable table(cuts);
  EXPECT_DOUBLE_EQ(*table.At(0.70), 0);
  EXPECT_NEAR(*table.At(0.71), 0.025, 1e-9);
  EXPECT_NEAR(*table.At(0.98), 0.7, 1e-9);
  EXPECT_NEAR(*table.At(0.90 + 0.08), 0.7, 1e-9);
  EXPECT_FALSE(table.At(0.6999).has_value());
  EXPECT_FALSE(table.At(0.9801).has_value());
  EXPECT_FALSE(table.At(std::numeric_limits<double>::quiet_NaN()).has_value());
}

TEST(VerifierSetTest, ACategoryHasTheVerifierOfItsEmbeddingOnly) {
  const auto code = std::make_shared<FakeVerifier>("mini@1/8");
  const auto judge = std::make_shared<FakeVerifier>("");
  const VerifierSet set({{"code", code, kRule}, {"medical", judge, kRule}});
  ASSERT_NE(set.Find("code", "mini@1/8"), nullptr);
  EXPECT_EQ(set.Find("code", "mini@1/8")->verifier, code);
  EXPECT_EQ(set.Find("code", "mini@2/8"), nullptr);
  EXPECT_EQ(set.Find("legal", "mini@1/8"), nullptr);
  // One that looks at the texts only takes any.
  EXPECT_NE(set.Find("medical", "mini@2/8"), nullptr);
}

TEST(VerifierSetTest, AChangeLeavesTheSetAsItWas) {
  const auto first = std::make_shared<FakeVerifier>("mini@1/8");
  const auto second = std::make_shared<FakeVerifier>("mini@1/8");
  const VerifierSet set({{"code", first, kRule}});
  const VerifierSet changed = set.With({"code", second, kRule});
  EXPECT_EQ(changed.Find("code", "mini@1/8")->verifier, second);
  EXPECT_EQ(set.Find("code", "mini@1/8")->verifier, first);
}

TEST(CategoryVerifierTest, AsksItsVerifierWithinTheCallsTime) {
  FakeClock clock;
  const auto fake = std::make_shared<FakeVerifier>("", 0.9);
  const CategoryVerifier verifier = {"code", fake, kRule};
  const VerifyCandidate candidate = {"turn it on", "switch it on", {}, {}, 0.8};
  const Call in_time(clock, clock.Monotonic() + absl::Milliseconds(1));
  EXPECT_TRUE(verifier.Decide(candidate, 0.85, 0, in_time).accept);
  clock.Advance(absl::Milliseconds(2));
  EXPECT_EQ(verifier.Decide(candidate, 0.85, 0, in_time),
            (VerifyDecision{false, VerifyReason::kNoAnswer}));
  EXPECT_EQ(fake->calls(), 1);
}

}  // namespace
}  // namespace semcached
