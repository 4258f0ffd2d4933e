// What becomes of answers that somebody calls wrong, or right.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "cache/audit.h"
#include "cache/blocked_pairs.h"
#include "cache/cache_fixture.h"
#include "semcached/index/similarity.h"

namespace semcached {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class FeedbackTest : public CacheTest {
 protected:
  FeedbackTest() {
    Policy("code").similarity_threshold = 0.80F;
    Insert(Tell("sort ascending", Axis(0), "answer"));
  }

  FeedbackResult Report(const std::string& lookup_id, HitVerdict verdict) {
    const auto result = cache_->Report({"", 0, lookup_id, verdict});
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? *result : FeedbackResult();
  }
  LookupResult Hit() { return Lookup(Ask("sort descending", Near(0, 0.95))); }
};

TEST_F(FeedbackTest, AWrongAnswerIsTakenOutAtOnceAndForGood) {
  const LookupResult hit = Hit();
  ASSERT_EQ(hit.outcome, Outcome::kHitSemantic);
  const FeedbackResult result = Report(hit.lookup_id, HitVerdict::kWrong);
  EXPECT_TRUE(result.quarantined);
  EXPECT_TRUE(result.pair_blocked);
  EXPECT_EQ(Answer(Ask("sort ascending", Axis(0))), "miss:no_candidate");
  Restart();
  EXPECT_EQ(Answer(Ask("sort ascending", Axis(0))), "miss:no_candidate");
}

TEST_F(FeedbackTest, ABlockedPairStaysApartWhenTheEntryComesBack) {
  Report(Hit().lookup_id, HitVerdict::kWrong);
  Insert(Tell("sort ascending", Axis(0), "the same answer again"));
  EXPECT_EQ(Answer(Ask("sort descending", Near(0, 0.95))), "miss:feedback");
  EXPECT_EQ(Answer(Ask("sort ascending", Axis(0))), "exact:the same answer again");
  EXPECT_EQ(Answer(Ask("sort them ascending", Near(0, 0.97))), "semantic:the same answer again");
}

TEST_F(FeedbackTest, ABlockedPairStaysApartTheOtherWayRoundToo) {
  Report(Hit().lookup_id, HitVerdict::kWrong);
  Insert(Tell("sort descending", Near(0, 0.95), "the other answer"));
  EXPECT_EQ(Answer(Ask("sort ascending", Axis(0))), "miss:feedback");
}

TEST_F(FeedbackTest, ABlockedPairSurvivesARestart) {
  Report(Hit().lookup_id, HitVerdict::kWrong);
  Insert(Tell("sort ascending", Axis(0), "again"));
  Restart();
  EXPECT_EQ(Answer(Ask("sort descending", Near(0, 0.95))), "miss:feedback");
  EXPECT_EQ(Answer(Ask("sort ascending", Axis(0))), "exact:again");
}

TEST_F(FeedbackTest, ABlockedPairIsOfItsScopeOnly) {
  Report(Hit().lookup_id, HitVerdict::kWrong);
  Insert(Tell("sort ascending", Axis(0), "theirs", "umbrella"));
  EXPECT_EQ(Answer(Ask("sort descending", Near(0, 0.95), "umbrella")), "semantic:theirs");
}

TEST_F(FeedbackTest, ByEntryAloneThereIsNoPairToBlock) {
  const LookupResult hit = Hit();
  const auto result = cache_->Report({"", hit.entry_id, "", HitVerdict::kWrong});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_TRUE(result->quarantined);
  EXPECT_FALSE(result->pair_blocked);
  Insert(Tell("sort ascending", Axis(0), "mended"));
  EXPECT_EQ(Answer(Ask("sort descending", Near(0, 0.95))), "semantic:mended");
}

TEST_F(FeedbackTest, NobodyElseMayReportOnALookup) {
  const LookupResult hit = Hit();
  const auto result = cache_->Report({"somebody else", 0, hit.lookup_id, HitVerdict::kWrong});
  EXPECT_TRUE(absl::IsNotFound(result.status())) << result.status();
  EXPECT_EQ(Answer(Ask("sort ascending", Axis(0))), "exact:answer");
}

TEST_F(FeedbackTest, AnEntryAndALookupThatDisagreeAreRefused) {
  const EntryId other = Insert(Tell("unrelated", Axis(3), "other")).entry_id;
  const auto result = cache_->Report({"", other, Hit().lookup_id, HitVerdict::kWrong});
  EXPECT_TRUE(absl::IsInvalidArgument(result.status())) << result.status();
  EXPECT_EQ(Answer(Ask("unrelated", Axis(3))), "exact:other");
}

TEST_F(FeedbackTest, TheCalibrationHearsOfEachVerdictOnce) {
  const LookupResult hit = Hit();
  EXPECT_FALSE(Report(hit.lookup_id, HitVerdict::kRight).quarantined);
  Report(hit.lookup_id, HitVerdict::kRight);
  EXPECT_THAT(observer_.served(), ElementsAre("code axes/8 0.95"));
  EXPECT_THAT(observer_.verdicts(), ElementsAre("code axes/8 0.95 right feedback"));
}

TEST_F(FeedbackTest, ALookupThatMayNotBeKeptHasNoId) {
  LookupRequest request = Ask("sort descending", Near(0, 0.95));
  request.no_store = true;
  const LookupResult hit = Lookup(request);
  EXPECT_EQ(hit.outcome, Outcome::kHitSemantic);
  EXPECT_EQ(hit.lookup_id, "");
}

TEST_F(FeedbackTest, AnEntryMayBeReportedWithALookupThatIsNotKnownAnyMore) {
  const LookupResult hit = Hit();
  Advance(absl::Minutes(11));
  const auto result = cache_->Report({"", hit.entry_id, hit.lookup_id, HitVerdict::kWrong});
  ASSERT_TRUE(result.ok()) << result.status();
  EXPECT_TRUE(result->quarantined);
}

// A note that could not be written once left the entry in the store: a restart served it again.
TEST_F(FeedbackTest, WhatWasReportedWrongIsErasedAlsoIfItsPairCannotBeNoted) {
  const LookupResult hit = Hit();
  store_.FailWrites(1, absl::UnavailableError("disk"));
  EXPECT_FALSE(cache_->Report({"", 0, hit.lookup_id, HitVerdict::kWrong}).ok());
  Restart();
  EXPECT_EQ(Answer(Ask("sort ascending", Axis(0))), "miss:no_candidate");
}

TEST_F(FeedbackTest, WhatTheStoreFailsToKeepIsAnErrorAndServedNoMoreAllTheSame) {
  const LookupResult hit = Hit();
  store_.FailWrites(1, absl::UnavailableError("disk"));
  EXPECT_TRUE(
      absl::IsUnavailable(cache_->Report({"", 0, hit.lookup_id, HitVerdict::kWrong}).status()));
  EXPECT_EQ(Answer(Ask("sort ascending", Axis(0))), "miss:no_candidate");
  EXPECT_TRUE(Report(hit.lookup_id, HitVerdict::kWrong).pair_blocked) << "told again";
}

TEST(BlockedPairs, KnowThePairWhicheverComesFirst) {
  BlockedPairs pairs;
  const Hash128 a{1, 2};
  const Hash128 b{3, 4};
  EXPECT_FALSE(pairs.Contains(a, b));
  pairs.Add(BlockedPairs::NameOf(b, a));
  EXPECT_TRUE(pairs.Contains(a, b));
  EXPECT_TRUE(pairs.Contains(b, a));
  EXPECT_FALSE(pairs.Contains(a, a));
}

TEST(BlockedPairs, TheOldestLeaveWhenThereAreTooMany) {
  BlockedPairs pairs;
  const auto pair = [](uint64_t i) { return BlockedPairs::NameOf({i, 0}, {i, 1}); };
  for (uint64_t i = 0; i < BlockedPairs::kMost; ++i) EXPECT_EQ(pairs.Add(pair(i)), std::nullopt);
  EXPECT_EQ(pairs.Add(pair(BlockedPairs::kMost)), pair(0));
  EXPECT_FALSE(pairs.Contains({0, 0}, {0, 1}));
  EXPECT_TRUE(pairs.Contains({1, 0}, {1, 1}));
}

// --- audits: a hit is answered as a miss, and the fresh answer tells ---

class AuditTest : public CacheTest {
 protected:
  AuditTest() {
    Policy("code").audit_rate = 0.999999;
    Reload();
    Insert(Tell("sort ascending", Axis(0), "use sort"));
  }

