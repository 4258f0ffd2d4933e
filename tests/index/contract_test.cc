// What every index promises, whatever its type and whenever its builds run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <limits>
#include <memory>
#include <string>
#include <tuple>

#include "index/index_fixture.h"

namespace semcached {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr size_t kDimension = 8;
constexpr size_t kMany = 300;  // enough for a graph with IndexType::kHnsw
const Hash128 kScope = ScopeNumber(1);
const Hash128 kOther = ScopeNumber(2);

enum class Builds { kInline, kManual, kPool };

class ContractTest : public ::testing::TestWithParam<std::tuple<IndexType, Builds>> {
 protected:
  ContractTest() {
    index_ = MakeVectorIndex(Options(std::get<0>(GetParam()), kDimension), Runner());
  }

  void Insert(EntryId id, const std::vector<float>& vector, const Hash128& scope = kScope) {
    ASSERT_TRUE(index_->Insert(id, scope, vector).ok());
  }
  void InsertMany(EntryId first, const Hash128& scope = kScope) {
    for (EntryId id = first; id < first + kMany; ++id) {
      Insert(id, RandomUnit(random_, kDimension), scope);
    }
  }

  // Every build that is due has run.
  void Settle() {
    index_->Maintain();
    manual_.RunAll();
    if (pool_ == nullptr) return;
    std::promise<void> reached;  // the pool has one thread, and takes tasks in order
    pool_->Submit([&reached] { reached.set_value(); });
    reached.get_future().wait();
  }

  SearchResult Search(const std::vector<float>& query, float least = -1, size_t limit = 1000,
                      const Hash128& scope = kScope) {
    return index_->Search(scope, query, least, limit);
  }

  std::mt19937_64 random_{7};
  ManualExecutor manual_;
  InlineExecutor inline_;
  std::unique_ptr<ThreadPool> pool_;
  std::unique_ptr<VectorIndex> index_;

