#include "semcached/cache/memory_steps.h"

#include <absl/strings/str_cat.h>

#include <random>

#include "cache/cache_fixture.h"

namespace semcached {
namespace {

TEST(NextMemoryStepTest, NeverBelowWhatIsUsedNorFarAboveIt) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  MemoryStep step = MemoryStep::kNone;
  for (int i = 0; i < 10'000; ++i) {
    const double share = static_cast<double>(random() % 1100) / 1000;
    step = NextMemoryStep(step, share);
    EXPECT_GE(step, NextMemoryStep(MemoryStep::kNone, share)) << share;
    EXPECT_LE(step, NextMemoryStep(MemoryStep::kRefuseConnections, share)) << share;
    EXPECT_EQ(step, NextMemoryStep(step, share)) << share;
  }
}

class MemoryStepsTest : public CacheTest {
 protected:
  MemoryStepsTest() {
    options_.memory_limit_bytes = 4 << 20;
    Restart();
  }
  void InsertMany(int count) {
    for (int i = 0; i < count; ++i) Insert(Tell(absl::StrCat("q", i), Axis(i % 8), "a"));
  }
  int64_t Entries() { return cache_->Stats().categories.at("code").entries; }
};

TEST_F(MemoryStepsTest, CachesShrinkAndGrowAgain) {
  for (int i = 0; i < 80; ++i) Answer(Ask(absl::StrCat("text ", i)));
  const size_t full = recent_.MemoryBytes();
  ASSERT_GT(full, 0U);
  cache_->YieldMemory(MemoryStep::kShrinkCaches);
  EXPECT_LT(recent_.MemoryBytes(), full / 4);
  EXPECT_LT(store_.cache_share(), 0.5);
  cache_->YieldMemory(MemoryStep::kNone);
  EXPECT_EQ(store_.cache_share(), 1);
  for (int i = 0; i < 80; ++i) Answer(Ask(absl::StrCat("text ", i)));
  EXPECT_EQ(recent_.MemoryBytes(), full);
}

TEST_F(MemoryStepsTest, EachTickEvictsSomeForAsLongAsItLasts) {
  InsertMany(1000);
  cache_->YieldMemory(MemoryStep::kShrinkCaches);
  cache_->Tick();
  EXPECT_EQ(Entries(), 1000);
  cache_->YieldMemory(MemoryStep::kEvict);
  cache_->Tick();
  EXPECT_LT(Entries(), 1000);
  EXPECT_GT(Entries(), 900);
  for (int i = 0; i < 20; ++i) cache_->Tick();
  EXPECT_LT(Entries(), 500);
  EXPECT_EQ(Entries(), static_cast<int64_t>(store_.size()));
  // An insert takes the place of another meanwhile.
  const int64_t left = Entries();
  Insert(Tell("one more", Axis(0), "a"));
  EXPECT_LE(Entries(), left);
  EXPECT_EQ(Answer(Ask("one more")), "exact:a");
}

// With a neighbour that stays, the cache was evicted to its last entry, and inserts were told that
// memory_limit was too small.
TEST_F(MemoryStepsTest, SomeEntriesStayHoweverLongItLasts) {
  InsertMany(1000);
  cache_->YieldMemory(MemoryStep::kEvict);
  for (int i = 0; i < 500; ++i) cache_->Tick();
  EXPECT_GT(Entries(), 50);
  Insert(Tell("one more", Axis(0), "a"));
}

TEST_F(MemoryStepsTest, AnEmptyCacheTakesInserts) {
  cache_->YieldMemory(MemoryStep::kEvict);
  for (int i = 0; i < 3; ++i) cache_->Tick();
  Insert(Tell("first", Axis(0), "a"));
  EXPECT_EQ(Answer(Ask("first")), "exact:a");
}

// What a start has not read yet would have been erased for want of room.
TEST_F(MemoryStepsTest, AStartUnderPressureErasesNothingBeforeAllIsRead) {
  InsertMany(1000);
  Start();
  cache_->YieldMemory(MemoryStep::kEvict);
  for (int i = 0; i < 50; ++i) cache_->Tick();
  Insert(Tell("while it reads", Axis(0), "a"));
  EXPECT_EQ(store_.size(), 1001U);
  Recover();
  EXPECT_EQ(Entries(), 1001);
}

TEST_F(MemoryStepsTest, AfterwardsThereIsRoomAgain) {
  InsertMany(500);
  cache_->YieldMemory(MemoryStep::kEvict);
  for (int i = 0; i < 100; ++i) cache_->Tick();
  cache_->YieldMemory(MemoryStep::kNone);
  cache_->Tick();
  InsertMany(500);
  EXPECT_EQ(Entries(), 500);
}

TEST_F(MemoryStepsTest, InsertsAreRefusedAndLookupsAnswered) {
  Insert(Tell("q", Axis(0), "a"));
  cache_->YieldMemory(MemoryStep::kRefuseInserts);
  EXPECT_EQ(cache_->Insert(Tell("new", Axis(1), "b"), Call(clock_)).status().code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(Answer(Ask("q", Axis(0))), "exact:a");
  cache_->YieldMemory(MemoryStep::kEvict);
  cache_->Tick();
  Insert(Tell("new", Axis(1), "b"));
}

}  // namespace
}  // namespace semcached
