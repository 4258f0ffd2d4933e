#include "cache/cache_fixture.h"

namespace semcached {
namespace {

using InsertTest = CacheTest;

TEST_F(InsertTest, AMissGivesALookupIdThatSparesTheQuery) {
  const LookupResult miss = Lookup(Ask("how do I sort a list"));
  InsertRequest insert;
  insert.lookup_id = miss.lookup_id;
  insert.response.body = "use sort";
  EXPECT_EQ(Insert(insert).kind, InsertResult::Kind::kStored);
  EXPECT_EQ(embedder_.calls(), 1u);
  EXPECT_EQ(Answer(Ask("how do I sort a list")), "exact:use sort");
  EXPECT_EQ(Answer(Ask("how do I sort a list please")), "semantic:use sort");
}

TEST_F(InsertTest, TheTimeFromMissToInsertIsTheModelsLatency) {
  const LookupResult miss = Lookup(Ask("how do I sort a list"));
  Advance(absl::Seconds(3));
  InsertRequest insert;
  insert.lookup_id = miss.lookup_id;
  insert.response.body = "use sort";
  Insert(insert);
  ASSERT_EQ(latencies_.size(), 1u);
  EXPECT_EQ(latencies_[0].first, "model-1");
  EXPECT_EQ(latencies_[0].second, absl::Seconds(3));
}

TEST_F(InsertTest, ALookupIdBelongsToItsPrincipalAndDiesOfAge) {
  const LookupResult miss = Lookup(Ask("how do I sort a list"));
  InsertRequest insert;
  insert.lookup_id = miss.lookup_id;
  insert.response.body = "use sort";
  insert.principal = "somebody else";
  EXPECT_EQ(cache_->Insert(insert, Call(clock_)).status().code(),
            absl::StatusCode::kFailedPrecondition);
  insert.principal = "";
  Advance(absl::Minutes(10));
  EXPECT_EQ(cache_->Insert(insert, Call(clock_)).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(InsertTest, AnUpsertReplacesAndLeavesOneEntry) {
  EXPECT_EQ(Insert(Tell("q", Axis(0), "old")).kind, InsertResult::Kind::kStored);
  EXPECT_EQ(Insert(Tell("q", Axis(0), "new")).kind, InsertResult::Kind::kReplaced);
  EXPECT_EQ(Answer(Ask("q")), "exact:new");
  EXPECT_EQ(Answer(Ask("other words", Axis(0))), "semantic:new");
  EXPECT_EQ(store_.EstimatedEntries(), 1);
}

TEST_F(InsertTest, TheSameVectorWithoutTextIsAnUpsertToo) {
  Insert(Tell("", Axis(0), "old"));
  EXPECT_EQ(Insert(Tell("", Axis(0), "new")).kind, InsertResult::Kind::kReplaced);
  EXPECT_EQ(store_.EstimatedEntries(), 1);
}

TEST_F(InsertTest, OneQueryMayLiveInTwoCategories) {
  Insert(Tell("q", Axis(0), "code's"));
  InsertRequest chat = Tell("q", Axis(0), "chat's");
  chat.category = "chat";
  EXPECT_EQ(Insert(chat).kind, InsertResult::Kind::kStored);
  LookupRequest request = Ask("q");
  EXPECT_EQ(Answer(request), "exact:code's");
  request.category = "chat";
  EXPECT_EQ(Answer(request), "exact:chat's");
}

TEST_F(InsertTest, WhatCannotBeKeptIsDeclinedWithTheReason) {
  InsertRequest incomplete = Tell("q", Axis(0), "half an ans");
  incomplete.complete = false;
  EXPECT_EQ(Insert(incomplete).decline_reason, "the answer is incomplete");
  EXPECT_EQ(Insert(Tell("q", Axis(0), "")).decline_reason, "the answer is empty");
  InsertRequest instant = Tell("q", Axis(0), "a");
  instant.ttl = absl::ZeroDuration();
  EXPECT_EQ(Insert(instant).decline_reason, "ttl is 0");
  InsertRequest huge = Tell("q", Axis(0), std::string(300 << 10, 'x'));
  EXPECT_EQ(Insert(huge).decline_reason,
            "the response has 307200 bytes; at most 262144 are stored");
  EXPECT_EQ(store_.EstimatedEntries(), 0);
}

TEST_F(InsertTest, AFailedWriteIsNotServed) {
  store_.FailWrites(1, absl::UnavailableError("broken"));
  const auto result = cache_->Insert(Tell("q", Axis(0), "a"), Call(clock_));
  EXPECT_EQ(result.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "miss:no_candidate");
}

TEST_F(InsertTest, DeleteTakesAnEntryOutForGood) {
  const EntryId id = Insert(Tell("q", Axis(0), "a")).entry_id;
  EXPECT_TRUE(cache_->Delete(id).ok());
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "miss:no_candidate");
  EXPECT_EQ(cache_->Delete(id).code(), absl::StatusCode::kNotFound);
  Restart();
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "miss:no_candidate");
}

TEST_F(InsertTest, AWrongAnswerIsTakenOutForGood) {
  const EntryId id = Insert(Tell("q", Axis(0), "wrong")).entry_id;
  EXPECT_TRUE(cache_->Report({"", id, "", HitVerdict::kWrong}).ok());
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "miss:no_candidate");
  Restart();
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "miss:no_candidate");
}

