// A graph outlives its index in a file, and never answers for what it does not know.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "index/index_fixture.h"
#include "support/temp_dir.h"

namespace semcached {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr size_t kDimension = 16;
const Hash128 kScope = ScopeNumber(1);

class KeptGraphTest : public ::testing::Test {
 protected:
  IndexOptions KeptOptions() {
    IndexOptions options = Options(IndexType::kHnsw, kDimension);
    options.graph_directory = directory_ / "graphs/code";
    options.min_kept_graph = 100;
    options.on_graph_file = [this](GraphFileOutcome outcome) { told_.emplace_back(Name(outcome)); };
    return options;
  }

  // A process starts: the index is empty, the files are what they were.
  void Restart() { Restart(KeptOptions()); }
  void Restart(const IndexOptions& options) {
    index_ = MakeVectorIndex(options, &executor_);
    told_.clear();
  }

  void Insert(EntryId id, const std::vector<float>& vector) {
    ASSERT_TRUE(index_->Insert(id, kScope, vector).ok());
    oracle_.Insert(id, vector);
  }
  void InsertRandom(size_t count) {
    for (size_t i = 0; i < count; ++i) Insert(next_id_++, RandomUnit(random_, kDimension));
  }
  // As a start does: all at once, and then a tick.
  void ReadBack() {
    executor_.SetFull(true);
    for (const auto& [id, vector] : oracle_.vectors()) {
      ASSERT_TRUE(index_->Insert(id, kScope, vector).ok());
    }
    executor_.SetFull(false);
    Tick();
  }
  void Tick() {
    index_->Maintain();
    executor_.RunAll();
  }
  std::vector<std::string> TakeTold() { return std::exchange(told_, {}); }

