// A graph is made of the one before it.
#include "index/hnsw_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <map>

#include "index/compact_vector.h"
#include "index/index_fixture.h"

namespace semcached {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr size_t kDimension = 32;

class HnswGraphTest : public ::testing::Test {
 protected:
  // Ids count from 1; vectors of topics, as texts have them.
  std::vector<GraphNode> NewNodes(size_t count) {
    std::vector<GraphNode> nodes;
    for (const auto& vector : ClusteredVectors(count, kDimension, random_)) {
      rows_.push_back(Compact(vector));
      nodes.push_back({rows_.size(), rows_.back().data()});
    }
    return nodes;
  }
  BuiltGraph Build(const std::vector<GraphNode>& nodes, const EarlierGraph& earlier = {}) {
    return BuildHnswGraph(options_, nodes, earlier, [] { return false; });
  }
  static std::map<EntryId, size_t> LevelsOf(const LinkGraph& graph) {
    std::map<EntryId, size_t> levels;
    for (uint32_t node = 0; node < graph.size(); ++node) {
      levels[graph.NodeAt(node).id] = graph.LevelOf(node);
    }
    return levels;
  }

  const IndexOptions options_ = Options(IndexType::kHnsw, kDimension);
  std::mt19937_64 random_{17};
  std::deque<CompactRow> rows_;
};

TEST_F(HnswGraphTest, WhatStayedIsNotLinkedAnewAndWhatIsFreshIsLinkedIn) {
  std::vector<GraphNode> nodes = NewNodes(600);
  const BuiltGraph first = Build(nodes);
  ASSERT_THAT(first.covered, SizeIs(600));
  EXPECT_EQ(first.changed, 600U);
  nodes.erase(nodes.begin(), nodes.begin() + 60);
  const std::vector<GraphNode> fresh = NewNodes(50);
  nodes.insert(nodes.end(), fresh.begin(), fresh.end());

  const BuiltGraph second = Build(nodes, {first.graph.get(), 540});
  EXPECT_THAT(second.covered, SizeIs(590));
  EXPECT_THAT(second.left_out, IsEmpty());
  EXPECT_EQ(second.changed, 110U);
  const auto before = LevelsOf(*first.graph);
  const auto after = LevelsOf(*second.graph);
  const auto anew = LevelsOf(*Build(nodes).graph);
  size_t as_if_anew = 0;
  for (size_t i = 0; i < 540; ++i) {
    const EntryId id = nodes[i].id;
    ASSERT_EQ(after.at(id), before.at(id));
    as_if_anew += anew.at(id) == before.at(id) ? 1 : 0;
  }
  EXPECT_LT(as_if_anew, 540U) << "or the test would not notice that all are linked anew";
}

TEST_F(HnswGraphTest, WhatTheEarlierGraphDidNotReachIsLinkedInAnew) {
  const std::vector<GraphNode> nodes = NewNodes(400);
  const BuiltGraph first = Build(nodes);
  const BuiltGraph second = Build(nodes, {first.graph.get(), 380});  // not the last twenty
  EXPECT_THAT(second.covered, SizeIs(400));
  EXPECT_EQ(second.changed, 40U);
}

TEST_F(HnswGraphTest, TooLittleThatIsLeftIsLinkedAnew) {
  std::vector<GraphNode> nodes = NewNodes(400);
  const BuiltGraph first = Build(nodes);
  nodes.erase(nodes.begin(), nodes.begin() + 201);
  const BuiltGraph second = Build(nodes, {first.graph.get(), nodes.size()});
  EXPECT_THAT(second.covered, SizeIs(199));
  EXPECT_EQ(LevelsOf(*second.graph), LevelsOf(*Build(nodes).graph));
}

TEST_F(HnswGraphTest, ACancelledBuildHasNoGraph) {
  const std::vector<GraphNode> nodes = NewNodes(100);
  const BuiltGraph first = Build(nodes);
  EXPECT_EQ(BuildHnswGraph(options_, nodes, {first.graph.get(), 100}, [] { return true; }).graph,
            nullptr);
}

}  // namespace
}  // namespace semcached
