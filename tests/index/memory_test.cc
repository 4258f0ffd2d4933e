#include <gtest/gtest.h>

#include "index/index_fixture.h"

namespace semcached {
namespace {

constexpr size_t kDimension = 64;

class MemoryTest : public ::testing::Test {
 protected:
  std::unique_ptr<VectorIndex> Make(IndexType type) {
    return MakeVectorIndex(Options(type, kDimension), &executor_);
  }
  std::mt19937_64 random_{9};
  ManualExecutor executor_;
};

TEST_F(MemoryTest, AnEmptyIndexCostsNextToNothing) {
  for (const IndexType type : {IndexType::kAuto, IndexType::kHnsw, IndexType::kFlat}) {
    EXPECT_LT(Make(type)->Stats().memory_bytes, 4096);
  }
}

TEST_F(MemoryTest, ManySmallScopesCostLittleMoreThanOneLargeOne) {
  const auto one = Make(IndexType::kFlat);
  const auto many = Make(IndexType::kFlat);
  constexpr EntryId kEntries = 20'000;
  for (EntryId id = 1; id <= kEntries; ++id) {
    const auto vector = RandomUnit(random_, kDimension);
    ASSERT_TRUE(one->Insert(id, ScopeNumber(0), vector).ok());
    ASSERT_TRUE(many->Insert(id, ScopeNumber(id % (kEntries / 10)), vector).ok());
  }
  EXPECT_EQ(many->Stats().scope_count, kEntries / 10);
  EXPECT_GE(one->Stats().memory_bytes, kEntries * kDimension);
  EXPECT_LE(many->Stats().memory_bytes, one->Stats().memory_bytes * 3 / 2);
}

TEST_F(MemoryTest, AGraphIsCountedAndKeepsNoBuildState) {
  const auto index = Make(IndexType::kHnsw);
  for (EntryId id = 1; id <= 1000; ++id) {
    ASSERT_TRUE(index->Insert(id, ScopeNumber(0), RandomUnit(random_, kDimension)).ok());
  }
  const size_t before = index->Stats().memory_bytes;
  index->Maintain();
  executor_.RunAll();
  ASSERT_EQ(index->Stats().graph_entry_count, 1000);
  const size_t graph = index->Stats().memory_bytes - before;
  EXPECT_GE(graph, size_t{1000} * 2 * 16 * sizeof(uint32_t)) << "links";
  EXPECT_LE(graph, 1000 * 300) << "and no copy of the vectors";
}

TEST_F(MemoryTest, AllIsGivenBackWhenAllIsErased) {
  const auto index = Make(IndexType::kHnsw);
  for (EntryId id = 1; id <= 5000; ++id) {
    ASSERT_TRUE(index->Insert(id, ScopeNumber(id % 7), RandomUnit(random_, kDimension)).ok());
  }
  executor_.RunAll();
  const size_t full = index->Stats().memory_bytes;
  for (EntryId id = 1; id <= 5000; ++id) ASSERT_TRUE(index->Erase(id));
  executor_.RunAll();  // builds that were due may still read what is gone
  EXPECT_LT(index->Stats().memory_bytes, full / 2);  // the map of ids keeps its room
}

}  // namespace
}  // namespace semcached
