// A graph outlives its index in a file, and never answers for what it does not know.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "index/kept_graph_fixture.h"

namespace semcached {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class KeptGraphTest : public KeptGraphFixture {};

TEST_F(KeptGraphTest, IsThereAgainAfterARestart) {
  Restart();
  InsertRandom(1500);
  Tick();
  EXPECT_THAT(TakeTold(), ElementsAre("written"));
  const IndexStats before = index_->Stats();
  EXPECT_EQ(before.graph_file_bytes, static_cast<int64_t>(fs::file_size(TheFile())));

  Restart();
  ReadBack();
  EXPECT_THAT(TakeTold(), ElementsAre("restored"));
  EXPECT_EQ(index_->Stats().graph_entry_count, before.graph_entry_count);
  EXPECT_EQ(index_->Stats().graph_file_bytes, before.graph_file_bytes);
  ExpectAllFound();
}

TEST_F(KeptGraphTest, WhatCameLaterIsScanned) {
  Restart();
  InsertRandom(1500);
  Tick();
  InsertRandom(40);
  Restart();
  ReadBack();
  EXPECT_THAT(TakeTold(), ElementsAre("restored"));
  EXPECT_EQ(index_->Search(kScope, Axis(0, kDimension), -1, 1).answered_by,
            IndexStructure::kGraphAndScan);
  ExpectAllFound();
}

TEST_F(KeptGraphTest, WhatIsGoneLeavesNoHole) {
  Restart();
  InsertRandom(2000);
  Tick();
  for (EntryId id = 3; id < 2000; id += 12) oracle_.Erase(id);
  Restart();
  ReadBack();
  EXPECT_THAT(TakeTold(), ElementsAre("restored"));
  ExpectAllFound();
}

TEST_F(KeptGraphTest, AWholeNeighbourhoodThatIsGoneLeavesNoHole) {
  Restart();
  const std::vector<float> centre = Axis(0, kDimension);
  InsertRandom(1500);
  const EntryId first = next_id_;
  for (int i = 0; i < 140; ++i) Insert(next_id_++, NearTo(centre, 0.99, random_));
  Insert(next_id_, NearTo(centre, 0.9, random_));
  Tick();
  TakeTold();
  for (EntryId id = first; id < next_id_; ++id) oracle_.Erase(id);
  Restart();
  ReadBack();
  EXPECT_THAT(TakeTold(), ElementsAre("restored"));
  EXPECT_THAT(Ids(index_->Search(kScope, centre, 0.85F, 1)), ElementsAre(next_id_));
  ExpectAllFound();
}

// Clusters hang on few nodes: whoever is reached only through them is scanned once they are gone.
TEST_F(KeptGraphTest, ClustersWhoseFirstAreGoneAreFound) {
  for (int cluster_size : {20, 60, 200}) {
    oracle_ = Oracle();
    next_id_ = 1;
    fs::remove_all(directory_ / "graphs");
    Restart();
    for (int cluster = 0; cluster < 2000 / cluster_size; ++cluster) {
      const std::vector<float> centre = RandomUnit(random_, kDimension);
      for (int i = 0; i < cluster_size; ++i) Insert(next_id_++, NearTo(centre, 0.95, random_));
    }
    Tick();
    TakeTold();
    // A sixth of each, those that were linked first.
    for (EntryId id = 1; id < next_id_; ++id) {
      if ((id - 1) % static_cast<EntryId>(cluster_size) < static_cast<EntryId>(cluster_size) / 6) {
        oracle_.Erase(id);
      }
    }
    Restart();
    ReadBack();
    EXPECT_THAT(TakeTold(), ElementsAre("restored"));
    ExpectEachFoundByItself();
  }
}

TEST_F(KeptGraphTest, ANarrowerSearchThanItWasBuiltForFindsAll) {
  IndexOptions broad = KeptOptions();
  broad.ef_search = 400;
  Restart(broad);
  const auto vectors = ClusteredVectors(2000, kDimension, random_);
  for (const std::vector<float>& vector : vectors) Insert(next_id_++, vector);
  Tick();
  Restart();
  ReadBack();
  EXPECT_THAT(TakeTold(), ElementsAre("restored"));
  ExpectAllFound();
}

// A graph holds eight copies of a vector at the most; further ones are scanned.
TEST_F(KeptGraphTest, CopiesBesideTheGraphDoNotMakeItStale) {
  Restart();
  InsertRandom(600);
  const std::vector<float> same = RandomUnit(random_, kDimension);
  for (int i = 0; i < 400; ++i) Insert(next_id_++, same);
  Tick();
  TakeTold();
  Restart();
  ReadBack();
  Tick();
  EXPECT_THAT(TakeTold(), ElementsAre("restored"));
  ExpectAllFound();
}

TEST_F(KeptGraphTest, IsBuiltAnewWhereMoreThanHalfIsGone) {
  Restart();
  InsertRandom(1500);
  Tick();
  for (EntryId id = 1; id <= 751; ++id) oracle_.Erase(id);
  Restart();
  ReadBack();
  EXPECT_THAT(TakeTold(), ElementsAre("outdated", "written"));
  ExpectAllFound();
  Restart();
  ReadBack();
  EXPECT_THAT(TakeTold(), ElementsAre("restored"));
}

// A scope that has a graph keeps it down to half of the minimum, over a restart too.
TEST_F(KeptGraphTest, IsThereAgainBelowTheMinimumForAGraph) {
  Restart();
  InsertRandom(100);
  Tick();
  ASSERT_THAT(TakeTold(), ElementsAre("written"));
  oracle_.Erase(7);
  Restart();
  ReadBack();
  EXPECT_THAT(TakeTold(), ElementsAre("restored"));
  EXPECT_EQ(index_->Stats().graph_entry_count, 99U);
  ExpectAllFound();
}

TEST_F(KeptGraphTest, IsWrittenAgainWhenAFifthHasChanged) {
  Restart();
  InsertRandom(3000);
  Tick();
  ASSERT_THAT(TakeTold(), ElementsAre("written"));
  InsertRandom(301);
  executor_.RunAll();
  EXPECT_EQ(index_->Stats().graph_entry_count, 3301U);
  EXPECT_THAT(TakeTold(), IsEmpty());
  InsertRandom(331);
  executor_.RunAll();
  EXPECT_EQ(index_->Stats().graph_entry_count, 3632U);
  EXPECT_THAT(TakeTold(), IsEmpty()) << "632 of 3632";
  InsertRandom(364);
  executor_.RunAll();
  EXPECT_THAT(TakeTold(), ElementsAre("written"));
}

TEST_F(KeptGraphTest, IsBuiltAnewInAnotherShape) {
  Restart();
  InsertRandom(500);
  Tick();
  IndexOptions other = KeptOptions();
  other.m = 8;
  Restart(other);
  ReadBack();
  EXPECT_THAT(TakeTold(), ElementsAre("outdated", "written"));
  ExpectAllFound();
}

TEST_F(KeptGraphTest, AnotherScopesFileIsRefused) {
  Restart();
  InsertRandom(500);
  Tick();
  const std::string file = TheFile();
  const std::string digits = "fffffffffffffffe.graph";
  ASSERT_TRUE(file.ends_with(digits));
  fs::rename(file, file.substr(0, file.size() - digits.size()) + "ffffffffffffffff.graph");
  Restart();
  const Hash128 other = {kScope.high, ~uint64_t{0}};
  executor_.SetFull(true);
  for (const auto& [id, vector] : oracle_.vectors()) {
    ASSERT_TRUE(index_->Insert(id, other, vector).ok());
  }
  executor_.SetFull(false);
  Tick();
  EXPECT_THAT(TakeTold(), ElementsAre("outdated", "written"));
}

// A thousand disks that went wrong: none is believed, and nothing is lost.
TEST_F(KeptGraphTest, DamageIsNoticedAlways) {
  Restart();
  InsertRandom(150);
  Tick();
  const std::string file = TheFile();
  const std::string whole = BytesOf(file);
  const std::vector<float> query = RandomUnit(random_, kDimension);
  for (int round = 0; round < 1000; ++round) {
    std::string bytes = whole;
    const size_t at = random_() % bytes.size();
    const uint64_t what = random_() % 4;
    if (what == 0) {
      bytes.resize(at);
    } else if (what == 1) {
      bytes.replace(at, 64, std::min<size_t>(64, bytes.size() - at), '\0');
    } else if (what == 2) {
      bytes.insert(at, 1, static_cast<char>(random_()));
    } else {
      bytes[at] = static_cast<char>(bytes[at] ^ static_cast<char>(1U << (random_() % 8)));
    }
    if (bytes == whole) continue;
    SCOPED_TRACE(::testing::Message() << "round " << round << ", kind " << what << " at " << at);
    std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
    Restart();
    ReadBack();
    const std::vector<std::string> told = TakeTold();
    ASSERT_EQ(told.size(), 2U);
    ASSERT_NE(told[0], "restored");
    ASSERT_EQ(told[1], "written");
    ASSERT_TRUE(oracle_.HasNearest(index_->Search(kScope, query, -1, 8), query));
  }
}

}  // namespace
}  // namespace semcached