  // A gateway that misses, asks the model, and inserts what it says.
  std::string AskAndInsert(const LookupRequest& request, const std::string& fresh) {
    const LookupResult miss = Lookup(request);
    InsertRequest insert;
    insert.lookup_id = miss.lookup_id;
    insert.response.body = fresh;
    Insert(insert);
    return Name(miss.miss_reason);
  }
};

TEST_F(AuditTest, ASimilarFreshAnswerSaysThatTheHitWasRight) {
  EXPECT_EQ(AskAndInsert(Ask("order ascending", Near(0, 0.9)), "Sort: use!"), "audit");
  EXPECT_THAT(observer_.verdicts(), ElementsAre("code axes/8 0.90 right audit"));
  EXPECT_THAT(observer_.served(), IsEmpty()) << "nothing was served";
}

TEST_F(AuditTest, ADifferentFreshAnswerSaysThatItWasWrong) {
  EXPECT_EQ(AskAndInsert(Ask("sort descending", Near(0, 0.9)), "call reverse twice"), "audit");
  EXPECT_THAT(observer_.verdicts(), ElementsAre("code axes/8 0.90 wrong audit"));
}

TEST_F(AuditTest, WhatLiesBetweenCountsForNeither) {
  const std::string fresh = "use sort perhaps";
  const float similarity = DotProduct(embedder_.VectorOf("use sort"), embedder_.VectorOf(fresh));
  ASSERT_GT(similarity, kOtherAnswer);
  ASSERT_LT(similarity, kSameAnswer);
  AskAndInsert(Ask("sort descending", Near(0, 0.9)), fresh);
  EXPECT_THAT(observer_.verdicts(), ElementsAre("code axes/8 0.90 unsure audit"));
}

TEST_F(AuditTest, TheSameBytesAreRightWithoutAnEmbedding) {
  AskAndInsert(Ask("order ascending", Near(0, 0.9)), "use sort");
  EXPECT_THAT(observer_.verdicts(), ElementsAre("code axes/8 0.90 right audit"));
}

TEST_F(AuditTest, AMissJustBelowTheThresholdIsAskedToo) {
  EXPECT_EQ(AskAndInsert(Ask("order ascending", Near(0, 0.75)), "use sort"), "below_threshold");
  EXPECT_THAT(observer_.verdicts(), ElementsAre("code axes/8 0.75 right near_miss"));
  EXPECT_THAT(observer_.refused(), ElementsAre("code axes/8 0.75"));
}

TEST_F(AuditTest, AMissFarBelowIsNot) {
  AskAndInsert(Ask("something else", Near(0, 0.6)), "use sort");
  EXPECT_THAT(observer_.verdicts(), IsEmpty());
}

TEST_F(AuditTest, ARetriedInsertCountsOnce) {
  const LookupResult miss = Lookup(Ask("order ascending", Near(0, 0.9)));
  InsertRequest insert;
  insert.lookup_id = miss.lookup_id;
  insert.response.body = "use sort";
  Insert(insert);
  Insert(insert);
  EXPECT_THAT(observer_.verdicts(), ElementsAre("code axes/8 0.90 right audit"));
}

// Comparing once came before the write, on the caller's time: a slow embedder lost the answer.
TEST_F(AuditTest, TheAnswerIsStoredHoweverTheComparisonEnds) {
  embedder_.FailWith(absl::UnavailableError("gone"));
  AskAndInsert(Ask("order ascending", Near(0, 0.9)), "another answer");
  EXPECT_EQ(Answer(Ask("order ascending", Near(0, 0.9))), "exact:another answer");
  EXPECT_THAT(observer_.verdicts(), ElementsAre("code axes/8 0.90 unsure audit"));
}

// What had expired far away was the reason of the miss, and kept the near one from being audited.
TEST_F(AuditTest, WhatIsFarAwayIsNoReason) {
  // At 0.73 of the query, where the threshold is 0.80 and an audit looks down to 0.70.
  InsertRequest brief = Tell("far away", Near(0, 0.1), "gone soon");
  brief.ttl = absl::Minutes(1);
  Insert(brief);
  Advance(absl::Minutes(2));
  EXPECT_EQ(AskAndInsert(Ask("order ascending", Near(0, 0.75)), "use sort"), "below_threshold");
}

TEST_F(AuditTest, AnExactRepeatIsServed) {
  EXPECT_EQ(Answer(Ask("sort ascending", Axis(0))), "exact:use sort");
}

}  // namespace
}  // namespace semcached
