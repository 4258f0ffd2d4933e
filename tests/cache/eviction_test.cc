#include "semcached/cache/eviction.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace semcached {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

// An order and the verbs of a cache over it.
class Order {
 public:
  explicit Order(EvictionKind kind) : order_(MakeEvictionOrder(kind)) {}

  void Insert(EntryId id, size_t bytes = 1000, double saved_seconds = 1) {
    order_->Insert(id, bytes, saved_seconds);
    present_.insert(id);
  }
  void Touch(EntryId id) { order_->Touch(id); }
  void TouchTimes(EntryId id, int times) {
    for (int i = 0; i < times; ++i) order_->Touch(id);
  }
  void Erase(EntryId id) {
    order_->Erase(id);
    present_.erase(id);
  }
  std::optional<EntryId> Victim() { return order_->Victim(); }

  EntryId Evict() {
    const std::optional<EntryId> victim = order_->Victim();
    if (!victim.has_value()) return 0;
    Erase(*victim);
    return *victim;
  }
  std::vector<EntryId> Drain() {
    std::vector<EntryId> left;
    for (size_t i = 0, n = present_.size(); i <= n && Victim().has_value(); ++i) {
      left.push_back(Evict());
    }
    return left;
  }
  // Inserts, with room for `capacity` entries.
  void Admit(EntryId id, size_t capacity) {
    while (present_.size() >= capacity) Evict();
    Insert(id);
  }
  bool Has(EntryId id) const { return present_.count(id) > 0; }
  const std::set<EntryId>& present() const { return present_; }

 private:
  std::unique_ptr<EvictionOrder> order_;
  std::set<EntryId> present_;
};

class EvictionContract : public ::testing::TestWithParam<EvictionKind> {
 protected:
  Order order_{GetParam()};
};

INSTANTIATE_TEST_SUITE_P(All, EvictionContract,
                         ::testing::Values(EvictionKind::kLru, EvictionKind::kLfu,
                                           EvictionKind::kS3Fifo, EvictionKind::kCostAware),
                         [](const auto& test) { return std::string(Name(test.param)); });

TEST_P(EvictionContract, NobodyIsTheVictimOfAnEmptyOrder) {
  EXPECT_EQ(order_.Victim(), std::nullopt);
  order_.Insert(1);
  order_.Erase(1);
  EXPECT_EQ(order_.Victim(), std::nullopt);
}

TEST_P(EvictionContract, UnknownIdsAreIgnored) {
  order_.Touch(7);
  order_.Erase(7);
  order_.Insert(1);
  order_.Touch(7);
  order_.Erase(7);
  EXPECT_EQ(order_.Victim(), EntryId{1});
}

TEST_P(EvictionContract, TheVictimStaysUntilItIsErased) {
  for (EntryId id = 1; id <= 20; ++id) order_.Insert(id);
  for (EntryId id = 1; id <= 20; id += 2) order_.Touch(id);
  const std::optional<EntryId> victim = order_.Victim();
  ASSERT_TRUE(victim.has_value());
  EXPECT_EQ(order_.Victim(), victim);
  EXPECT_EQ(order_.Victim(), victim);
  order_.Erase(*victim);
  EXPECT_NE(order_.Victim(), victim);
}

TEST_P(EvictionContract, InsertingTwiceKeepsOne) {
  order_.Insert(1);
  order_.Insert(1);
  EXPECT_THAT(order_.Drain(), ElementsAre(1));
}

TEST_P(EvictionContract, WhatIsTouchedIsNoDuplicate) {
  for (EntryId id = 1; id <= 3; ++id) order_.Insert(id);
  order_.TouchTimes(1, 5);
  order_.Touch(2);
  EXPECT_THAT(order_.Drain(), UnorderedElementsAre(1, 2, 3));
}

TEST_P(EvictionContract, ARandomLifeNeverNamesTheAbsentAndDrainsEveryIdOnce) {
  const uint32_t seed = 20240611;
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  for (int step = 0; step < 20000; ++step) {
    const EntryId id = random() % 300 + 1;
    switch (random() % 5) {
      case 0:
      case 1:
        order_.Insert(id, random() % 10000, static_cast<double>(random() % 3));
        break;
      case 2:
        order_.Touch(id);
        break;
      case 3:
        order_.Erase(id);
        break;
      default:
        if (const std::optional<EntryId> victim = order_.Victim(); victim.has_value()) {
          ASSERT_TRUE(order_.Has(*victim)) << "step " << step;
          order_.Erase(*victim);
        } else {
          ASSERT_TRUE(order_.present().empty()) << "step " << step;
        }
    }
  }
  const std::set<EntryId> before = order_.present();
  const std::vector<EntryId> drained = order_.Drain();
  EXPECT_EQ(drained.size(), before.size());
  EXPECT_EQ(std::set<EntryId>(drained.begin(), drained.end()), before);
}

TEST(LruTest, TheLeastRecentlyUsedLeavesFirst) {
  Order order(EvictionKind::kLru);
  for (EntryId id = 1; id <= 4; ++id) order.Insert(id);
  order.Touch(1);
  order.Touch(3);
  EXPECT_THAT(order.Drain(), ElementsAre(2, 4, 1, 3));
}

TEST(LfuTest, TheLeastUsedLeavesFirstAndOfThoseTheOldest) {
  Order order(EvictionKind::kLfu);
  for (EntryId id = 1; id <= 4; ++id) order.Insert(id);
  order.TouchTimes(1, 3);
  order.TouchTimes(2, 1);
  EXPECT_THAT(order.Drain(), ElementsAre(3, 4, 2, 1));
}

