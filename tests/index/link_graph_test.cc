// The search over links that were made by hand, against a look at every vector.
#include "index/link_graph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "index/hand_made_links.h"
#include "support/clustered_vectors.h"

namespace semcached {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

QueryCodes Query(const std::vector<float>& vector) {
  return QueryCodes(RotatedVector(vector.begin(), vector.end()));
}

std::vector<EntryId> IdsOf(const std::vector<Candidate>& found) {
  std::vector<EntryId> ids;
  for (const Candidate& one : found) ids.push_back(one.id);
  return ids;
}

// A level has a quarter of the nodes of the one below; each is linked to its nearest on each level,
// and to the one before it, so that all can be reached.
HandMade LinkNearest(const std::vector<std::vector<float>>& vectors, size_t links) {
  HandMade source;
  const auto level_of = [](size_t node) { return node % 16 == 0 ? 2 : node % 4 == 0 ? 1 : 0; };
  for (size_t i = 0; i < vectors.size(); ++i) source.Add(vectors[i], level_of(i));
  for (uint32_t node = 0; node < vectors.size(); ++node) {
    const QueryCodes query = Query(vectors[node]);
    for (size_t level = 0; level <= source.LevelOf(node); ++level) {
      std::vector<std::pair<float, uint32_t>> others;
      uint32_t before = node;
      for (uint32_t other = 0; other < node; ++other) {
        if (source.LevelOf(other) < level) continue;
        others.emplace_back(-query.fine.Dot(source.Row(other)), other);
        before = other;
      }
      std::sort(others.begin(), others.end());
      if (others.size() > links) others.resize(links);
      if (before != node) others.emplace_back(0, before);
      for (const auto& [similarity, other] : others) source.Link(node, other, level);
    }
  }
  return source;
}

class LinkGraphTest : public ::testing::TestWithParam<size_t> {
 protected:
  std::vector<EntryId> AllByNearness(const HandMade& source, const QueryCodes& query) {
    std::vector<std::pair<float, EntryId>> all;
    for (uint32_t node = 0; node < source.size(); ++node) {
      all.emplace_back(-query.fine.Dot(source.Row(node)), source.NodeAt(node).id);
    }
    std::sort(all.begin(), all.end());
    std::vector<EntryId> ids;
    for (const auto& [similarity, id] : all) ids.push_back(id);
    return ids;
  }

