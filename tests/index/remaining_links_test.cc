// What becomes of links when nodes are gone.
#include "index/remaining_links.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "index/hand_made_links.h"
#include "support/vectors.h"

namespace semcached {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr size_t kM = 4;

class RemainingLinksTest : public ::testing::Test {
 protected:
  void AddNodes(size_t count, size_t level = 0) {
    for (size_t i = 0; i < count; ++i) source_.Add(Axis(i % 8, 8), level);
  }
  // All nodes but these, by their numbers.
  RemainingLinks Without(const std::vector<uint32_t>& gone) {
    nodes_.clear();
    for (uint32_t node = 0; node < source_.size(); ++node) {
      if (std::find(gone.begin(), gone.end(), node) == gone.end()) {
        nodes_.push_back(source_.NodeAt(node));
      }
    }
    return {source_, nodes_, kM};
  }
  // The ids that `id` is linked to.
  static std::vector<EntryId> LinksOf(const RemainingLinks& links, EntryId id, size_t level = 0) {
    std::vector<EntryId> ids;
    for (uint32_t node = 0; node < links.size(); ++node) {
      if (links.NodeAt(node).id != id) continue;
      const auto of = links.LinksOf(node, level);
      for (const uint32_t link : std::vector<uint32_t>(of.begin(), of.end())) {
        ids.push_back(links.NodeAt(link).id);
      }
    }
    return ids;
  }

  HandMade source_;
  std::vector<GraphNode> nodes_;
};

TEST_F(RemainingLinksTest, WhatStayedKeepsItsLinks) {
  AddNodes(4);
  source_.Link(0, 1);
  source_.Link(1, 2);
  source_.Link(2, 3);
  const RemainingLinks links = Without({3});
  ASSERT_EQ(links.size(), 3U);
  EXPECT_THAT(LinksOf(links, 1000), ElementsAre(1001));
  EXPECT_THAT(LinksOf(links, 1001), UnorderedElementsAre(1000, 1002));
  EXPECT_THAT(LinksOf(links, 1002), ElementsAre(1001));
}

TEST_F(RemainingLinksTest, ALinkToWhatIsGoneLeadsOnToItsNeighbours) {
  AddNodes(4);
  source_.Link(0, 1);
  source_.Link(1, 2);
  source_.Link(1, 3);
  const RemainingLinks links = Without({1});
  EXPECT_THAT(LinksOf(links, 1000), UnorderedElementsAre(1002, 1003)) << "and not to itself";
  EXPECT_THAT(LinksOf(links, 1002), UnorderedElementsAre(1000, 1003));
}

TEST_F(RemainingLinksTest, ANeighbourByTwoWaysIsOneLink) {
  AddNodes(4);
  source_.Link(0, 1);
  source_.Link(0, 2);
  source_.Link(1, 3);
  source_.Link(2, 3);
  EXPECT_THAT(LinksOf(Without({1, 2}), 1000), ElementsAre(1003));
}

TEST_F(RemainingLinksTest, ANodeGetsNoMoreLinksThanItHadOrM) {
  AddNodes(21);
  for (uint32_t far = 7; far < 21; ++far) source_.Link(1, far);
  source_.Link(0, 1);
  const RemainingLinks few = Without({1});
  EXPECT_THAT(LinksOf(few, 1000), SizeIs(kM));
  for (uint32_t near = 2; near < 7; ++near) source_.Link(0, near);
  EXPECT_THAT(LinksOf(Without({1}), 1000), SizeIs(6)) << "it had six";
}

TEST_F(RemainingLinksTest, UpperLevelsAreMendedToo) {
  AddNodes(5, 1);
  source_.Link(0, 1, 1);
  for (const uint32_t far : {2, 3, 4}) source_.Link(1, far, 1);
  const RemainingLinks links = Without({1});
  EXPECT_THAT(LinksOf(links, 1000, 1), SizeIs(kM / 2));
  EXPECT_THAT(LinksOf(links, 1000, 0), IsEmpty());
}

TEST_F(RemainingLinksTest, TheEntryIsANodeOfTheHighestLevelThatIsLeft) {
  AddNodes(3);
  AddNodes(1, 1);
  AddNodes(1, 2);
  EXPECT_EQ(Without({0}).NodeAt(Without({0}).Entry()).id, 1004);
  const RemainingLinks links = Without({4});
  EXPECT_EQ(links.NodeAt(links.Entry()).id, 1003);
}

TEST_F(RemainingLinksTest, HalfOfAGraphIsEnough) {
  AddNodes(4);
  EXPECT_TRUE(Without({0, 1}).IsEnough());
  EXPECT_FALSE(Without({0, 1, 2}).IsEnough());
  EXPECT_FALSE(Without({0, 1, 2, 3}).IsEnough());
}

}  // namespace
}  // namespace semcached
