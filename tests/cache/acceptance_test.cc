#include "cache/acceptance.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <string_view>

#include "semcached/guard/redaction.h"

namespace semcached {
namespace {

constexpr std::string_view kQuery = "turn on 3 lamps";
constexpr HashKey kKey = {1, 2, 3};

class AcceptanceTest : public ::testing::Test {
 protected:
  AcceptanceTest() {
    policy_.guards = {GuardKind::kNumbers, GuardKind::kNegation};
    pair_.query = &query_;
    pair_.cached.query = "turn on three lamps";
    pair_.similarity = 0.9F;
  }
  MissReason Refusal(float threshold = 0.8F) const {
    return Accept(pair_, {threshold, threshold, false}, policy_).refusal;
  }

  GuardedQuery query_{kQuery, kKey};
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
  pair_.cached.query = "turn on 5 lamps";
  EXPECT_EQ(Refusal(), MissReason::kGuard);
  pair_.cached.query = "turn off 3 lamps";
  EXPECT_EQ(Refusal(), MissReason::kGuard);
}

TEST_F(AcceptanceTest, FeedbackComesBeforeAllElse) {
  pair_.blocked = true;
  pair_.cached.query = "turn off 5 lamps";
  EXPECT_EQ(Refusal(0.95F), MissReason::kFeedback);
}

TEST_F(AcceptanceTest, WhoAsksForAllGuardsHearsOfAllAlsoBelowTheThreshold) {
  pair_.cached.query = "turn off 5 lamps";
  const Acceptance acceptance = Accept(pair_, {0.95F, 0.95F, true}, policy_);
  EXPECT_EQ(acceptance.refusal, MissReason::kBelowThreshold);
  ASSERT_EQ(acceptance.guards.size(), 2U);
  EXPECT_EQ(acceptance.guards[0].guard, GuardKind::kNumbers);
  EXPECT_EQ(acceptance.guards[1].guard, GuardKind::kNegation);
}

TEST_F(AcceptanceTest, WithoutATextGuardsRefuseUnlessThePolicySkipsThem) {
  pair_.cached.query.reset();
  EXPECT_EQ(Refusal(), MissReason::kGuard);
  policy_.guards_without_text = true;
  EXPECT_EQ(Refusal(), MissReason::kNone);
  policy_.guards_without_text = false;
  policy_.guards.clear();
  EXPECT_EQ(Refusal(), MissReason::kNone);
}

// --- without the stored text, but what guards need of it ---

TEST_F(AcceptanceTest, WhatIsKeptInPlaceOfATextIsComparedLikeOne) {
  pair_.cached.query.reset();
  const auto verdict = [&](const std::string& cached) {
    const std::string redacted = RedactForGuards(cached, kKey);
    pair_.cached.guard_text = redacted;
    return Accept(pair_, {0.8F, 0.8F, false}, policy_).verdict;
  };
  EXPECT_EQ(verdict("turn on three lamps"), "");
  EXPECT_EQ(verdict("turn on 5 lamps"), "numbers: numbers differ: 3 against 5");
  EXPECT_EQ(verdict("turn off 3 lamps"), "negation: opposites: on against off");
}

TEST_F(AcceptanceTest, AVerdictShowsNoPseudonym) {
  policy_.guards = {GuardKind::kEntities};
  pair_.cached.query.reset();
  GuardedQuery query("the capital of zorblax", kKey);
  pair_.query = &query;
  const std::string redacted = RedactForGuards("the capital of flurbia", kKey);
  pair_.cached.guard_text = redacted;
  const Acceptance acceptance = Accept(pair_, {0.8F, 0.8F, true}, policy_);
  EXPECT_EQ(acceptance.verdict, "entities: names differ");
  ASSERT_EQ(acceptance.guards.size(), 1U);
  EXPECT_EQ(acceptance.guards[0].reason, "names differ");
}

TEST(GuardedQueryTest, OnlyAQueryThatIsNotStoredIsRedactedAndOnlyForGuards) {
  CategoryPolicy policy;
  policy.guards = {GuardKind::kNumbers};
  EXPECT_EQ(GuardTextFor(policy, "sort zorblax", kKey), std::nullopt);
  policy.store_query = false;
  EXPECT_EQ(GuardTextFor(policy, "sort zorblax", kKey), RedactForGuards("sort zorblax", kKey));
  EXPECT_EQ(GuardTextFor(policy, "", kKey), std::nullopt);
  policy.guards.clear();
  EXPECT_EQ(GuardTextFor(policy, "sort zorblax", kKey), std::nullopt);
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
  pair_.cached.query = "turn on 5 lamps";
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
