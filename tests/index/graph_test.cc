// When graphs stand, what they answer, and that what is erased hides nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "index/index_fixture.h"

namespace semcached {
namespace {

using ::testing::ElementsAre;

constexpr size_t kDimension = 16;
constexpr size_t kAutoMinEntries = 3000;
const Hash128 kScope = ScopeNumber(1);

class GraphTest : public ::testing::Test {
 protected:
  void Open(IndexType type) {
    IndexOptions options = Options(type, kDimension);
    if (type == IndexType::kAuto) options.graph_min_entries = kAutoMinEntries;
    index_ = MakeVectorIndex(options, &executor_);
    oracle_ = Oracle();
  }

  void Insert(EntryId id, const std::vector<float>& vector) {
    ASSERT_TRUE(index_->Insert(id, kScope, vector).ok());
    oracle_.Insert(id, vector);
  }
  void InsertRandom(size_t count) {
    for (size_t i = 0; i < count; ++i) Insert(next_id_++, RandomUnit(random_, kDimension));
  }
  void Erase(EntryId id) {
    ASSERT_TRUE(index_->Erase(id));
    oracle_.Erase(id);
  }
  void Tick() {
    index_->Maintain();
    executor_.RunAll();
  }

  SearchResult Search(const std::vector<float>& query, float least = -1, size_t limit = 1) {
    return index_->Search(kScope, query, least, limit);
  }
  IndexStructure AnsweredBy() { return Search(Axis(0, kDimension)).answered_by; }

  // The nearest of `count` random queries, and of all stored vectors, is the true one.
  void ExpectExact(size_t count) {
    for (size_t i = 0; i < count; ++i) ExpectExactAt(RandomUnit(random_, kDimension));
    for (const auto& [id, vector] : oracle_.vectors()) ExpectExactAt(vector);
  }
  void ExpectExactAt(const std::vector<float>& query) {
    const SearchResult result = Search(query, -1, 8);
    ASSERT_TRUE(oracle_.HasNearest(result, query));
    ASSERT_NEAR(result.nearest_similarity, oracle_.Nearest(query).similarity, kByteError);
  }

