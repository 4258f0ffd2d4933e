// What went wrong once, and what it was.

#include "cache/cache_fixture.h"

namespace semcached {
namespace {

using RegressionTest = CacheTest;

// Delete ignored the store's error: the caller believed the entry gone, and a restart brought it
// back.
TEST_F(RegressionTest, ADeleteThatTheStoreRefusesSaysSo) {
  const EntryId id = Insert(Tell("q", Axis(0), "a")).entry_id;
  store_.FailWrites(1, absl::UnavailableError("broken"));
  EXPECT_EQ(cache_->Delete(id).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "miss:no_candidate");
  EXPECT_TRUE(cache_->Delete(id).ok() || absl::IsNotFound(cache_->Delete(id)));
  Restart();
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "miss:no_candidate");
}

// The sweep took sliding entries out at the configured TTL, though load had stretched it.
TEST_F(RegressionTest, UnderLoadTheSweepLeavesSlidingEntriesInPeace) {
  policies_.categories.at("code").by_model["model-1"] = {0.8F, absl::Hours(2), 1.0};
  Policy("code").ttl_mode = TtlMode::kSliding;
  Policy("code").adaptation.mode = AdaptationMode::kEnforce;
  Policy("code").adaptation.max_ttl_factor = 2;
  Reload();
  Insert(Tell("q", Axis(0), "a"));
  Advance(absl::Minutes(90));
  cache_->Tick();
  EXPECT_EQ(Answer(Ask("q")), "exact:a");
}

// A declined insert was counted under the name that the caller gave, whatever it was: a caller
// could make as many time series as it liked.
TEST_F(RegressionTest, AnInventedCategoryMakesNoMetric) {
  InsertRequest insert = Tell("q", Axis(0), "half");
  insert.category = "invented";
  insert.complete = false;
  EXPECT_EQ(cache_->Insert(insert, Call(clock_)).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(metrics_.Render().find("invented"), std::string::npos);
}

// Eight embedding identities that one caller had made up kept every other out for ever.
TEST_F(RegressionTest, AnIdentityWithoutEntriesMakesRoomForAnother) {
  std::vector<EntryId> ids;
  for (int i = 0; i < 8; ++i) {
    InsertRequest insert = Tell("q" + std::to_string(i), Axis(0), "a");
    insert.embedding.identity = "made-up-" + std::to_string(i);
    ids.push_back(Insert(insert).entry_id);
  }
  InsertRequest ninth = Tell("ninth", Axis(0), "a");
  EXPECT_EQ(cache_->Insert(ninth, Call(clock_)).status().code(),
            absl::StatusCode::kResourceExhausted);
  ASSERT_TRUE(cache_->Delete(ids[3]).ok());
  EXPECT_EQ(Insert(ninth).kind, InsertResult::Kind::kStored);
}

// A category whose file is removed kept its guaranteed share, so that all shares came to more than
// all there is.
TEST_F(RegressionTest, ARemovedCategoryGuaranteesNothing) {
  options_.memory_limit_bytes = 40'000;
  Policy("chat").quota.guaranteed_share = 1.0;
  Start();
  Recover();
  for (int i = 0; i < 10; ++i) {
    InsertRequest insert = Tell("chat" + std::to_string(i), Axis(0), "a");
    insert.category = "chat";
    Insert(insert);
  }
  policies_.categories.erase("chat");
  Reload();
  for (int i = 0; i < 100; ++i) Insert(Tell("code" + std::to_string(i), Axis(0), "a"));
  EXPECT_GT(cache_->Stats().categories["code"].entries, cache_->Stats().categories["chat"].entries);
}

// Texts that the tokenizer cut, or of characters that it did not know, had one and the same vector:
// questions in Chinese were each other's paraphrases at similarity 1.
TEST_F(RegressionTest, ATextThatTheEmbedderCannotTellFromOthersHitsExactlyOnly) {
  embedder_.CannotTell("how do I buy");
  embedder_.CannotTell("how do I sell");
  const LookupResult miss = Lookup(Ask("how do I buy"));
  EXPECT_EQ(miss.miss_reason, MissReason::kNotComparable);
  InsertRequest insert;
  insert.lookup_id = miss.lookup_id;
  insert.response.body = "like this";
  EXPECT_EQ(Insert(insert).kind, InsertResult::Kind::kStored);
  EXPECT_EQ(Answer(Ask("how do I buy")), "exact:like this");
  EXPECT_EQ(Answer(Ask("how do I sell")), "miss:not_comparable");
  LookupRequest unnamed = Ask("how do I sell");
  unnamed.category = "";
  EXPECT_EQ(Answer(unnamed), "bypass");
  Restart();
  EXPECT_EQ(Answer(Ask("how do I buy")), "exact:like this");
}

// A stale hit counted as a use, and a sliding entry then lived for another whole TTL.
TEST_F(RegressionTest, AStaleHitDoesNotBringASlidingEntryBackToLife) {
  Policy("code").ttl_mode = TtlMode::kSliding;
  Policy("code").stale_while_revalidate = absl::Minutes(10);
  Reload();
  Insert(Tell("q", Axis(0), "a"));
  Advance(absl::Minutes(65));
  EXPECT_TRUE(Lookup(Ask("q")).stale);
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "miss:expired");
}

// What the store had refused to erase was found again by the next reading of it, in the same run.
TEST_F(RegressionTest, AnEntryThatCouldNotBeErasedIsNotRecovered) {
  const EntryId id = Insert(Tell("q", Axis(0), "a")).entry_id;
  store_.FailWrites(1, absl::UnavailableError("broken"));
  EXPECT_FALSE(cache_->Delete(id).ok());
  Recover();
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "miss:no_candidate");
  cache_->Tick();
  EXPECT_EQ(store_.EstimatedEntries(), 0);
}

