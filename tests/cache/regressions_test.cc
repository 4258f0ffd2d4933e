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

}  // namespace
}  // namespace semcached
