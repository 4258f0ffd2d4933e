#include "semcached/base/split_map.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <random>

namespace semcached {
namespace {

using Map = SplitMap<uint64_t, uint64_t>;

std::map<uint64_t, uint64_t> ContentOf(const Map& map) {
  std::map<uint64_t, uint64_t> content;
  map.ForEach([&](uint64_t key, uint64_t value) { content[key] = value; });
  return content;
}

TEST(SplitMapTest, AnEmptyOneHoldsNothing) {
  Map map;
  EXPECT_EQ(map.size(), 0U);
  EXPECT_EQ(map.Find(1), nullptr);
  EXPECT_FALSE(map.Erase(1));
  EXPECT_TRUE(ContentOf(map).empty());
  EXPECT_EQ(map.MemoryBytes(), 0U);
}

TEST(SplitMapTest, TheFirstValueOfAKeyStays) {
  Map map;
  EXPECT_TRUE(map.Emplace(1, 10).second);
  const auto [value, made] = map.Emplace(1, 11);
  EXPECT_FALSE(made);
  EXPECT_EQ(*value, 10U);
  map[1] = 12;
  map[2] = 20;
  EXPECT_EQ(ContentOf(map), (std::map<uint64_t, uint64_t>{{1, 12}, {2, 20}}));
}

TEST(SplitMapTest, HoldsWhatAMapHolds) {
  Map map;
  std::map<uint64_t, uint64_t> expected;
  std::mt19937_64 random(7);
  // Grows over many splits, shrinks, and grows again.
  for (const uint64_t erased : {30, 80, 30}) {
    for (int i = 0; i < 60'000; ++i) {
      const uint64_t key = random() % 50'000;
      if (random() % 100 < erased) {
        EXPECT_EQ(map.Erase(key), expected.erase(key) == 1);
      } else {
        EXPECT_EQ(map.Emplace(key, i).second, expected.emplace(key, i).second);
      }
    }
    ASSERT_EQ(map.size(), expected.size());
    ASSERT_EQ(ContentOf(map), expected);
    for (uint64_t key = 0; key < 50'000; ++key) {
      const auto found = expected.find(key);
      const uint64_t* const value = map.Find(key);
      ASSERT_EQ(value == nullptr, found == expected.end()) << key;
      if (value != nullptr) {
        ASSERT_EQ(*value, found->second) << key;
      }
    }
  }
}

TEST(SplitMapTest, MemoryIsGivenBack) {
  Map map;
  for (uint64_t key = 0; key < 100'000; ++key) map[key] = key;
  const size_t full = map.MemoryBytes();
  EXPECT_GE(full, size_t{100'000} * 2 * sizeof(uint64_t));
  EXPECT_LE(full, size_t{100'000} * 5 * sizeof(uint64_t));
  for (uint64_t key = 0; key < 100'000; ++key) ASSERT_TRUE(map.Erase(key));
  EXPECT_LE(map.MemoryBytes(), full / 10);
}

TEST(SplitMapTest, ValuesNeedOnlyMove) {
  SplitMap<uint64_t, std::unique_ptr<uint64_t>> map;
  for (uint64_t key = 0; key < 2'000; ++key) map.Emplace(key, std::make_unique<uint64_t>(key));
  for (uint64_t key = 0; key < 2'000; ++key) ASSERT_EQ(**map.Find(key), key);
}

// Whose hashes are all one, e.g. by an attack on a table without a key.
struct Alike {
  uint64_t value = 0;
  bool operator==(const Alike& other) const = default;
  template <typename H>
  friend H AbslHashValue(H hash, const Alike& /*alike*/) {
    return H::combine(std::move(hash), 0);
  }
};

TEST(SplitMapTest, KeysThatCannotBeToldApartAreKept) {
  SplitMap<Alike, uint64_t> map;
  for (uint64_t key = 0; key < 1'000; ++key) map[{key}] = key;
  EXPECT_EQ(map.size(), 1'000U);
  for (uint64_t key = 0; key < 1'000; ++key) ASSERT_EQ(*map.Find({key}), key);
}

TEST(SplitMapTest, PartByPartNothingThatStaysIsMissedWhileItGrows) {
  Map map;
  for (uint64_t key = 0; key < 1'000; ++key) map[key] = key;
  std::map<uint64_t, uint64_t> seen;
  uint64_t fresh = 1'000;
  for (size_t part = 0; part < map.parts(); ++part) {
    map.ForEachOfPart(part, [&](uint64_t key, uint64_t value) { seen[key] = value; });
    for (int i = 0; i < 20 && fresh < 5'000; ++i) map[fresh++] = 0;
  }
  for (uint64_t key = 0; key < 1'000; ++key) EXPECT_EQ(seen.count(key), 1U) << key;
}

}  // namespace
}  // namespace semcached