  std::vector<std::string> Files() const {
    std::vector<std::string> files;
    for (const auto& file : fs::directory_iterator(directory_ / "graphs/code")) {
      files.push_back(file.path().string());
    }
    return files;
  }
  std::string TheFile() const {
    const std::vector<std::string> files = Files();
    EXPECT_EQ(files.size(), 1U);
    return files.empty() ? "" : files.front();
  }
  static std::string BytesOf(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  void ExpectNearestFound(const std::vector<float>& query) {
    ASSERT_TRUE(oracle_.HasNearest(index_->Search(kScope, query, -1, 8), query));
  }
  void ExpectEachFoundByItself() {
    for (const auto& [id, vector] : oracle_.vectors()) ExpectNearestFound(vector);
  }
  void ExpectAllFound() {
    for (int i = 0; i < 50; ++i) ExpectNearestFound(RandomUnit(random_, kDimension));
    ExpectEachFoundByItself();
  }

  std::mt19937_64 random_{7};
  const TempDir directory_;
  ManualExecutor executor_;
  std::unique_ptr<VectorIndex> index_;
  Oracle oracle_;
  EntryId next_id_ = 1;
  std::vector<std::string> told_;
};

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

TEST_F(KeptGraphTest, IsBuiltAnewWhereAFifthIsGone) {
  Restart();
  InsertRandom(1500);
  Tick();
  for (EntryId id = 1; id <= 301; ++id) oracle_.Erase(id);
  Restart();
  ReadBack();
  EXPECT_THAT(TakeTold(), ElementsAre("outdated", "written"));
  ExpectAllFound();
  Restart();
  ReadBack();
  EXPECT_THAT(TakeTold(), ElementsAre("restored"));
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

TEST_F(KeptGraphTest, ASmallOneIsNotKept) {
  Restart();
  InsertRandom(99);
  Tick();
  EXPECT_THAT(TakeTold(), IsEmpty());
  EXPECT_FALSE(fs::exists(directory_ / "graphs/code"));
}

TEST_F(KeptGraphTest, WithoutADirectoryNothingIsKept) {
  IndexOptions options = KeptOptions();
  options.graph_directory.clear();
  Restart(options);
  InsertRandom(200);
  Tick();
  EXPECT_THAT(TakeTold(), IsEmpty());
  ExpectAllFound();
}

TEST_F(KeptGraphTest, WhereItCannotBeReadTheIndexGoesOn) {
  directory_.Write("graphs", "a file in the way");
  Restart();
  InsertRandom(200);
  Tick();
  EXPECT_THAT(TakeTold(), ElementsAre("unread"));
  ExpectAllFound();
}

TEST_F(KeptGraphTest, WhereItCannotBeWrittenTheIndexGoesOn) {
  fs::create_directories(directory_ / "graphs/code/0000000000000001fffffffffffffffe.graph.new/x");
  Restart();
  InsertRandom(200);
  Tick();
  EXPECT_THAT(TakeTold(), ElementsAre("not_written"));
  ExpectAllFound();
}

TEST_F(KeptGraphTest, OfAScopeThatIsGoneNoFileStays) {
  Restart();
  InsertRandom(200);
  Tick();
  ASSERT_EQ(Files().size(), 1U);
  for (EntryId id = 1; id < next_id_; ++id) index_->Erase(id);
  Tick();
  EXPECT_THAT(Files(), IsEmpty());
  EXPECT_EQ(index_->Stats().graph_file_bytes, 0);
}

TEST_F(KeptGraphTest, OfAScopeThatWentWhileItsGraphWasBuiltNoFileStays) {
  Restart();
  InsertRandom(200);
  index_->Maintain();
  Tick();
  InsertRandom(100);  // a build is queued
  const EntryId end = next_id_;
  for (EntryId id = 1; id < end; ++id) index_->Erase(id);
  Tick();
  Tick();
  EXPECT_THAT(Files(), IsEmpty());
}

TEST_F(KeptGraphTest, OfAScopeThatHasShrunkNoFileStays) {
  Restart();
  InsertRandom(200);
  Tick();
  ASSERT_EQ(Files().size(), 1U);
  for (EntryId id = 1; id <= 150; ++id) {
    index_->Erase(id);
    executor_.RunAll();
  }
  Tick();
  EXPECT_EQ(index_->Stats().graph_count, 1U);
  EXPECT_THAT(Files(), IsEmpty());
}

// A file that could not be read now may be read another time.
TEST_F(KeptGraphTest, WhatCannotBeReadIsNotOverwritten) {
  Restart();
  InsertRandom(200);
  Tick();
  const std::string file = TheFile();
  const std::string kept = file + ".kept";
  fs::rename(file, kept);
  fs::create_symlink(file, file);  // to read it fails
  Restart();
  ReadBack();
  EXPECT_THAT(TakeTold(), ElementsAre("unread"));
  fs::remove(file);
  fs::rename(kept, file);
  Restart();
  ReadBack();
  EXPECT_THAT(TakeTold(), ElementsAre("restored"));
}

// A pipe whose other end nobody opens would be waited for.
TEST_F(KeptGraphTest, WhatIsNoFileIsReplaced) {
  Restart();
  InsertRandom(200);
  Tick();
  const std::string file = TheFile();
  fs::remove(file);
  ASSERT_EQ(mkfifo(file.c_str(), 0600), 0);
  Restart();
  ReadBack();
  EXPECT_THAT(TakeTold(), ElementsAre("damaged", "written"));
  EXPECT_TRUE(fs::is_regular_file(file));
}

TEST_F(KeptGraphTest, WhatAKilledWriterLeftIsRemoved) {
  Restart();
  InsertRandom(200);
  Tick();
  std::ofstream(TheFile() + ".new") << "cut off";
  Restart();
  ReadBack();
  EXPECT_THAT(TakeTold(), ElementsAre("restored"));
  EXPECT_EQ(Files().size(), 1U);
}

TEST_F(KeptGraphTest, WhatAnEarlierRunLeftBehindIsRemovedButNothingElse) {
  directory_.Write("graphs/code/00000000000000010000000000000002.graph", "of a scope that is gone");
  directory_.Write("graphs/code/00000000000000010000000000000002.graph.new", "cut off");
  const std::string other = directory_.Write("graphs/code/notes.txt", "somebody's");
  Restart();
  InsertRandom(200);
  Tick();
  EXPECT_EQ(Files().size(), 2U);
  EXPECT_TRUE(fs::exists(other));
}

}  // namespace
}  // namespace semcached
