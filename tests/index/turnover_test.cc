// Entries come and go many times over.
#include <gtest/gtest.h>

#include <deque>

#include "index/index_fixture.h"

namespace semcached {
namespace {

constexpr size_t kDimension = 64;
constexpr size_t kEntries = 1200;
const Hash128 kScope = ScopeNumber(1);

class TurnoverTest : public ::testing::TestWithParam<IndexType> {};

TEST_P(TurnoverTest, RecallStaysAndMemoryIsBounded) {
  const uint64_t seed = 21;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  ManualExecutor executor;
  const auto index = MakeVectorIndex(Options(GetParam(), kDimension), &executor);
  Oracle oracle;
  std::deque<EntryId> oldest_first;
  EntryId next = 1;
  const auto insert = [&](const std::vector<float>& vector) {
    ASSERT_TRUE(index->Insert(next, kScope, vector).ok());
    oracle.Insert(next, vector);
    oldest_first.push_back(next++);
  };
  for (const auto& vector : ClusteredVectors(kEntries, kDimension, random)) insert(vector);
  index->Maintain();
  executor.RunAll();
  const size_t first_memory = index->Stats().memory_bytes;

  for (int turnover = 0; turnover < 5; ++turnover) {
    int asked = 0;
    int found = 0;
    size_t step = 0;
    for (const auto& vector : ClusteredVectors(kEntries, kDimension, random)) {
      ASSERT_TRUE(index->Erase(oldest_first.front()));
      oracle.Erase(oldest_first.front());
      oldest_first.pop_front();
      insert(vector);
      if (++step % 50 == 0) executor.RunAll();  // a build is late, as in life
      if (step % 10 != 0) continue;
      const EntryId near = oldest_first[random() % oldest_first.size()];
      const auto query = NearTo(oracle.vectors().at(near), 0.9, random);
      ++asked;
      found += oracle.HasNearest(index->Search(kScope, query, 0.5F, 8), query);
    }
    EXPECT_GE(found, asked * 0.99) << "turnover " << turnover;
    EXPECT_LE(index->Stats().memory_bytes, first_memory * 1.15) << "turnover " << turnover;
    EXPECT_EQ(index->Stats().entry_count, kEntries);
  }
  EXPECT_EQ(index->Stats().builds_completed > 5, GetParam() == IndexType::kHnsw);
}

// A hot query that is answered anew again and again: what is erased came after the graph.
TEST_P(TurnoverTest, TheNewestMayComeAndGoForEver) {
  std::mt19937_64 random(22);
  ManualExecutor executor;
  IndexOptions options = Options(GetParam(), kDimension);
  options.graph_min_entries = kEntries;
  const auto index = MakeVectorIndex(options, &executor);
  EntryId next = 1;
  for (const auto& vector : ClusteredVectors(kEntries, kDimension, random)) {
    ASSERT_TRUE(index->Insert(next++, kScope, vector).ok());
  }
  index->Maintain();
  executor.RunAll();
  const size_t before = index->Stats().memory_bytes;
  for (int step = 0; step < 20'000; ++step) {
    ASSERT_TRUE(index->Insert(next, kScope, Axis(0, kDimension)).ok());
    ASSERT_TRUE(index->Erase(next++));
    if (step % 1000 == 0) executor.RunAll();
  }
  EXPECT_LE(index->Stats().memory_bytes, before * 1.05);
}

INSTANTIATE_TEST_SUITE_P(AllTypes, TurnoverTest,
                         ::testing::Values(IndexType::kAuto, IndexType::kHnsw, IndexType::kFlat),
                         [](const auto& suite) { return std::string(Name(suite.param)); });

}  // namespace
}  // namespace semcached
