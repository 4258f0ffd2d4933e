#include "semcached/verify/train.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "support/fake_clock.h"
#include "verify/made_pairs.h"

namespace semcached {
namespace {

using ::testing::HasSubstr;

class TrainTest : public ::testing::Test {
 protected:
  TrainedVerifier Train(const std::vector<VerifyPair>& pairs, const TrainOptions& options) {
    absl::StatusOr<TrainedVerifier> trained = TrainVerifier(pairs, options, Call(clock_));
    EXPECT_TRUE(trained.ok()) << trained.status();
    return *std::move(trained);
  }

  FakeClock clock_;
};

TEST_F(TrainTest, WhereWordsCarryTheTruthTheGainIsShown) {
  const std::vector<VerifyPair> pairs = MakePairs(1600, Truth::kWords, 1);
  const TrainedVerifier trained = Train(pairs, MadeOptions());
  const VerifierEvidence& evidence = trained.evidence;
  EXPECT_TRUE(evidence.adopted) << evidence.reason;
  EXPECT_THAT(evidence.reason, HasSubstr("a gain"));
  EXPECT_EQ(evidence.pairs, 1600U);
  EXPECT_EQ(evidence.groups, 1600U);
  EXPECT_EQ(evidence.held_out_pairs, 400U);
  EXPECT_NEAR(evidence.auc_cosine, 0.5, 0.1);
  EXPECT_GT(evidence.auc_rule, 0.9);
  EXPECT_NEAR(evidence.false_accept_cosine, 0.5, 0.1);
  EXPECT_LT(evidence.ratio, 0.1);
  EXPECT_LT(evidence.ratio_high, 0.5);
}

TEST_F(TrainTest, TheVerifierTellsPairsThatItNeverSaw) {
  const TrainedVerifier trained = Train(MakePairs(1600, Truth::kWords, 1), MadeOptions());
  const absl::StatusOr<CategoryVerifier> verifier = MakeCategoryVerifier(trained);
  ASSERT_TRUE(verifier.ok()) << verifier.status();
  EXPECT_EQ(verifier->category, "made");
  EXPECT_EQ(verifier->verifier->identity(), "made@1/16");
  int duplicates = 0, hits = 0, plain_hits = 0, false_accepts = 0;
  const std::vector<VerifyPair> others = MakePairs(500, Truth::kWords, 2);
  for (const VerifyPair& pair : others) {
    double similarity = 0;
    for (size_t i = 0; i < pair.vector_a.size(); ++i) {
      similarity += pair.vector_a[i] * pair.vector_b[i];
    }
    const bool accepted =
        verifier
            ->Decide({pair.text_a, pair.text_b, pair.vector_a, pair.vector_b, similarity}, 0.85, 0,
                     Call(clock_))
            .accept;
    if (pair.duplicate) {
      ++duplicates;
      hits += accepted ? 1 : 0;
      plain_hits += similarity >= 0.85 ? 1 : 0;
    } else {
      false_accepts += accepted ? 1 : 0;
    }
  }
  EXPECT_NEAR(hits, plain_hits, duplicates * 0.15);
  EXPECT_LT(false_accepts, (500 - duplicates) / 10);
}

TEST_F(TrainTest, WhereLabelsAreNoiseNothingIsAdopted) {
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    const TrainedVerifier trained = Train(MakePairs(1000, Truth::kNoise, seed), MadeOptions(seed));
    EXPECT_FALSE(trained.evidence.adopted) << trained.evidence.reason;
    EXPECT_THAT(trained.evidence.reason, HasSubstr("no gain shown"));
    EXPECT_GE(trained.evidence.ratio_high, 1);
    EXPECT_TRUE(absl::IsFailedPrecondition(MakeCategoryVerifier(trained).status()));
  }
}

TEST_F(TrainTest, TheSameSeedGivesTheSameVerifierAndAnotherOneAnother) {
  const std::vector<VerifyPair> pairs = MakePairs(1200, Truth::kWords, 1);
  const TrainedVerifier first = Train(pairs, MadeOptions(5));
  EXPECT_EQ(Train(pairs, MadeOptions(5)), first);
  EXPECT_NE(Train(pairs, MadeOptions(6)).model, first.model);
}

TEST_F(TrainTest, TooFewPairsAreNoErrorAndNothingIsAdopted) {
  const TrainedVerifier few = Train(MakePairs(200, Truth::kWords, 1), MadeOptions());
  EXPECT_FALSE(few.evidence.adopted);
  EXPECT_THAT(few.evidence.reason, HasSubstr("too few pairs: held out are"));
  EXPECT_TRUE(few.model.networks.empty());
  const TrainedVerifier none = Train({}, MadeOptions());
  EXPECT_FALSE(none.evidence.adopted);
}

TEST_F(TrainTest, OneLabelOnlyTeachesNothing) {
  std::vector<VerifyPair> pairs = MakePairs(1200, Truth::kWords, 1);
  for (VerifyPair& pair : pairs) pair.duplicate = true;
  EXPECT_THAT(Train(pairs, MadeOptions()).evidence.reason, HasSubstr("only duplicates"));
  for (VerifyPair& pair : pairs) pair.duplicate = false;
  EXPECT_THAT(Train(pairs, MadeOptions()).evidence.reason, HasSubstr("there are no duplicates"));
}

TEST_F(TrainTest, WhatTheCosineGetsRightNeedsNoVerifier) {
  std::vector<VerifyPair> pairs = MakePairs(1200, Truth::kWords, 1);
  for (VerifyPair& pair : pairs) {
    if (!pair.duplicate) pair.vector_b.assign(pair.vector_b.size(), 0.1F);
  }
  const TrainedVerifier trained = Train(pairs, MadeOptions());
  EXPECT_FALSE(trained.evidence.adopted);
  EXPECT_THAT(trained.evidence.reason, HasSubstr("the cosine falsely accepts 0"));
}

TEST_F(TrainTest, ACallThatIsOverStopsTheTraining) {
  const std::vector<VerifyPair> pairs = MakePairs(1200, Truth::kWords, 1);
  const Call late(clock_, clock_.Monotonic());
  EXPECT_TRUE(absl::IsDeadlineExceeded(TrainVerifier(pairs, MadeOptions(), late).status()));
}

TEST_F(TrainTest, BadPairsAndOptionsAreInvalid) {
  const std::vector<VerifyPair> good = MakePairs(10, Truth::kWords, 1);
  const auto refused = [&](const std::vector<VerifyPair>& pairs, const TrainOptions& options) {
    return absl::IsInvalidArgument(TrainVerifier(pairs, options, Call(clock_)).status());
  };
  std::vector<VerifyPair> pairs = good;
  pairs[3].text_b.clear();
  EXPECT_TRUE(refused(pairs, MadeOptions()));
  pairs = good;
  pairs[3].vector_b.pop_back();
  EXPECT_TRUE(refused(pairs, MadeOptions()));
  pairs = good;
  pairs[3].vector_a[0] = std::numeric_limits<float>::infinity();
  EXPECT_TRUE(refused(pairs, MadeOptions()));
  TrainOptions options = MadeOptions();
  options.reference_threshold = 0.5;
  EXPECT_TRUE(refused(good, options));
  options = MadeOptions();
  options.band.below = -0.1;
  EXPECT_TRUE(refused(good, options));
  options = MadeOptions();
  options.networks = 0;
  EXPECT_TRUE(refused(good, options));
}

}  // namespace
}  // namespace semcached