// While warming up, a wrong answer of an earlier run was unknown, and recovered seconds later.
TEST_F(RegressionTest, AWrongAnswerReportedWhileWarmingIsGone) {
  const EntryId id = Insert(Tell("q", Axis(0), "wrong")).entry_id;
  Start();
  EXPECT_TRUE(cache_->Report({"", id, "", HitVerdict::kWrong}).ok());
  Recover();
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "miss:no_candidate");
}

// An import of yesterday's answers replaced today's.
TEST_F(RegressionTest, AnOlderAnswerDoesNotReplaceANewerOne) {
  Insert(Tell("q", Axis(0), "today's"));
  InsertRequest import = Tell("q", Axis(0), "yesterday's");
  import.age = absl::Minutes(30);
  EXPECT_EQ(Insert(import).decline_reason, "a newer answer is stored already");
  EXPECT_EQ(Answer(Ask("q")), "exact:today's");
}

// Eviction for other categories took one namespace's entries after the other's, to the last.
TEST_F(RegressionTest, TheLargestNamespaceGivesFirst) {
  Policy("code").quota.max_namespace_share = 0.9;
  options_.memory_limit_bytes = 40'000;
  Start();
  Recover();
  for (int i = 0; i < 4; ++i) {
    Insert(Tell("small" + std::to_string(i), Axis(0), "a", "small"));
  }
  for (int i = 0; i < 100; ++i) {
    Insert(Tell("large" + std::to_string(i), Axis(0), "a", "large"));
  }
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(Answer(Ask("small" + std::to_string(i), {}, "small")), "exact:a");
  }
}

// A category that must no longer be cached kept what it had.
TEST_F(RegressionTest, NothingIsKeptOfACategoryThatForbidsCachingFromNowOn) {
  Insert(Tell("q", Axis(0), "a"));
  Policy("code").allow_caching = false;
  policies_.default_category = "chat";
  Reload();
  EXPECT_EQ(Answer(Ask("q")), "bypass");
  EXPECT_EQ(store_.EstimatedEntries(), 0);
}

// Two scans of the store were wanted for one that was damaged beyond reading, and so on for ever.
TEST_F(RegressionTest, ADamagedStoreIsReadOnceAndServedFrom) {
  Start();
  store_.FailScans(1, absl::DataLossError("too many damaged blocks"));
  Recover();
  EXPECT_EQ(cache_->WarmRatio(), 1);
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "miss:no_candidate");
}

}  // namespace
}  // namespace semcached
