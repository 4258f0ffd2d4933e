// Time, restarts, reloads.

#include "cache/cache_fixture.h"

namespace semcached {
namespace {

using LifetimeTest = CacheTest;

TEST_F(LifetimeTest, AnEntryLivesForItsTtlAndNotLonger) {
  Insert(Tell("q", Axis(0), "a"));
  Advance(absl::Hours(1) - absl::Seconds(1));
  EXPECT_EQ(Answer(Ask("q")), "exact:a");
  Advance(absl::Seconds(1));
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "miss:expired");
}

TEST_F(LifetimeTest, ACallerMayShortenTheTtlAndNotLengthenIt) {
  InsertRequest brief = Tell("brief", Axis(0), "a");
  brief.ttl = absl::Minutes(1);
  Insert(brief);
  InsertRequest lengthy = Tell("lengthy", Axis(2), "b");
  lengthy.ttl = absl::Hours(100);
  Insert(lengthy);
  Advance(absl::Minutes(1));
  EXPECT_EQ(Answer(Ask("brief", Axis(0))), "miss:expired");
  EXPECT_EQ(Answer(Ask("lengthy")), "exact:b");
  Advance(absl::Minutes(59));
  EXPECT_EQ(Answer(Ask("lengthy", Axis(2))), "miss:expired");
}

TEST_F(LifetimeTest, MaxAgeMakesOlderAnswersMisses) {
  Insert(Tell("q", Axis(0), "a"));
  Advance(absl::Minutes(10));
  LookupRequest request = Ask("q", Axis(0));
  request.max_age = absl::Minutes(10);
  EXPECT_EQ(Answer(request), "miss:expired");
  request.max_age = absl::Minutes(11);
  EXPECT_EQ(Answer(request), "exact:a");
}

TEST_F(LifetimeTest, AChangedTtlAppliesToEntriesThatExist) {
  Insert(Tell("q", Axis(0), "a"));
  Advance(absl::Minutes(30));
  Policy("code").ttl = absl::Minutes(20);
  Reload();
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "miss:expired");
}

TEST_F(LifetimeTest, ASlidingTtlCountsFromTheLastHitUpToMaxLifetime) {
  Policy("code").ttl_mode = TtlMode::kSliding;
  Policy("code").max_lifetime = absl::Hours(3);
  Reload();
  Insert(Tell("q", Axis(0), "a"));
  for (int i = 0; i < 4; ++i) {
    Advance(absl::Minutes(40));
    EXPECT_EQ(Answer(Ask("q")), "exact:a");
  }
  Advance(absl::Minutes(40));
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "miss:expired");
}

TEST_F(LifetimeTest, PastItsTtlAnEntryIsServedStaleOnce) {
  Policy("code").stale_while_revalidate = absl::Minutes(10);
  Reload();
  Insert(Tell("q", Axis(0), "a"));
  Advance(absl::Minutes(65));
  EXPECT_TRUE(Lookup(Ask("q")).stale);
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "miss:expired");
}

TEST_F(LifetimeTest, UnderLoadAStaleEntryIsServedAgainAndItsRefreshPutOff) {
  Policy("code").stale_while_revalidate = absl::Minutes(10);
  Reload();
  Insert(Tell("q", Axis(0), "a"));
  Advance(absl::Minutes(65));
  EffectivePolicy& loaded = policies_.categories.at("code").by_model["model-1"];
  loaded = {0.8F, absl::Hours(1), 1.0, true};
  Reload();
  for (int i = 0; i < 3; ++i) {
    const LookupResult result = Lookup(Ask("q"));
    EXPECT_EQ(result.outcome, Outcome::kHitExact);
    EXPECT_TRUE(result.stale);
    EXPECT_TRUE(result.defer_refresh);
  }
  // Calm again: once more, to be refreshed.
  policies_.categories.at("code").by_model.clear();
  Reload();
  const LookupResult result = Lookup(Ask("q"));
  EXPECT_TRUE(result.stale);
  EXPECT_FALSE(result.defer_refresh);
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "miss:expired");
}