  std::mt19937_64 random_{17};
};

// Sizes without signs and with them, words of signs that are full and that are not.
TEST_P(LinkGraphTest, ABroadSearchFindsAllInTheOrderOfASearchOfEach) {
  const size_t dimension = GetParam();
  for (const size_t count : {2, 20, 127, 128, 500}) {
    const auto vectors = ClusteredVectors(count, dimension, random_);
    const HandMade source = LinkNearest(vectors, 8);
    const LinkGraph graph(dimension, source);
    ASSERT_EQ(graph.size(), count);
    for (int i = 0; i < 20; ++i) {
      const QueryCodes query = Query(RandomUnit(random_, dimension));
      const std::vector<Candidate> found = graph.Search(query, count);
      ASSERT_EQ(IdsOf(found), AllByNearness(source, query)) << count;
      for (const Candidate& one : found) {
        const std::byte* row = source.Row(static_cast<uint32_t>(one.id - 1000));
        ASSERT_EQ(one.similarity, query.fine.Dot(row));
        ASSERT_EQ(one.error, query.fine.MaxError(row));
      }
    }
  }
}

TEST_P(LinkGraphTest, ANarrowSearchFindsTheNearestNearlyAlways) {
  const size_t dimension = GetParam();
  const auto vectors = ClusteredVectors(2000, dimension, random_);
  const HandMade source = LinkNearest(vectors, 12);
  const LinkGraph graph(dimension, source);
  constexpr int kQueries = 300;
  int found = 0;
  for (int i = 0; i < kQueries; ++i) {
    const QueryCodes query = Query(NearTo(vectors[random_() % vectors.size()], 0.9, random_));
    found += graph.Search(query, 16).front().id == AllByNearness(source, query).front();
  }
  EXPECT_GE(found, kQueries * 0.98);
}

INSTANTIATE_TEST_SUITE_P(Dimensions, LinkGraphTest, ::testing::Values(16, 100, 384));

TEST(LinkGraphSmallTest, OneNodeIsFoundFromAnywhere) {
  HandMade source;
  source.Add({1, 0});
  const LinkGraph graph(2, source);
  EXPECT_THAT(IdsOf(graph.Search(Query({0, 1}), 1)), ElementsAre(1000));
  EXPECT_THAT(IdsOf(graph.Search(Query({-1, 0}), 100)), ElementsAre(1000));
}

TEST(LinkGraphSmallTest, OfEquallyNearOnesNoneIsLostAndTheAnswerIsTheSame) {
  std::mt19937_64 random(3);
  HandMade source;
  const std::vector<float> same = RandomUnit(random, 64);
  for (uint32_t node = 0; node < 300; ++node) {
    source.Add(same);
    if (node > 0) source.Link(node, node - 1);
    if (node > 9) source.Link(node, node - 10);
  }
  const LinkGraph graph(64, source);
  const std::vector<EntryId> all = IdsOf(graph.Search(Query(same), 300));
  EXPECT_THAT(all, SizeIs(300));
  EXPECT_EQ(IdsOf(graph.Search(Query(same), 300)), all);
  EXPECT_THAT(graph.Search(Query(same), 20), SizeIs(20));
}

TEST(LinkGraphSmallTest, WhatNoLinkLeadsToIsNotFound) {
  HandMade source;
  for (int i = 0; i < 4; ++i) source.Add({1, 0});
  source.Link(0, 1);
  source.Link(2, 3);
  EXPECT_THAT(IdsOf(LinkGraph(2, source).Search(Query({1, 0}), 4)), ElementsAre(1000, 1001));
}

TEST(LinkGraphSmallTest, UpperLevelsLeadToAnotherPiece) {
  HandMade source;
  source.Add({1, 0}, 1);
  source.Add({1, 0});
  source.Add({0, 1}, 1);
  source.Add({0, 1});
  source.Link(0, 1);
  source.Link(2, 3);
  source.Link(0, 2, 1);
  const LinkGraph graph(2, source);
  EXPECT_THAT(IdsOf(graph.Search(Query({0, 1}), 4)), ElementsAre(1002, 1003));
  EXPECT_THAT(IdsOf(graph.Search(Query({1, 0}), 4)), ElementsAre(1000, 1001));
}

TEST(LinkGraphSmallTest, GraphsOfAllSizesAreSearchedInTurn) {
  std::mt19937_64 random(4);
  const HandMade large = LinkNearest(ClusteredVectors(700, 32, random), 8);
  const HandMade small = LinkNearest(ClusteredVectors(30, 32, random), 8);
  const LinkGraph large_graph(32, large);
  const LinkGraph small_graph(32, small);
  for (int i = 0; i < 20; ++i) {
    const QueryCodes query = Query(RandomUnit(random, 32));
    ASSERT_THAT(small_graph.Search(query, 30), SizeIs(30));
    ASSERT_THAT(large_graph.Search(query, 700), SizeIs(700));
  }
}

TEST(LinkGraphSmallTest, MemoryIsThatOfLinksSignsAndIds) {
  std::mt19937_64 random(4);
  const LinkGraph graph(384, LinkNearest(ClusteredVectors(1000, 384, random), 8));
  EXPECT_GE(graph.MemoryBytes(), 1000 * (384 / 8 + 16 * sizeof(uint32_t) + sizeof(EntryId)));
  EXPECT_LE(graph.MemoryBytes(), 1000 * 384) << "no vectors";
}

}  // namespace
}  // namespace semcached
