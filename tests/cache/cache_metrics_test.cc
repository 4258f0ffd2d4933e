// What the cache tells monitoring about itself.
#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "cache/cache_fixture.h"
#include "cache/store_state.h"

namespace semcached {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::Pair;

class CacheMetricsTest : public CacheTest {
 protected:
  // The value of a series as the page writes it; "" if it is not there.
  // The state that is shown; "" unless it is exactly one.
  std::string StoreStateShown() const {
    std::string shown;
    for (const std::string state : {"ok", "disk_full", "failing"}) {
      if (Value("semcached_store_state{state=\"" + state + "\"}") != "1") continue;
      if (!shown.empty()) return "";
      shown = state;
    }
    return shown;
  }
};

TEST_F(CacheMetricsTest, InsertsAreTimedByResult) {
  const std::string count = "semcached_insert_duration_seconds_count{category=\"code\",result=\"";
  InsertRequest half = Tell("q", Axis(0), "half");
  half.complete = false;
  Insert(half);
  Insert(Tell("q", Axis(0), "a"));
  Insert(Tell("q", Axis(0), "b"));
  Insert(Tell("r", Axis(1), "c"));
  EXPECT_EQ(Value(count + "declined\"}"), "1");
  EXPECT_EQ(Value(count + "stored\"}"), "2");
  EXPECT_EQ(Value(count + "replaced\"}"), "1");
}

TEST_F(CacheMetricsTest, StatsCountWhatTheSeriesDo) {
  Insert(Tell("q", Axis(0), "a"));
  Insert(Tell("q", Axis(0), "b"));
  Answer(Ask("q"));
  Answer(Ask("other words", Axis(0)));
  Answer(Ask("far", Axis(1)));
  Advance(absl::Hours(2));
  cache_->Tick();
  const CategoryCounts counts = cache_->Stats().categories.at("code");
  EXPECT_EQ(counts.inserts, 2);
  EXPECT_EQ(counts.hits_exact, 1);
  EXPECT_EQ(counts.hits_semantic, 1);
  EXPECT_THAT(counts.misses, ElementsAre(Pair(AnyOf("no_candidate", "below_threshold"), 1)));
  EXPECT_EQ(counts.expiries, 1);
  EXPECT_EQ(Value("semcached_evictions_total{category=\"code\",reason=\"expired\"}"), "1");
  EXPECT_EQ(Value("semcached_index_entries{category=\"code\"}"), "0");
}

// The exact path refuses, and the lookup starts again on a worker, for want of a vector.
TEST_F(CacheMetricsTest, ALookupThatStartsAgainCountsItsRefusalsOnce) {
  const std::string expired =
      "semcached_candidate_rejected_total{category=\"code\",reason=\"expired\"}";
  Insert(Tell("q", Axis(0), "a"));
  Advance(absl::Hours(2));
  EXPECT_FALSE(cache_->TryLookup(Ask("q"), Call(clock_)).has_value());
  EXPECT_EQ(Value(expired), "");
  LookupRequest away = Ask("q");
  away.embedding = {kIdentity, Axis(1)};  // the index proposes nothing: only the exact path refuses
  EXPECT_EQ(Answer(away), "miss:expired");
  EXPECT_EQ(Value(expired), "1");
}

TEST_F(CacheMetricsTest, WaitsOfLookupsForLocksAreCounted) {
  const std::string wait = "semcached_lookup_lock_wait_seconds_";
  const std::string longest = "semcached_lookup_lock_wait_longest_seconds";
  Answer(Ask("free locks", Axis(0)));
  EXPECT_EQ(Value(wait + "count"), "0");
  EXPECT_EQ(Value(longest), "0");
  for (const int milliseconds : {2, 500, 1}) {
    embedder_.WaitForLock(absl::Milliseconds(milliseconds), &clock_);
    Answer(Ask(absl::StrCat("waits ", milliseconds)));
  }
  EXPECT_EQ(Value(wait + "count"), "3");
  EXPECT_EQ(Value(wait + "bucket{le=\"0.001\"}"), "1");
  EXPECT_EQ(Value(wait + "bucket{le=\"0.0025\"}"), "2");
  EXPECT_EQ(Value(longest), "0.5");
}

TEST_F(CacheMetricsTest, WaitsOfOthersForLocksAreNot) {
  embedder_.WaitForLock(absl::Milliseconds(2), &clock_);
  Insert(Tell("waits", {}, "a"));
  EXPECT_EQ(embedder_.calls(), 1U);
  EXPECT_EQ(Value("semcached_lookup_lock_wait_seconds_count"), "0");
}

TEST_F(CacheMetricsTest, AnEntryWhoseDocumentIsGoneIsRepairedOnce) {
  EXPECT_EQ(Repaired("index_without_document"), "0");
  const EntryId id = Insert(Tell("q", Axis(0), "a")).entry_id;
  ASSERT_TRUE(store_.Erase({&id, 1}).ok());
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "miss:rejected");
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "miss:no_candidate");
  EXPECT_EQ(Repaired("index_without_document"), "1");
}