TEST_F(LifetimeTest, UnderLoadNothingIsServedPastItsStaleWindow) {
  Policy("code").stale_while_revalidate = absl::Minutes(10);
  policies_.categories.at("code").by_model["model-1"] = {0.8F, absl::Hours(1), 1.0, true};
  Reload();
  Insert(Tell("q", Axis(0), "a"));
  Advance(absl::Minutes(71));
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "miss:expired");
}

TEST_F(LifetimeTest, UnderLoadAnEntryLivesLongerUpToTheCallersTtl) {
  policies_.categories.at("code").by_model["model-1"] = {0.7F, absl::Hours(2), 1.0, false};
  Policy("code").adaptation.mode = AdaptationMode::kEnforce;
  Policy("code").adaptation.max_ttl_factor = 2;
  Reload();
  Insert(Tell("q", Axis(0), "a"));
  InsertRequest brief = Tell("brief", Axis(2), "b");
  brief.ttl = absl::Minutes(30);
  Insert(brief);
  Advance(absl::Minutes(90));
  cache_->Tick();
  EXPECT_EQ(Answer(Ask("q")), "exact:a");
  EXPECT_EQ(Answer(Ask("other words", Near(0, 0.75))), "semantic:a");
  EXPECT_NE(Answer(Ask("brief", Axis(2))), "exact:b");
}

TEST_F(LifetimeTest, TheSweepFreesWhatHasExpired) {
  Insert(Tell("q", Axis(0), "a"));
  Advance(absl::Hours(1));
  cache_->Tick();
  EXPECT_EQ(store_.EstimatedEntries(), 0);
  EXPECT_EQ(cache_->Stats().categories["code"].entries, 0);
  EXPECT_EQ(cache_->Stats().categories["code"].expiries, 1);
}

// --- clocks that jump ---

TEST_F(LifetimeTest, AWallClockThatJumpsChangesNoAge) {
  for (const absl::Duration jump :
       {absl::Hours(1), absl::Hours(24 * 3650), -absl::Hours(1), -absl::Hours(24 * 3650)}) {
    Insert(Tell("q", Axis(0), "a"));
    clock_.StepWall(jump);
    Advance(absl::Minutes(59));
    EXPECT_EQ(Answer(Ask("q")), "exact:a") << jump;
    Advance(absl::Minutes(1));
    EXPECT_EQ(Answer(Ask("q", Axis(0))), "miss:expired") << jump;
  }
}

TEST_F(LifetimeTest, AClockThatWentBackBetweenRunsMakesNothingImmortal) {
  Insert(Tell("q", Axis(0), "a"));
  clock_.StepWall(-absl::Hours(24));
  Restart();
  EXPECT_EQ(Answer(Ask("q")), "exact:a");
  Advance(absl::Hours(1));
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "miss:expired");
}

TEST_F(LifetimeTest, AClockThatWentOnBetweenRunsExpires) {
  Insert(Tell("q", Axis(0), "a"));
  clock_.StepWall(absl::Hours(2));
  Restart();
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "miss:no_candidate");
  EXPECT_EQ(store_.EstimatedEntries(), 0);
}

// --- restarts ---

TEST_F(LifetimeTest, ARestartFindsEverythingAgainAndAgesGoOn) {
  Insert(Tell("q", Axis(0), "a"));
  Advance(absl::Minutes(30));
  Restart();
  EXPECT_EQ(Answer(Ask("q")), "exact:a");
  EXPECT_EQ(Answer(Ask("other words", Near(0, 0.9))), "semantic:a");
  Advance(absl::Minutes(30));
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "miss:expired");
}

TEST_F(LifetimeTest, UntilRecoveredLookupsMissForWarming) {
  Insert(Tell("q", Axis(0), "a"));
  Start();
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "miss:warming");
  EXPECT_LT(cache_->WarmRatio(), 1);
  Recover();
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "exact:a");
  EXPECT_EQ(cache_->WarmRatio(), 1);
}