 private:
  Executor* Runner() {
    switch (std::get<1>(GetParam())) {
      case Builds::kInline:
        return &inline_;
      case Builds::kManual:
        return &manual_;
      case Builds::kPool:
        pool_ = std::make_unique<ThreadPool>("builds", 1, 100);
        return pool_.get();
    }
    return nullptr;
  }
};

TEST_P(ContractTest, AnEmptyScopeHasNoNearest) {
  const SearchResult result = Search(Axis(0));
  EXPECT_THAT(result.candidates, IsEmpty());
  EXPECT_EQ(result.nearest_similarity, -1);
  EXPECT_EQ(result.answered_by, IndexStructure::kNone);
}

TEST_P(ContractTest, AnInsertIsVisibleToTheNextSearch) {
  InsertMany(1000);
  Insert(1, Axis(0));
  const SearchResult result = Search(Axis(0), 0.999F, 1);
  ASSERT_THAT(Ids(result), ElementsAre(1));
  EXPECT_NEAR(result.candidates[0].similarity, 1, kByteError);
  EXPECT_TRUE(index_->Contains(1));
}

TEST_P(ContractTest, TheNearestComesFirstUpToTheLimit) {
  Insert(1, Near(0, 0.7));
  Insert(2, Near(0, 0.9));
  Insert(3, Near(0, 0.8));
  Settle();
  EXPECT_THAT(Ids(Search(Axis(0))), ElementsAre(2, 3, 1));
  EXPECT_THAT(Ids(Search(Axis(0), -1, 2)), ElementsAre(2, 3));
  const SearchResult none = Search(Axis(0), -1, 0);
  EXPECT_THAT(none.candidates, IsEmpty());
  EXPECT_NEAR(none.nearest_similarity, 0.9F, kByteError);
}

TEST_P(ContractTest, TheThresholdIsInclusiveAndTheNearestIsToldAnyway) {
  Insert(1, Axis(0));
  Settle();
  EXPECT_THAT(Ids(Search(Axis(0), 1.0F)), ElementsAre(1));
  const SearchResult miss = Search(Near(0, 0.6), 0.65F);
  EXPECT_THAT(miss.candidates, IsEmpty());
  EXPECT_NEAR(miss.nearest_similarity, 0.6F, kByteError);
}

// A byte a component may round a hit below the threshold; the document would have said otherwise.
TEST_P(ContractTest, NothingAtTheThresholdIsLostToRounding) {
  InsertMany(1000);
  Settle();
  for (int i = 0; i < 300; ++i) {
    const auto vector = RandomUnit(random_, kDimension);
    const auto query = NearTo(vector, 0.9, random_);
    Insert(1, vector);
    ASSERT_THAT(Ids(Search(query, DotProduct(query, vector))), Contains(1)) << i;
    ASSERT_TRUE(index_->Erase(1));
  }
}

TEST_P(ContractTest, AnotherScopeIsNeverFound) {
  InsertMany(1000, kOther);
  Insert(1, Axis(0), kOther);
  Settle();
  EXPECT_EQ(Search(Axis(0)).nearest_similarity, -1);

  Insert(2, Axis(0));
  for (EntryId id = 3; id < 200; ++id) Insert(id, Axis(0), kOther);
  Settle();
  EXPECT_THAT(Ids(Search(Axis(0))), ElementsAre(2));
  EXPECT_EQ(index_->Stats().scope_count, 2);
}

TEST_P(ContractTest, HoldsAnEntryOnlyInItsScopeAndWithItsVector) {
  InsertMany(1000);
  Insert(1, Near(0, 0.9));
  Settle();
  EXPECT_TRUE(index_->Holds(1, kScope, Near(0, 0.9)));
  EXPECT_FALSE(index_->Holds(1, kScope, Near(0, 0.8)));
  EXPECT_FALSE(index_->Holds(1, kOther, Near(0, 0.9)));
  EXPECT_FALSE(index_->Holds(2'000'000, kScope, Near(0, 0.9)));
  EXPECT_FALSE(index_->Holds(1, kScope, std::vector<float>{1}));
  EXPECT_TRUE(index_->Erase(1));
  EXPECT_FALSE(index_->Holds(1, kScope, Near(0, 0.9)));
}

TEST_P(ContractTest, AnErasedEntryIsNeverFound) {
  InsertMany(1000);
  Insert(1, Axis(0));
  Settle();
  EXPECT_TRUE(index_->Erase(1));
  EXPECT_FALSE(index_->Erase(1));
  EXPECT_FALSE(index_->Contains(1));
  for (int i = 0; i < 2; ++i) {
    for (const EntryId id : Ids(Search(Axis(0)))) EXPECT_NE(id, 1);
    Settle();
  }
  EXPECT_EQ(index_->Stats().entry_count, kMany);
}

TEST_P(ContractTest, AllMayBeErasedAndTheScopeUsedAgain) {
  InsertMany(1000);
  Settle();
  for (EntryId id = 1000; id < 1000 + kMany; ++id) {
    ASSERT_TRUE(index_->Erase(id));
    for (const Candidate& found : Search(Axis(0)).candidates) ASSERT_GT(found.id, id);
  }
  EXPECT_EQ(Search(Axis(0)).answered_by, IndexStructure::kNone);
  EXPECT_EQ(index_->Stats().scope_count, 0);
  EXPECT_EQ(index_->Stats().graph_count, 0);
  Insert(1, Axis(0));
  Settle();
  EXPECT_THAT(Ids(Search(Axis(0))), ElementsAre(1));
}

TEST_P(ContractTest, AnIdThatIsStoredAnewHasItsNewVectorOnly) {
  InsertMany(1000);
  Insert(1, Axis(0));
  Settle();
  ASSERT_TRUE(index_->Erase(1));
  Insert(1, Axis(1));
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(Ids(Search(Axis(0), 0.999F)), IsEmpty());
    EXPECT_THAT(Ids(Search(Axis(1), 0.999F)), ElementsAre(1));
    Settle();
  }
}

