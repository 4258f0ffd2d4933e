#include "cache/quota.h"

#include <gtest/gtest.h>

#include <random>

namespace semcached {
namespace {

CategoryUsage Using(int64_t memory, int64_t disk, double guaranteed) {
  return {{1, memory, disk}, guaranteed};
}

TEST(WhoGivesWayTest, NobodyWhileThereIsRoom) {
  EXPECT_EQ(WhoGivesWay({Using(40, 10, 0.5), Using(60, 10, 0.5)}, 100, 100), std::nullopt);
}

TEST(WhoGivesWayTest, SomebodyWhereAllTogetherExceedTheLimits) {
  EXPECT_FALSE(ExceedsLimits({.entries = 9, .memory = 100, .disk = 100}, 100, 100));
  EXPECT_TRUE(ExceedsLimits({.entries = 9, .memory = 101, .disk = 100}, 100, 100));
  EXPECT_TRUE(ExceedsLimits({.entries = 9, .memory = 100, .disk = 101}, 100, 100));
}

TEST(WhoGivesWayTest, TheOneThatBorrowsMost) {
  EXPECT_EQ(WhoGivesWay({Using(60, 0, 0.1), Using(50, 0, 0.5)}, 100, 100), 0u);
  EXPECT_EQ(WhoGivesWay({Using(10, 30, 0.1), Using(10, 80, 0)}, 100, 100), 1u);
}

TEST(WhoGivesWayTest, NeverOneWithinItsGuarantee) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 2000; ++round) {
    std::vector<CategoryUsage> categories;
    double left = 1;
    int64_t memory = 0;
    for (int i = 0; i < 5; ++i) {
      const double share = left * static_cast<double>(random() % 100) / 100;
      left -= share;
      categories.push_back(Using(static_cast<int64_t>(random() % 500), 0, share));
      memory += categories.back().usage.memory;
    }
    const auto giver = WhoGivesWay(categories, 1000, 1000);
    EXPECT_EQ(giver.has_value(), memory > 1000);
    if (!giver.has_value()) continue;
    const CategoryUsage& chosen = categories[*giver];
    EXPECT_GT(static_cast<double>(chosen.usage.memory), 1000 * chosen.guaranteed_share);
  }
}

TEST(ExceedsQuotaTest, EachResourceCounts) {
  QuotaPolicy quota;
  quota.max_entries = 10;
  quota.max_memory_bytes = 100;
  quota.max_disk_bytes = 1000;
  EXPECT_FALSE(ExceedsQuota({10, 100, 1000}, quota));
  EXPECT_TRUE(ExceedsQuota({11, 100, 1000}, quota));
  EXPECT_TRUE(ExceedsQuota({10, 101, 1000}, quota));
  EXPECT_TRUE(ExceedsQuota({10, 100, 1001}, quota));
  quota.max_namespace_share = 0.5;
  EXPECT_FALSE(ExceedsNamespaceShare({5, 50, 500}, quota));
  EXPECT_TRUE(ExceedsNamespaceShare({6, 50, 500}, quota));
}

}  // namespace
}  // namespace semcached
