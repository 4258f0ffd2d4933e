// Templates ("the price of item 17"): all entries of a scope are near the query, and one is right.
#include <gtest/gtest.h>

#include "index/index_fixture.h"

namespace semcached {
namespace {

constexpr size_t kDimension = 384;
constexpr size_t kLimit = 8;
const Hash128 kScope = ScopeNumber(1);

class CrowdTest : public ::testing::TestWithParam<IndexType> {
 protected:
  // Members whose cosine with one another is about the square of `with_middle`.
  void InsertCrowd(const std::vector<float>& middle, size_t count, double with_middle) {
    for (size_t i = 0; i < count; ++i) {
      const auto member = NearTo(middle, with_middle, random_);
      ASSERT_TRUE(index_->Insert(next_id_, kScope, member).ok());
      oracle_.Insert(next_id_++, member);
    }
    index_->Maintain();
    executor_.RunAll();
  }

  // Of queries that are so near to one member, how many propose the nearest.
  double Recall(double cosine) {
    constexpr int kQueries = 200;
    int found = 0;
    for (int i = 0; i < kQueries; ++i) {
      const auto& member = oracle_.vectors().at(1 + random_() % oracle_.vectors().size());
      const auto query = NearTo(member, cosine, random_);
      found += oracle_.HasNearest(index_->Search(kScope, query, 0.8F, kLimit), query);
    }
    return static_cast<double>(found) / kQueries;
  }

  std::mt19937_64 random_{31};
  ManualExecutor executor_;
  std::unique_ptr<VectorIndex> index_ =
      MakeVectorIndex(Options(GetParam(), kDimension), &executor_);
  Oracle oracle_;
  EntryId next_id_ = 1;
};

TEST_P(CrowdTest, TheRightOneOfACrowdIsProposed) {
  InsertCrowd(RandomUnit(random_, kDimension), 2000, 0.985);
  EXPECT_GE(Recall(0.97), 0.98);
  EXPECT_GE(Recall(0.93), 0.95);
}

TEST_P(CrowdTest, OneOfSeveralCrowdsIsToo) {
  for (int crowd = 0; crowd < 5; ++crowd) {
    InsertCrowd(RandomUnit(random_, kDimension), 400, 0.985);
  }
  EXPECT_GE(Recall(0.97), 0.98);
  EXPECT_GE(Recall(0.93), 0.95);
}

INSTANTIATE_TEST_SUITE_P(AllTypes, CrowdTest, ::testing::Values(IndexType::kHnsw, IndexType::kFlat),
                         [](const auto& suite) { return std::string(Name(suite.param)); });

}  // namespace
}  // namespace semcached