TEST_F(LifetimeTest, AnUpsertThatACrashCutShortLeavesTheNewerOne) {
  const EntryId old_id = Insert(Tell("q", Axis(0), "old")).entry_id;
  const Document old_document = *store_.Get(old_id);
  Advance(absl::Seconds(1));
  Insert(Tell("q", Axis(0), "new"));
  ASSERT_TRUE(store_.Put(old_document, Durability::kProcess).ok());  // as before the erase
  Restart();
  EXPECT_EQ(Answer(Ask("q")), "exact:new");
  EXPECT_EQ(Answer(Ask("other words", Axis(0))), "semantic:new");
  EXPECT_EQ(store_.EstimatedEntries(), 1);
}

TEST_F(LifetimeTest, AnInsertDuringRecoveryIsNotUndoneByIt) {
  Insert(Tell("q", Axis(0), "old"));
  Advance(absl::Seconds(1));
  Start();
  Insert(Tell("q", Axis(0), "new"));
  Recover();
  EXPECT_EQ(Answer(Ask("q")), "exact:new");
}

TEST_F(LifetimeTest, ALargeStoreIsReadByManyThreadsAndTheNewerOfTwoStands) {
  constexpr EntryId kPairs = 10'000;
  const Document model = *store_.Get(Insert(Tell("q", Axis(0), "old")).entry_id);
  ASSERT_TRUE(store_.Erase({&model.entry.id, 1}).ok());
  // The older of each pair in the lower half of all ids, the newer in the upper: no thread reads
  // both.
  const std::vector<IdRange> halves = SplitIds(2);
  for (EntryId i = 0; i < kPairs; ++i) {
    for (const bool newer : {false, true}) {
      Document document = model;
      document.entry.id = halves[newer ? 1 : 0].first + 1 + i * (halves[0].last / kPairs);
      document.entry.exact_key.low += i;
      if (newer) document.entry.insert_time += absl::Seconds(1);
      document.response.body = newer ? "new" : "old";
      ASSERT_TRUE(store_.Put(document, Durability::kProcess).ok());
    }
  }
  Advance(absl::Minutes(1));
  options_.recovery_threads = 4;
  Restart();
  EXPECT_EQ(cache_->WarmRatio(), 1);
  EXPECT_EQ(cache_->Stats().categories.at("code").entries, kPairs);
  EXPECT_EQ(store_.EstimatedEntries(), kPairs);  // the older ones are erased
  EXPECT_EQ(Answer(Ask("q")), "exact:new");
}

// --- reloads ---

TEST_F(LifetimeTest, ARemovedCategoryIsKeptUnservedUntilItComesBack) {
  InsertRequest insert = Tell("q", Axis(0), "a");
  insert.category = "chat";
  Insert(insert);
  const CategoryPolicy chat = Policy("chat");
  policies_.categories.erase("chat");
  Reload();
  LookupRequest request = Ask("q", Axis(0));
  EXPECT_EQ(Answer(request), "miss:no_candidate");
  Configure(chat);
  Reload();
  request.category = "chat";
  EXPECT_EQ(Answer(request), "exact:a");
}

TEST_F(LifetimeTest, ANewIndexTypeIsFilledFromTheStore) {
  Insert(Tell("q", Axis(0), "a"));
  for (const IndexType type : {IndexType::kHnsw, IndexType::kFlat, IndexType::kAuto}) {
    Policy("code").index.type = type;
    Reload();
    EXPECT_EQ(Answer(Ask("other words", Near(0, 0.9))), "semantic:a") << Name(type);
  }
}

TEST_F(LifetimeTest, FlatOverridesNothingButSpeed) {
  // One story, told by each type of index: what is served is the same.
  for (const IndexType type : {IndexType::kAuto, IndexType::kHnsw, IndexType::kFlat}) {
    Policy("code").index.type = type;
    Reload();
    const std::string name = Name(type);
    const EntryId id = Insert(Tell(name, Axis(2), name)).entry_id;
    cache_->Tick();
    EXPECT_EQ(Answer(Ask("near", Near(2, 0.9))), "semantic:" + name);
    EXPECT_EQ(Answer(Ask("far", Axis(6))), "miss:below_threshold");
    ASSERT_TRUE(cache_->Delete(id).ok());
    EXPECT_EQ(Answer(Ask("near", Near(2, 0.9))), "miss:no_candidate");
  }
}

}  // namespace
}  // namespace semcached