TEST_P(ContractTest, AnIdMayMoveToAnotherScope) {
  Insert(1, Axis(0));
  InsertMany(1000);
  Settle();
  ASSERT_TRUE(index_->Erase(1));
  Insert(1, Axis(0), kOther);
  Settle();
  EXPECT_THAT(Ids(Search(Axis(0), 0.9999F)), IsEmpty());
  EXPECT_THAT(Ids(Search(Axis(0), -1, 10, kOther)), ElementsAre(1));
}

TEST_P(ContractTest, AnIdIsStoredOnce) {
  Insert(1, Axis(0));
  EXPECT_EQ(index_->Insert(1, kOther, Axis(1)).code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(Ids(Search(Axis(0), 0.9F)), ElementsAre(1));
  EXPECT_EQ(Search(Axis(1), -1, 10, kOther).answered_by, IndexStructure::kNone);
}

const float kNan = std::numeric_limits<float>::quiet_NaN();
const float kInfinity = std::numeric_limits<float>::infinity();

std::vector<std::vector<float>> BadVectors() {
  std::vector<std::vector<float>> bad = {
      {}, Axis(0, kDimension - 1), Axis(0, kDimension + 1), std::vector<float>(kDimension, 0.0F)};
  for (const float value : {kNan, kInfinity, -kInfinity, 3e38F, 100.0F, 1.01F, 0.98F}) {
    bad.push_back(Axis(0));
    bad.back()[0] = value;
  }
  bad.push_back(Axis(0));
  bad.back()[7] = kNan;
  return bad;
}

TEST_P(ContractTest, ABadVectorIsRefusedAndLeavesNoTrace) {
  Insert(1, Axis(0));
  Settle();
  const size_t memory = index_->Stats().memory_bytes;
  for (const std::vector<float>& bad : BadVectors()) {
    EXPECT_EQ(index_->Insert(2, kOther, bad).code(), absl::StatusCode::kInvalidArgument);
  }
  EXPECT_FALSE(index_->Contains(2));
  EXPECT_EQ(index_->Stats().entry_count, 1);
  EXPECT_EQ(index_->Stats().scope_count, 1);
  EXPECT_EQ(index_->Stats().memory_bytes, memory);
}

TEST_P(ContractTest, ABadQueryFindsNothing) {
  InsertMany(1000);
  Insert(1, Axis(0));
  Settle();
  for (const std::vector<float>& bad : BadVectors()) {
    EXPECT_THAT(Search(bad).candidates, IsEmpty());
    EXPECT_EQ(Search(bad).nearest_similarity, -1);
  }
  EXPECT_THAT(Search(Axis(0), kNan).candidates, IsEmpty());
  EXPECT_THAT(Search(Axis(0), kInfinity).candidates, IsEmpty());
  EXPECT_THAT(Ids(Search(Axis(0), 0.9999F)), ElementsAre(1));
}

TEST_P(ContractTest, TheIndexMayGoWhileBuildsAreQueued) {
  InsertMany(1000);
  index_->Maintain();
  index_.reset();
  manual_.RunAll();
  pool_.reset();
}

std::string TypeAndBuilds(const ::testing::TestParamInfo<ContractTest::ParamType>& info) {
  const char* const builds[] = {"inline", "manual", "pool"};
  return std::string(Name(std::get<0>(info.param))) + "_" +
         builds[static_cast<size_t>(std::get<1>(info.param))];
}

INSTANTIATE_TEST_SUITE_P(
    AllTypes, ContractTest,
    ::testing::Combine(::testing::Values(IndexType::kAuto, IndexType::kHnsw, IndexType::kFlat),
                       ::testing::Values(Builds::kInline, Builds::kManual, Builds::kPool)),
    TypeAndBuilds);

}  // namespace
}  // namespace semcached