TEST(LfuTest, OldFameFades) {
  Order order(EvictionKind::kLfu);
  order.Insert(1);
  order.TouchTimes(1, 100);
  // Many thousand uses of others later, 40 new uses count for more than 100 old ones.
  order.Insert(2);
  order.TouchTimes(2, 20000);
  order.Insert(3);
  order.TouchTimes(3, 40);
  EXPECT_THAT(order.Drain(), ElementsAre(1, 3, 2));
}

TEST(LfuTest, CountsStayOrderedHoweverLongItRuns) {
  Order order(EvictionKind::kLfu);
  order.Insert(1);
  order.TouchTimes(1, 2'000'000);  // some 2000 halvings, past what a double's exponent holds
  order.Insert(2);
  order.Insert(3);
  order.Touch(2);
  EXPECT_THAT(order.Drain(), ElementsAre(3, 2, 1));
}

// A cache of 100 with a hot set of 50 that is hit now and then; 10 times as many cold ids pass.
int HotLeftAfterScan(EvictionKind kind) {
  constexpr EntryId kHot = 50;
  constexpr size_t kCapacity = 100;
  Order order(kind);
  for (EntryId id = 1; id <= kHot; ++id) order.Admit(id, kCapacity);
  for (EntryId id = 1; id <= kHot; ++id) order.TouchTimes(id, 2);
  for (EntryId id = 1000; id < 1000 + 10 * kHot; ++id) order.Admit(id, kCapacity);
  int left = 0;
  for (EntryId id = 1; id <= kHot; ++id) left += order.Has(id) ? 1 : 0;
  return left;
}

TEST(S3FifoTest, AScanLeavesTheHotSetWhereLruLosesIt) {
  EXPECT_EQ(HotLeftAfterScan(EvictionKind::kS3Fifo), 50);
  EXPECT_EQ(HotLeftAfterScan(EvictionKind::kLru), 0);
}

TEST(S3FifoTest, WhatIsNotUsedAgainLeavesTheMainQueueToo) {
  Order order(EvictionKind::kS3Fifo);
  constexpr size_t kCapacity = 20;
  for (EntryId id = 1; id <= 20; ++id) order.Admit(id, kCapacity);
  for (EntryId id = 1; id <= 20; ++id) order.Touch(id);
  // A new working set, each used once after it came: the old one has to make room in the end.
  for (EntryId id = 100; id < 200; ++id) {
    order.Admit(id, kCapacity);
    order.Touch(id);
  }
  for (EntryId id = 1; id <= 20; ++id) EXPECT_FALSE(order.Has(id)) << id;
}

TEST(S3FifoTest, UnusedEntriesLeaveInTheOrderTheyCame) {
  Order order(EvictionKind::kS3Fifo);
  for (EntryId id = 1; id <= 4; ++id) order.Insert(id);
  order.Touch(2);
  EXPECT_THAT(order.Drain(), ElementsAre(1, 3, 4, 2));
}

TEST(CostAwareTest, WhatIsBigAndCheapLeavesFirst) {
  Order order(EvictionKind::kCostAware);
  order.Insert(1, /*bytes=*/100, /*saved_seconds=*/5);
  order.Insert(2, /*bytes=*/100000, /*saved_seconds=*/0.2);
  order.Insert(3, /*bytes=*/100000, /*saved_seconds=*/5);
  EXPECT_THAT(order.Drain(), ElementsAre(2, 3, 1));
}

TEST(CostAwareTest, UsesMakeUpForSize) {
  Order order(EvictionKind::kCostAware);
  order.Insert(1, /*bytes=*/1000, /*saved_seconds=*/1);
  order.Insert(2, /*bytes=*/4000, /*saved_seconds=*/1);
  order.TouchTimes(2, 9);
  EXPECT_THAT(order.Drain(), ElementsAre(1, 2));
}

TEST(CostAwareTest, WhatWasOnceDearFallsBehindNewcomers) {
  Order order(EvictionKind::kCostAware);
  constexpr size_t kCapacity = 5;
  order.Insert(1, /*bytes=*/1000, /*saved_seconds=*/10);
  for (EntryId id = 100; id < 200; ++id) order.Admit(id, kCapacity);
  EXPECT_FALSE(order.Has(1));
}

TEST(CostAwareTest, ADeletedEntryRaisesNoFloor) {
  Order order(EvictionKind::kCostAware);
  order.Insert(1, /*bytes=*/1, /*saved_seconds=*/1000);
  order.Insert(2, /*bytes=*/1000, /*saved_seconds=*/2);
  order.Erase(1);
  order.Insert(3, /*bytes=*/1000, /*saved_seconds=*/1);
  EXPECT_THAT(order.Drain(), ElementsAre(3, 2));
}

TEST(CostAwareTest, WithoutAFigureASecondIsAssumed) {
  Order order(EvictionKind::kCostAware);
  order.Insert(1, /*bytes=*/1000, /*saved_seconds=*/0);
  order.Insert(2, /*bytes=*/1000, /*saved_seconds=*/0.5);
  order.Insert(3, /*bytes=*/1000, std::numeric_limits<double>::quiet_NaN());
  order.Insert(4, /*bytes=*/0, /*saved_seconds=*/-1);
  EXPECT_THAT(order.Drain(), ElementsAre(2, 1, 3, 4));
}

}  // namespace
}  // namespace semcached