TEST_F(CacheMetricsTest, ADeletedEntryIsNoDivergence) {
  const EntryId id = Insert(Tell("q", Axis(0), "a")).entry_id;
  ASSERT_TRUE(cache_->Delete(id).ok());
  Answer(Ask("q", Axis(0)));
  cache_->Tick();
  EXPECT_EQ(Repaired("index_without_document"), "0");
  EXPECT_EQ(Repaired("document_without_index"), "0");
}

TEST_F(CacheMetricsTest, WhatTheStoreRefusedToEraseIsRepairedByTheTick) {
  const EntryId id = Insert(Tell("q", Axis(0), "a")).entry_id;
  store_.FailWrites(2, absl::UnavailableError("broken"));
  EXPECT_FALSE(cache_->Delete(id).ok());
  cache_->Tick();
  EXPECT_EQ(Repaired("document_without_index"), "0");
  EXPECT_EQ(StoreStateShown(), "failing");
  cache_->Tick();
  EXPECT_EQ(Repaired("document_without_index"), "1");
  EXPECT_EQ(StoreStateShown(), "ok");
}

TEST_F(CacheMetricsTest, TheStateOfTheStoreIsThatOfItsLastWrite) {
  cache_->Tick();
  EXPECT_EQ(StoreStateShown(), "ok");
  store_.FillDisk();
  EXPECT_FALSE(cache_->Insert(Tell("q", Axis(0), "a"), Call(clock_)).ok());
  cache_->Tick();
  EXPECT_EQ(StoreStateShown(), "disk_full");
  store_.FreeDisk();
  // One that the store cannot take says nothing of the store.
  InsertRequest wide = Tell("w", std::vector<float>(5000, 0.01F), "a");
  wide.embedding.identity = "wide";
  EXPECT_FALSE(cache_->Insert(wide, Call(clock_)).ok());
  cache_->Tick();
  EXPECT_EQ(StoreStateShown(), "disk_full");
  Insert(Tell("q", Axis(0), "a"));
  cache_->Tick();
  EXPECT_EQ(StoreStateShown(), "ok");
}

TEST(StoreStateTest, AFullDiskIsNamedBeforeAFailure) {
  EXPECT_EQ(StoreStateOf(false, absl::StatusCode::kOk), StoreState::kOk);
  EXPECT_EQ(StoreStateOf(false, absl::StatusCode::kUnavailable), StoreState::kFailing);
  EXPECT_EQ(StoreStateOf(false, absl::StatusCode::kResourceExhausted), StoreState::kDiskFull);
  EXPECT_EQ(StoreStateOf(true, absl::StatusCode::kOk), StoreState::kDiskFull);
  EXPECT_EQ(StoreStateOf(true, absl::StatusCode::kUnavailable), StoreState::kDiskFull);
}

}  // namespace
}  // namespace semcached
