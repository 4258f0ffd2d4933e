#include "index/scope_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "index/compact_vector.h"
#include "index/index_fixture.h"

namespace semcached {
namespace {

constexpr size_t kDimension = 4;

// What the table should hold, kept the slow way.
struct Expected {
  uint64_t scope;
  std::vector<std::byte> row;
  bool covered = false;
};

class ScopeTableTest : public ::testing::Test {
 protected:
  void Insert(EntryId id, uint64_t scope) {
    const std::vector<float> vector = RandomUnit(random_, kDimension);
    const CompactRow compact = Compact(vector);
    const std::vector<std::byte> row(compact.begin(), compact.end());
    table_.Insert(id, ScopeNumber(scope), row.data());
    expected_[id] = {scope, row};
  }
  void Erase(EntryId id) { EXPECT_EQ(table_.Erase(id) != nullptr, expected_.erase(id) == 1); }
  std::shared_ptr<Partition> At(uint64_t scope) {
    return table_.partitions().at(ScopeNumber(scope));
  }

  void ExpectAllInPlace() {
    std::map<uint64_t, size_t> sizes;
    std::map<uint64_t, size_t> covered;
    for (const auto& [id, expected] : expected_) {
      const Partition* partition = table_.Find(ScopeNumber(expected.scope));
      ASSERT_NE(partition, nullptr);
      const Member* member = table_.FindMember(*partition, id);
      ASSERT_NE(member, nullptr);
      const std::byte* row = table_.Row(*member);
      ASSERT_EQ(std::vector<std::byte>(row, row + expected.row.size()), expected.row);
      ASSERT_EQ(table_.FindCovered(*partition, id) != nullptr, expected.covered);
      ++sizes[expected.scope];
      covered[expected.scope] += expected.covered ? 1 : 0;
    }
    ASSERT_EQ(table_.size(), expected_.size());
    ASSERT_EQ(table_.partitions().size(), sizes.size());
    for (const auto& [scope, size] : sizes) {
      ASSERT_EQ(At(scope)->members.size(), size);
      ASSERT_EQ(At(scope)->covered, covered[scope]);
    }
  }

  std::mt19937_64 random_{17};
  ScopeTable table_{kDimension};
  std::map<EntryId, Expected> expected_;
};

TEST_F(ScopeTableTest, AgreesWithAModelOverRandomSteps) {
  for (int step = 0; step < 20'000; ++step) {
    const EntryId id = 1 + random_() % 300;
    const auto it = expected_.find(id);
    const int choice = static_cast<int>(random_() % 4);
    if (it == expected_.end()) {
      if (choice < 3) {
        Insert(id, random_() % 5);
      } else {
        Erase(id);
      }
    } else if (choice == 0) {
      Erase(id);
    } else {
      const auto partition = At(it->second.scope);
      const Member member = *table_.FindMember(*partition, id);
      it->second.covered = choice == 1;
      if (choice == 1) {
        table_.Cover(partition.get(), member);
      } else {
        table_.Uncover(partition.get(), member);
      }
    }
    if (step % 100 == 0) {
      ASSERT_NO_FATAL_FAILURE(ExpectAllInPlace());
    }
  }
}

TEST_F(ScopeTableTest, AMemberOfThePastIsNotCovered) {
  Insert(1, 0);
  Insert(2, 0);
  const auto partition = At(0);
  const Member past = *table_.FindMember(*partition, 1);
  ++partition->round;  // a build looks
  Erase(1);
  table_.Cover(partition.get(), past);
  Insert(1, 0);
  table_.Cover(partition.get(), past);
  ExpectAllInPlace();
  EXPECT_EQ(partition->covered, 0);
}

TEST_F(ScopeTableTest, ARowIsKeptWhileWhoKnowsItMayReadIt) {
  Insert(1, 0);
  Insert(2, 0);
  Insert(3, 0);
  const auto partition = At(0);
  Erase(1);  // before the build looks
  EXPECT_EQ(partition->erased.size(), 0);
  partition->build_round = ++partition->round;
  Insert(4, 0);
  Erase(4);  // after
  EXPECT_EQ(partition->erased.size(), 0);
  Erase(2);
  EXPECT_EQ(partition->erased.size(), 1);
  EXPECT_EQ(ScopeTable::TakeUnread(partition.get()).size(), 0);
  partition->build_round = 0;
  EXPECT_EQ(ScopeTable::TakeUnread(partition.get()).size(), 1);
  EXPECT_EQ(partition->erased.size(), 0);
}

TEST_F(ScopeTableTest, APartitionKnowsOnlyItsOwn) {
  Insert(1, 0);
  Insert(2, 1);
  EXPECT_EQ(table_.FindMember(*At(0), 2), nullptr);
  table_.Cover(At(0).get(), *table_.FindMember(*At(1), 2));
  ExpectAllInPlace();
}

TEST_F(ScopeTableTest, AnErasedScopeIsGone) {
  Insert(1, 0);
  const auto partition = table_.Erase(1);
  ASSERT_NE(partition, nullptr);
  EXPECT_TRUE(partition->members.empty());
  EXPECT_EQ(table_.Find(ScopeNumber(0)), nullptr);
}

TEST(VectorSlabTest, RowsAreAlignedAndStay) {
  constexpr size_t kRowBytes = 24;
  std::mt19937_64 random(1);
  VectorSlab slab(kRowBytes);
  std::map<VectorSlab::Slot, std::vector<std::byte>> stored;
  std::map<VectorSlab::Slot, const std::byte*> places;
  for (int i = 0; i < 500; ++i) {
    const std::vector<std::byte> row(kRowBytes, static_cast<std::byte>(random()));
    const VectorSlab::Slot slot = slab.Add(row.data());
    ASSERT_TRUE(stored.emplace(slot, row).second);
    places[slot] = slab.At(slot);
    if (i % 3 == 0) {
      slab.Remove(stored.begin()->first);
      places.erase(stored.begin()->first);
      stored.erase(stored.begin());
    }
  }
  for (const auto& [slot, bytes] : stored) {
    const std::byte* row = slab.At(slot);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(row) % 8, 0);
    EXPECT_EQ(row, places[slot]);
    EXPECT_EQ(std::vector<std::byte>(row, row + kRowBytes), bytes);
  }
  for (const auto& [slot, bytes] : stored) slab.Remove(slot);
  EXPECT_EQ(slab.MemoryBytes(), 0);
}

}  // namespace
}  // namespace semcached
