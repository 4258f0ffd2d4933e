#include "index/graph_policy.h"

#include <gtest/gtest.h>

namespace semcached {
namespace {

constexpr size_t kMin = 10'000;

ScopeCounts Scanned(size_t members) { return {members, 0, 0, 0}; }

// A scope whose graph was built over `built` entries.
ScopeCounts WithGraph(size_t built, size_t erased, size_t fresh) {
  return {built - erased + fresh, built - erased, built, 0};
}

GraphAction Due(const ScopeCounts& counts) { return DecideGraph(kMin, counts); }

TEST(GraphPolicyTest, BuildsFromTheMinimumOn) {
  EXPECT_EQ(Due(Scanned(kMin - 1)), GraphAction::kNone);
  EXPECT_EQ(Due(Scanned(kMin)), GraphAction::kBuild);
  EXPECT_EQ(Due(Scanned(0)), GraphAction::kNone);
}

TEST(GraphPolicyTest, DropsBelowHalfOfTheMinimum) {
  EXPECT_EQ(Due({kMin / 2 - 1, 4900, 5000, 0}), GraphAction::kDrop);
  EXPECT_EQ(Due({kMin / 2, 4900, 5000, 0}), GraphAction::kNone);
}

TEST(GraphPolicyTest, BuildsWhenATenthIsFresh) {
  EXPECT_EQ(Due(WithGraph(kMin, 0, 1000)), GraphAction::kNone);
  EXPECT_EQ(Due(WithGraph(kMin, 0, 1001)), GraphAction::kBuild);
}

TEST(GraphPolicyTest, AFewFreshOnesOfASmallScopeAreScanned) {
  EXPECT_EQ(DecideGraph(1, WithGraph(500, 0, 256)), GraphAction::kNone);
  EXPECT_EQ(DecideGraph(1, WithGraph(500, 0, 257)), GraphAction::kBuild);
}

TEST(GraphPolicyTest, BuildsWhenATenthIsErased) {
  EXPECT_EQ(Due(WithGraph(kMin, 1000, 0)), GraphAction::kNone);
  EXPECT_EQ(Due(WithGraph(kMin, 1001, 0)), GraphAction::kBuild);
}

TEST(GraphPolicyTest, WhatAGraphLeavesOutDoesNotBuildItAgain) {
  EXPECT_EQ(Due({kMin, kMin - 4000, kMin - 4000, 4000}), GraphAction::kNone);
}

// A build searches once for each entry, and links what is fresh.
TEST(GraphPolicyTest, AGrowingScopeIsSearchedForSomeTenTimesInAllItsBuilds) {
  size_t searched = 0;
  ScopeCounts counts;
  while (counts.members < 100'000) {
    ++counts.members;
    if (DecideGraph(1, counts) != GraphAction::kBuild) continue;
    counts.covered = counts.built = counts.members;
    searched += counts.members;
  }
  EXPECT_LT(searched, 12 * counts.members);
}

TEST(GraphPolicyTest, AGraphIsAskedWhileHalfOfItLives) {
  EXPECT_FALSE(WorthAsking(Scanned(100)));
  EXPECT_TRUE(WorthAsking(WithGraph(100, 50, 0)));
  EXPECT_FALSE(WorthAsking(WithGraph(100, 51, 0)));
}

GraphAnswer Full() {
  GraphAnswer answer;
  answer.wanted = answer.found = 64;
  answer.live = answer.limit = 4;
  answer.nearest = 0.55F;
  answer.farthest = 0.5;
  answer.min_similarity = 0.4F;
  answer.graph_size = 1000;
  return answer;
}

TEST(GraphPolicyTest, AnAnswerWithEnoughLiveOnesSuffices) { EXPECT_TRUE(Suffices(Full())); }

TEST(GraphPolicyTest, ErasedOnesMayHideLiveOnesAboveTheThreshold) {
  GraphAnswer answer = Full();
  answer.live = 3;
  EXPECT_FALSE(Suffices(answer));
  answer.min_similarity = 0.6F;  // the farthest found is below it, so all that is hidden is, too
  EXPECT_TRUE(Suffices(answer));
  answer.live = 0;  // but the nearest must be told
  EXPECT_FALSE(Suffices(answer));
}

TEST(GraphPolicyTest, AGraphThatWasSeenWholeHidesNothing) {
  GraphAnswer answer = Full();
  answer.live = 0;
  answer.found = answer.wanted = answer.graph_size = 20;
  EXPECT_TRUE(Suffices(answer));
}

TEST(GraphPolicyTest, AGraphThatRanDryHasAHole) {
  GraphAnswer answer = Full();
  answer.found = 63;
  EXPECT_FALSE(Suffices(answer));
}

TEST(GraphPolicyTest, TheFirstSearchIsAsBroadAsConfiguredAndLeavesRoomForErasedOnes) {
  EXPECT_EQ(FirstBreadth(16, 4, 1000), 16);
  EXPECT_EQ(FirstBreadth(16, 20, 1000), 40);
  EXPECT_EQ(FirstBreadth(16, 20, 30), 30);
  EXPECT_EQ(FirstBreadth(0, 0, 30), 1);
}

TEST(GraphPolicyTest, ALargeGraphIsSearchedMoreBroadly) {
  EXPECT_EQ(FirstBreadth(16, 4, 10'000), 16);
  EXPECT_EQ(FirstBreadth(16, 4, 48'000), 25);
  EXPECT_EQ(FirstBreadth(16, 4, 100'000), 32);
  EXPECT_EQ(FirstBreadth(16, 4, 1'000'000), 64);
}

TEST(GraphPolicyTest, ACrowdAboveTheThresholdIsSearchedMoreBroadly) {
  GraphAnswer answer = Full();
  const size_t broader = NextBreadth(answer);
  EXPECT_GT(broader, answer.wanted);
  answer.wanted = answer.found = broader;
  EXPECT_EQ(NextBreadth(answer), 0) << "once";
  EXPECT_FALSE(Suffices(answer)) << "then it is scanned";
  answer.min_similarity = -1;
  EXPECT_FALSE(Suffices(answer)) << "whatever is asked for";
  answer.nearest = 0.61F;
  EXPECT_TRUE(Suffices(answer)) << "but not if it is no crowd";
  answer.nearest = 0.55F;
  answer.graph_size = 100'001;
  EXPECT_TRUE(Suffices(answer)) << "nor where a scan takes too long";
}

TEST(GraphPolicyTest, ASearchThatSawThePlaceBelowTheThresholdIsEnough) {
  GraphAnswer answer = Full();
  answer.min_similarity = 0.6F;
  EXPECT_EQ(NextBreadth(answer), 0);
  answer.live = 0;
  EXPECT_GT(NextBreadth(answer), answer.wanted) << "erased ones are in the way";
}

TEST(GraphPolicyTest, NoBroaderSearchFindsMoreThanThereIs) {
  GraphAnswer answer = Full();
  answer.graph_size = answer.wanted;
  EXPECT_EQ(NextBreadth(answer), 0);
  answer.graph_size = 1000;
  answer.found = answer.wanted - 1;
  EXPECT_EQ(NextBreadth(answer), 0) << "a hole";
}

}  // namespace
}  // namespace semcached
