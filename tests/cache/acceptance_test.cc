#include "cache/acceptance.h"

#include <gtest/gtest.h>

#include <limits>

namespace semcached {
namespace {

class AcceptanceTest : public ::testing::Test {
 protected:
  AcceptanceTest() {
    policy_.guards = {GuardKind::kNumbers, GuardKind::kNegation};
    pair_.query = &query_;
    pair_.cached_query = "turn on three lamps";
    pair_.similarity = 0.9F;
  }
  MissReason Refusal(float threshold = 0.8F) const {
    return Accept(pair_, {threshold, threshold, false}, policy_).refusal;
  }

  const GuardText query_{"turn on 3 lamps"};
  CategoryPolicy policy_;
  QueryPair pair_;
};

TEST_F(AcceptanceTest, NearAndTheSameInWhatMattersPasses) {
  const Acceptance acceptance = Accept(pair_, {0.8F, 0.8F, true}, policy_);
  EXPECT_EQ(acceptance.refusal, MissReason::kNone) << acceptance.verdict;
  EXPECT_TRUE(acceptance.guards.empty());
}

TEST_F(AcceptanceTest, TheThresholdItselfIsNearEnough) {
  EXPECT_EQ(Refusal(0.9F), MissReason::kNone);
  EXPECT_EQ(Refusal(0.900001F), MissReason::kBelowThreshold);
}

TEST_F(AcceptanceTest, AGuardRefusesWhatAVectorCannotTell) {
  pair_.cached_query = "turn on 5 lamps";
  EXPECT_EQ(Refusal(), MissReason::kGuard);
  pair_.cached_query = "turn off 3 lamps";
  EXPECT_EQ(Refusal(), MissReason::kGuard);
}

TEST_F(AcceptanceTest, FeedbackComesBeforeAllElse) {
  pair_.blocked = true;
  pair_.cached_query = "turn off 5 lamps";
  EXPECT_EQ(Refusal(0.95F), MissReason::kFeedback);
}

TEST_F(AcceptanceTest, WhoAsksForAllGuardsHearsOfAllAlsoBelowTheThreshold) {
  pair_.cached_query = "turn off 5 lamps";
  const Acceptance acceptance = Accept(pair_, {0.95F, 0.95F, true}, policy_);
  EXPECT_EQ(acceptance.refusal, MissReason::kBelowThreshold);
  ASSERT_EQ(acceptance.guards.size(), 2U);
  EXPECT_EQ(acceptance.guards[0].guard, GuardKind::kNumbers);
  EXPECT_EQ(acceptance.guards[1].guard, GuardKind::kNegation);
}

TEST_F(AcceptanceTest, WithoutATextGuardsRefuseUnlessThePolicySkipsThem) {
  pair_.cached_query.reset();
  EXPECT_EQ(Refusal(), MissReason::kGuard);
  policy_.guards_without_text = true;
  EXPECT_EQ(Refusal(), MissReason::kNone);
  policy_.guards_without_text = false;
  policy_.guards.clear();
  EXPECT_EQ(Refusal(), MissReason::kNone);
}

// --- with a verifier ---

class VerifiedTest : public AcceptanceTest {
 protected:
  VerifiedTest() { policy_.verifier.mode = VerifierMode::kEnforce; }
  Acceptance Verified(bool accepts) {
    const auto ask = [&](float) {
      ++asked_;
      return VerifyDecision{accepts, VerifyReason::kScore, accepts ? 0.9 : 0.1, 0.5};
    };
    const AskVerifier verifier = ask;
    return Accept(pair_, {0.85F, 0.75F, false}, policy_, &verifier);
  }
  int asked_ = 0;
};

TEST_F(VerifiedTest, TurnsDownWhatIsNearEnough) {
  EXPECT_EQ(Verified(false).refusal, MissReason::kVerifier);
  EXPECT_EQ(Verified(true).refusal, MissReason::kNone);
}

TEST_F(VerifiedTest, LetsInWhatIsNot) {
  pair_.similarity = 0.8F;
  EXPECT_EQ(Verified(true).refusal, MissReason::kNone);
  EXPECT_EQ(Verified(false).refusal, MissReason::kBelowThreshold);
}

TEST_F(VerifiedTest, IsNotAskedFarBelowNorOfWhatAGuardRefuses) {
  pair_.similarity = 0.7F;
  EXPECT_EQ(Verified(true).refusal, MissReason::kBelowThreshold);
  pair_.similarity = 0.9F;
  pair_.cached_query = "turn on 5 lamps";
  EXPECT_EQ(Verified(true).refusal, MissReason::kGuard);
  EXPECT_EQ(asked_, 0);
}

TEST_F(VerifiedTest, InShadowChangesNothing) {
  policy_.verifier.mode = VerifierMode::kShadow;
  const Acceptance acceptance = Verified(false);
  EXPECT_EQ(acceptance.refusal, MissReason::kNone);
  ASSERT_TRUE(acceptance.verified.has_value());
  EXPECT_FALSE(acceptance.verified->accept);
  pair_.similarity = 0.8F;
  EXPECT_EQ(Verified(true).refusal, MissReason::kBelowThreshold);
}

TEST_F(AcceptanceTest, WhatIsNoNumberIsNotNear) {
  pair_.similarity = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(Refusal(), MissReason::kBelowThreshold);
}

}  // namespace
}  // namespace semcached