  std::mt19937_64 random_{3};
  ManualExecutor executor_;
  std::unique_ptr<VectorIndex> index_;
  Oracle oracle_;
  EntryId next_id_ = 1;
};

TEST_F(GraphTest, HnswHasAGraphAfterATickAtAnySize) {
  for (const size_t count : {1, 2, 40, 400}) {
    Open(IndexType::kHnsw);
    InsertRandom(count);
    Tick();
    EXPECT_EQ(AnsweredBy(), IndexStructure::kGraph);
    EXPECT_EQ(index_->Stats().graph_entry_count, count);
    EXPECT_EQ(index_->Stats().graph_count, 1);
    ExpectExact(20);
  }
}

TEST_F(GraphTest, WhatIsFreshIsScanned) {
  Open(IndexType::kHnsw);
  InsertRandom(200);
  Tick();
  InsertRandom(10);
  EXPECT_EQ(AnsweredBy(), IndexStructure::kGraphAndScan);
  EXPECT_EQ(index_->Stats().graph_entry_count, 200);
  ExpectExact(20);
  InsertRandom(300);
  Tick();
  EXPECT_EQ(AnsweredBy(), IndexStructure::kGraph);
  ExpectExact(20);
}

// What is linked into a graph that has lost a tenth time and again is found like what was there at
// first.
TEST_F(GraphTest, AGraphThatWasRenewedManyTimesFindsAll) {
  Open(IndexType::kHnsw);
  constexpr EntryId kEntries = 600;
  const auto vectors = ClusteredVectors(4 * kEntries, kDimension, random_);
  for (; next_id_ <= kEntries; ++next_id_) Insert(next_id_, vectors[next_id_ - 1]);
  Tick();
  for (EntryId oldest = 1; oldest <= 3 * kEntries; ++oldest, ++next_id_) {
    Erase(oldest);
    Insert(next_id_, vectors[next_id_ - 1]);
    executor_.RunAll();
  }
  EXPECT_GE(index_->Stats().builds_completed, 25U);
  EXPECT_GE(index_->Stats().graph_entry_count, kEntries * 85 / 100);
  ExpectExact(200);
}

TEST_F(GraphTest, HnswIsAScanWhereThatIsFaster) {
  IndexOptions options = Options(IndexType::kHnsw, kDimension);
  options.graph_min_entries.reset();
  index_ = MakeVectorIndex(options, &executor_);
  InsertRandom(1999);
  Tick();
  EXPECT_EQ(AnsweredBy(), IndexStructure::kScan);
  InsertRandom(1);
  Tick();
  EXPECT_EQ(AnsweredBy(), IndexStructure::kGraph);
}

TEST_F(GraphTest, FlatNeverHasAGraph) {
  Open(IndexType::kFlat);
  InsertRandom(2000);
  Tick();
  EXPECT_EQ(AnsweredBy(), IndexStructure::kScan);
  EXPECT_EQ(index_->Stats().builds_completed, 0);
}

TEST_F(GraphTest, AutoBuildsAtTheMinimumAndDropsAtHalfOfIt) {
  Open(IndexType::kAuto);
  const size_t minimum = kAutoMinEntries;
  InsertRandom(minimum - 1);
  Tick();
  EXPECT_EQ(AnsweredBy(), IndexStructure::kScan);
  InsertRandom(1);
  EXPECT_EQ(executor_.RunAll(), 1);
  EXPECT_EQ(AnsweredBy(), IndexStructure::kGraph);
  for (EntryId id = 1; id <= minimum - minimum / 2; ++id) {
    Erase(id);
    executor_.RunAll();
  }
  EXPECT_EQ(index_->Stats().graph_count, 1);
  Erase(next_id_ - 1);
  EXPECT_EQ(index_->Stats().graph_count, 0);
  EXPECT_EQ(index_->Stats().graph_entry_count, 0);
  EXPECT_EQ(AnsweredBy(), IndexStructure::kScan);
}

TEST_F(GraphTest, OneBuildOfAScopeAtATime) {
  Open(IndexType::kHnsw);
  InsertRandom(500);
  index_->Maintain();
  EXPECT_EQ(executor_.queued(), 1);
  ASSERT_TRUE(index_->Insert(9999, ScopeNumber(2), Axis(0, kDimension)).ok());
  index_->Maintain();
  EXPECT_EQ(executor_.queued(), 2);
}

TEST_F(GraphTest, ARefusedBuildWaitsForTheTick) {
  Open(IndexType::kHnsw);
  executor_.SetFull(true);
  InsertRandom(100);
  index_->Maintain();
  EXPECT_EQ(executor_.RunAll(), 0);
  ExpectExact(5);
  executor_.SetFull(false);
  InsertRandom(1);
  EXPECT_EQ(executor_.queued(), 0);
  Tick();
  EXPECT_EQ(AnsweredBy(), IndexStructure::kGraph);
}

TEST_F(GraphTest, ADroppedBuildIsDueAgain) {
  Open(IndexType::kHnsw);
  InsertRandom(100);
  executor_.DropAll();
  Tick();
  EXPECT_EQ(AnsweredBy(), IndexStructure::kGraph);
}

TEST_F(GraphTest, EverythingExpiresButOneAndFreshOnesCome) {
  Open(IndexType::kHnsw);
  InsertRandom(300);
  Tick();
  for (EntryId id = 1; id < next_id_ - 1; ++id) Erase(id);
  InsertRandom(30);
  ExpectExact(20);
  Tick();
  EXPECT_EQ(AnsweredBy(), IndexStructure::kGraph);
  EXPECT_EQ(index_->Stats().graph_entry_count, 31);
  ExpectExact(20);
}

TEST_F(GraphTest, AllErasedWhileTheGraphStands) {
  Open(IndexType::kHnsw);
  InsertRandom(300);
  Tick();
  index_->Maintain();
  const EntryId end = next_id_;
  for (EntryId id = 1; id < end; ++id) Erase(id);
  EXPECT_EQ(AnsweredBy(), IndexStructure::kNone);
  executor_.RunAll();
  EXPECT_EQ(index_->Stats().graph_count, 0);
  InsertRandom(5);
  ExpectExact(20);
}

TEST_F(GraphTest, AnErasedNeighbourhoodHidesNothing) {
  Open(IndexType::kHnsw);
  const std::vector<float> centre = Axis(0, kDimension);
  InsertRandom(900);
  const EntryId first = next_id_;
  for (int i = 0; i < 150; ++i) Insert(next_id_++, NearTo(centre, 0.99, random_));
  Insert(next_id_, NearTo(centre, 0.9, random_));
  Tick();
  for (EntryId id = first; id < next_id_; ++id) Erase(id);
  ASSERT_GT(index_->Stats().graph_entry_count, 0);
  const SearchResult result = Search(centre, 0.85F);
  EXPECT_THAT(Ids(result), ElementsAre(next_id_));
  ExpectExactAt(centre);
}

TEST_F(GraphTest, DuplicatesHideNothing) {
  Open(IndexType::kHnsw);
  for (int topic = 0; topic < 4; ++topic) {
    const std::vector<float> same = RandomUnit(random_, kDimension);
    for (int i = 0; i < 200; ++i) Insert(next_id_++, same);
  }
  InsertRandom(200);
  Tick();
  EXPECT_EQ(index_->Stats().graph_count, 1);
  ExpectExact(50);
}

TEST_F(GraphTest, RecallOfClusteredVectorsIsNearlyOne) {
  const uint64_t seed = 5;
  SCOPED_TRACE(seed);
  random_.seed(seed);
  Open(IndexType::kHnsw);
  const auto vectors = ClusteredVectors(5000, kDimension, random_);
  for (const std::vector<float>& vector : vectors) Insert(next_id_++, vector);
  Tick();
  ASSERT_GT(index_->Stats().graph_entry_count, 4500);
  int found = 0;
  constexpr int kQueries = 500;
  for (int i = 0; i < kQueries; ++i) {
    const auto query = NearTo(vectors[random_() % vectors.size()], 0.9, random_);
    found += oracle_.HasNearest(Search(query, 0.8F, 8), query);
  }
  EXPECT_GE(found, kQueries * 0.99);
}

}  // namespace
}  // namespace semcached
