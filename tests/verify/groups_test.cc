#include "verify/groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <set>

#include "verify/made_pairs.h"

namespace semcached::verify {
namespace {

VerifyPair Pair(const std::string& a, const std::string& b) { return {a, b, {}, {}, false}; }

std::vector<size_t> UpTo(size_t count) {
  std::vector<size_t> items(count);
  std::iota(items.begin(), items.end(), size_t{0});
  return items;
}

TEST(GroupsTest, PairsThatShareATextByOthersAreOneGroup) {
  const Groups groups = GroupByTexts(
      {Pair("a", "b"), Pair("x", "y"), Pair("c", "b"), Pair("z", "z"), Pair("c", "d")});
  EXPECT_EQ(groups.count, 3U);
  EXPECT_EQ(groups.of[0], groups.of[2]);
  EXPECT_EQ(groups.of[2], groups.of[4]);
  EXPECT_NE(groups.of[0], groups.of[1]);
  EXPECT_NE(groups.of[1], groups.of[3]);
}

TEST(GroupsTest, NoTextIsOnBothSidesOfASplit) {
  std::vector<VerifyPair> pairs;
  for (int i = 0; i < 400; ++i) {
    pairs.push_back(Pair(absl::StrCat(i % 150), absl::StrCat("b", i)));
  }
  const Groups groups = GroupByTexts(pairs);
  const Split split = SplitByGroups(UpTo(pairs.size()), groups, 0.25, 7);
  EXPECT_NEAR(static_cast<double>(split.held_out.size()), 100, 5);
  EXPECT_EQ(split.held_out.size() + split.kept.size(), pairs.size());
  std::set<std::string> kept;
  for (const size_t i : split.kept) kept.insert(pairs[i].text_a);
  for (const size_t i : split.held_out) EXPECT_EQ(kept.count(pairs[i].text_a), 0U);
}

TEST(GroupsTest, AGroupThatWouldBeMostOfTheEvidenceIsKept) {
  std::vector<VerifyPair> pairs;
  for (int i = 0; i < 100; ++i) pairs.push_back(Pair("the same", absl::StrCat(i)));
  for (int i = 0; i < 300; ++i) pairs.push_back(Pair(absl::StrCat("a", i), absl::StrCat("b", i)));
  const Groups groups = GroupByTexts(pairs);
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const Split split = SplitByGroups(UpTo(pairs.size()), groups, 0.25, seed);
    EXPECT_EQ(split.held_out.size(), 100U);
    EXPECT_GE(split.held_out.front(), 100U) << seed;
  }
}

TEST(GroupsTest, TheSeedDecidesTheSplit) {
  const std::vector<VerifyPair> pairs = MakePairs(200, Truth::kNoise, 1);
  const Groups groups = GroupByTexts(pairs);
  const auto held_out = [&](uint64_t seed) {
    return SplitByGroups(UpTo(pairs.size()), groups, 0.25, seed).held_out;
  };
  EXPECT_EQ(held_out(1), held_out(1));
  EXPECT_NE(held_out(1), held_out(2));
}

}  // namespace
}  // namespace semcached::verify