TEST_F(InsertTest, FeedbackByLookupIdMeansTheEntryInsertedWithIt) {
  const LookupResult miss = Lookup(Ask("how do I sort a list"));
  InsertRequest insert;
  insert.lookup_id = miss.lookup_id;
  insert.response.body = "wrong";
  Insert(insert);
  EXPECT_TRUE(cache_->Report({"", 0, miss.lookup_id, HitVerdict::kWrong}).ok());
  EXPECT_EQ(Answer(Ask("how do I sort a list")), "miss:no_candidate");
}

TEST_F(InsertTest, InvalidateMeetsAllConditions) {
  InsertRequest one = Tell("one", Axis(0), "1");
  one.tags = {"v1"};
  Insert(one);
  InsertRequest two = Tell("two", Axis(2), "2", "globex");
  two.tags = {"v1"};
  Insert(two);
  Insert(Tell("three", Axis(4), "3"));

  InvalidateRequest request;
  EXPECT_FALSE(cache_->Invalidate(request, Call(clock_)).ok());
  request.tag = "v1";
  request.namespace_name = "acme";
  request.dry_run = true;
  EXPECT_EQ(*cache_->Invalidate(request, Call(clock_)), 1);
  EXPECT_EQ(Answer(Ask("one")), "exact:1");
  request.dry_run = false;
  EXPECT_EQ(*cache_->Invalidate(request, Call(clock_)), 1);
  EXPECT_EQ(Answer(Ask("one", Axis(0))), "miss:below_threshold");
  EXPECT_EQ(Answer(Ask("two", {}, "globex")), "exact:2");
  EXPECT_EQ(Answer(Ask("three")), "exact:3");
}

// --- quota ---

class QuotaTest : public CacheTest {
 protected:
  void Fill(const std::string& category, int count, const std::string& tenant = "acme") {
    for (int i = 0; i < count; ++i) {
      InsertRequest request = Tell(category + std::to_string(next_++), Axis(0), "x", tenant);
      request.category = category;
      Insert(request);
    }
  }
  int64_t Held(const std::string& category) { return cache_->Stats().categories[category].entries; }

  int next_ = 0;
};

TEST_F(QuotaTest, ACategoryNeverHoldsMoreThanItsQuota) {
  Policy("code").quota.max_entries = 10;
  Reload();
  Fill("code", 25);
  EXPECT_EQ(Held("code"), 10);
  EXPECT_EQ(store_.EstimatedEntries(), 10);
}

TEST_F(QuotaTest, TheLeastRecentlyUsedLeavesFirst) {
  Policy("code").quota.max_entries = 2;
  Reload();
  Insert(Tell("a", Axis(0), "a"));
  Insert(Tell("b", Axis(2), "b"));
  EXPECT_EQ(Answer(Ask("a")), "exact:a");
  Insert(Tell("c", Axis(4), "c"));
  EXPECT_EQ(Answer(Ask("a")), "exact:a");
  EXPECT_EQ(Answer(Ask("b", Axis(2))), "miss:below_threshold");
}

TEST_F(QuotaTest, ANamespaceCannotFillTheCategory) {
  Policy("code").quota.max_entries = 10;
  Policy("code").quota.max_namespace_share = 0.5;
  Reload();
  Fill("code", 3, "small");
  Fill("code", 50, "greedy");
  EXPECT_EQ(Held("code"), 8);
  LookupRequest request = Ask("code0", {}, "small");
  EXPECT_EQ(Lookup(request).outcome, Outcome::kHitExact);
}

TEST_F(QuotaTest, AnEntryThatNeverFitsIsDeclined) {
  Policy("code").quota.max_disk_bytes = 1000;
  Reload();
  InsertRequest request = Tell("q", Axis(0), std::string(2000, 'x'));
  EXPECT_EQ(Insert(request).decline_reason,
            "the entry alone is more than the category's quota allows");
}

TEST_F(QuotaTest, WhoBorrowsMostGivesWayAndAGuaranteeHolds) {
  const int64_t each = 2000;  // more than what one entry is charged
  options_.memory_limit_bytes = 20 * each;
  Policy("chat").quota.guaranteed_share = 0.5;
  Start();
  Recover();
  Fill("code", 100);
  const int64_t all = Held("code");
  EXPECT_GT(all, 20);  // code borrows all of it
  Fill("chat", 10);
  EXPECT_EQ(Held("chat"), 10);  // taken from code
  EXPECT_LT(Held("code"), all);
  const int64_t kept = Held("chat");
  Fill("code", 100);
  EXPECT_EQ(Held("chat"), kept);  // within its guarantee it never gives way
  int64_t memory = 0;
  for (const auto& [name, counts] : cache_->Stats().categories) memory += counts.memory_bytes;
  EXPECT_LE(memory, options_.memory_limit_bytes);
}

TEST_F(QuotaTest, ASmallerQuotaAfterAReloadIsKept) {
  Fill("code", 20);
  Policy("code").quota.max_entries = 5;
  Reload();
  cache_->Tick();
  EXPECT_EQ(Held("code"), 5);
}

}  // namespace
}  // namespace semcached
