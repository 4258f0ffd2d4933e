#include "semcached/replay/replay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "semcached/replay/study.h"
#include "semcached/replay/variants.h"

namespace semcached {
namespace {

// One category whose first intent has two texts at a cosine of 0.78: below the threshold of 0.80,
// and above what load makes of it.
class ReplayTest : public testing::Test {
 protected:
  ReplayTest() {
    CategoryPolicy& policy = policies_.categories["code"];
    policy.category = "code";
    policy.similarity_threshold = 0.80F;
    policy.ttl = absl::Hours(1);
    policy.adaptation.mode = AdaptationMode::kEnforce;
    policy.adaptation.max_threshold_drop = 0.04F;
    policy.adaptation.min_similarity_threshold = 0.76F;
    policy.adaptation.max_ttl_factor = 2;
    policies_.default_category = "code";
    AddIntent({{"reverse a list", {1, 0, 0, 0}}, {"turn a list around", {0.78F, 0.62578F, 0, 0}}});
    AddIntent({{"sort a list", {0, 0, 1, 0}}});
    AddIntent({{"sort the list", {0, 0, 0.9F, 0.43589F}}});
    parts_.bank = &bank_;
    parts_.stream = &stream_;
    parts_.facts = &facts_;
    parts_.slots = 1;
    parts_.speed = {
        .input_token_seconds = 1e-9, .output_token_seconds = 1, .full_batch_slowdown = 1};
    parts_.identity = "test/4";
  }

  void AddIntent(const std::vector<std::pair<std::string, std::vector<float>>>& texts) {
    Intent intent{"code", {}};
    for (const auto& [text, vector] : texts) {
      intent.texts.push_back(text);
      bank_.vectors[text] = vector;
    }
    bank_.by_category["code"].push_back(bank_.intents.size());
    bank_.intents.push_back(intent);
  }
  void AskAt(double second, size_t intent, size_t text = 0, int64_t output_tokens = 1) {
    Ask ask;
    ask.at = absl::Seconds(second);
    ask.intent = intent;
    ask.text = text;
    ask.work = {ask.at, 0, output_tokens};
    (second < 0 ? stream_.history : stream_.trace).push_back(ask);
  }
  ReplayRun Play(VariantKind kind) {
    auto run = Replay(parts_, PoliciesOf(kind, policies_));
    EXPECT_TRUE(run.ok()) << run.status();
    return run.ok() ? *std::move(run) : ReplayRun();
  }

  CategoryPolicySet policies_;
  QuestionBank bank_;
  AskStream stream_;
  std::map<std::string, absl::Duration> facts_;
  ReplayParts parts_;
};

TEST_F(ReplayTest, AMissIsAHitOnceTheModelHasAnswered) {
  AskAt(0, 0, 0, 10);
  AskAt(5, 0);  // the answer is not there yet
  AskAt(30, 0);
  const ReplayRun run = Play(VariantKind::kOff);
  ASSERT_EQ(run.answered.size(), 3U);
  EXPECT_TRUE(run.answered[0].model_call);
  EXPECT_TRUE(run.answered[1].model_call);
  EXPECT_EQ(run.answered[0].cause, CallCause::kNew);
  EXPECT_EQ(run.answered[1].cause, CallCause::kInFlight);
  EXPECT_TRUE(run.answered[2].hit);
  EXPECT_FALSE(run.answered[2].wrong);
  EXPECT_FALSE(run.answered[2].model_call);
  EXPECT_NEAR(run.answered[0].latency, 10, 1e-3);
  EXPECT_NEAR(run.answered[1].latency, 6, 1e-3);  // five seconds of waiting, one of work
  ASSERT_EQ(run.utilization.size(), 31U);
  EXPECT_EQ(run.utilization[7], 2);
}

TEST_F(ReplayTest, WhatWasAskedBeforeIsThere) {
  AskAt(-100, 1);
  AskAt(0, 1);
  EXPECT_TRUE(Play(VariantKind::kOff).answered[0].hit);
}

TEST_F(ReplayTest, AnotherIntentsAnswerIsWrong) {
  AskAt(-100, 1);
  AskAt(0, 2);
  const ReplayRun run = Play(VariantKind::kOff);
  EXPECT_TRUE(run.answered[0].hit);
  EXPECT_TRUE(run.answered[0].wrong);
}

TEST_F(ReplayTest, AnOldFactIsOutdated) {
  facts_["code"] = absl::Minutes(1);
  AskAt(-100, 1);
  AskAt(0, 1);
  const ReplayRun run = Play(VariantKind::kOff);
  EXPECT_TRUE(run.answered[0].hit);
  EXPECT_TRUE(run.answered[0].outdated);
}

TEST_F(ReplayTest, UnderLoadAThresholdGivesWay) {
  AskAt(-100, 0);
  for (int i = 0; i < 5; ++i) AskAt(i, 1, 0, 60);  // overload of the only slot
  AskAt(60, 0, 1);
  EXPECT_EQ(Play(VariantKind::kOff).answered.back().cause, CallCause::kWords);
  EXPECT_FALSE(Play(VariantKind::kTtl).answered.back().hit);
  EXPECT_TRUE(Play(VariantKind::kThreshold).answered.back().hit);
  const ReplayRun run = Play(VariantKind::kAll);
  EXPECT_TRUE(run.answered.back().hit);
  EXPECT_FALSE(run.answered.back().wrong);
  EXPECT_GT(run.load_factor.back(), 0.5);
}

TEST_F(ReplayTest, UnderLoadATtlIsLonger) {
  AskAt(-4000, 0);  // the TTL is an hour
  for (int i = 0; i < 5; ++i) AskAt(i, 1, 0, 60);
  AskAt(60, 0, 0);
  EXPECT_EQ(Play(VariantKind::kOff).answered.back().cause, CallCause::kExpired);
  EXPECT_FALSE(Play(VariantKind::kThreshold).answered.back().hit);
  EXPECT_TRUE(Play(VariantKind::kTtl).answered.back().hit);
}

TEST_F(ReplayTest, OverloadIsThatOfTheRunWithoutAdaptation) {
  AskAt(-100, 0);
  for (int i = 0; i < 5; ++i) AskAt(i, 1, 0, 60);
  AskAt(60, 0, 1);
  const ReplayRun off = Play(VariantKind::kOff);
  const std::vector<bool> overload = OverloadOf(off);
  EXPECT_TRUE(overload.back());
  const ReplayFigures without = FiguresOf(off, stream_, bank_, overload);
  const ReplayFigures with = FiguresOf(Play(VariantKind::kAll), stream_, bank_, overload);
  EXPECT_EQ(without.all.overload_lookups, with.all.overload_lookups);
  EXPECT_EQ(without.all.overload_calls - with.all.overload_calls, 1);
  EXPECT_NEAR(SavedCalls({with}, {without}).front(),
              1.0 / static_cast<double>(without.all.overload_calls), 1e-9);
}

TEST_F(ReplayTest, WithoutACacheAllGoesToTheModel) {
  AskAt(0, 0);
  AskAt(3, 0);
  const ReplayRun run = ReplayWithoutCache(parts_);
  EXPECT_TRUE(run.answered[1].model_call);
  EXPECT_FALSE(run.answered[1].hit);
}

}  // namespace
}  // namespace semcached
