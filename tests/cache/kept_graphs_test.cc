// The graphs of a category are there again after a restart, once all of its entries are.
#include <absl/strings/str_cat.h>

#include <filesystem>
#include <fstream>

#include "cache/cache_fixture.h"
#include "support/clustered_vectors.h"
#include "support/temp_dir.h"

namespace semcached {
namespace {

namespace fs = std::filesystem;

class KeptGraphsTest : public CacheTest {
 protected:
  static constexpr int kEntries = 2000;

  KeptGraphsTest() {
    Policy("code").index.type = IndexType::kHnsw;
    options_.graph_directory = directory_ / "graphs";
    Restart();
  }

  void Fill() {
    for (int i = 0; i < kEntries; ++i) {
      vectors_.push_back(RandomUnit(random_vectors_, 8));
      Insert(Tell(absl::StrCat("q", i), vectors_.back(), absl::StrCat("a", i)));
    }
    cache_->Tick();
  }
  std::string Files(const std::string& outcome) const {
    return Value("semcached_graph_files_total{outcome=\"" + outcome + "\"}");
  }
  // Metrics outlive restarts here.
  double FilesSoFar(const std::string& outcome) const { return std::stod(Files(outcome)); }
  int64_t GraphEntries() { return cache_->Stats().categories.at("code").graph_entries; }
  int64_t BytesInDirectory() const {
    int64_t bytes = 0;
    for (const auto& file : fs::recursive_directory_iterator(directory_.path())) {
      if (file.is_regular_file()) bytes += static_cast<int64_t>(file.file_size());
    }
    return bytes;
  }
  int64_t BytesOnDisk() { return cache_->Stats().disk_part_bytes.at("graphs"); }
  std::string AnswerByVector(int number) {
    return Answer(Ask(absl::StrCat("another ", number), vectors_[number]));
  }
  bool IsFoundByVector(int number) {
    return AnswerByVector(number) == absl::StrCat("semantic:a", number);
  }

  std::mt19937_64 random_vectors_{11};
  const TempDir directory_;
  std::vector<std::vector<float>> vectors_;
};

TEST_F(KeptGraphsTest, AreThereAgainAfterARestart) {
  EXPECT_EQ(Files("restored"), "0");
  Fill();
  const int64_t covered = GraphEntries();
  EXPECT_GT(covered, kEntries / 2);
  EXPECT_GT(BytesOnDisk(), covered);
  const double written = FilesSoFar("written");
  EXPECT_GT(written, 0);

  Restart();
  EXPECT_EQ(GraphEntries(), 0) << "no graph is made of what is half read";
  cache_->Tick();
  EXPECT_EQ(Files("restored"), "1");
  EXPECT_EQ(FilesSoFar("written"), written) << "nothing had to be built";
  EXPECT_GE(GraphEntries(), covered * 9 / 10);
  for (int i = 0; i < kEntries; i += 7) EXPECT_TRUE(IsFoundByVector(i)) << i;
}

TEST_F(KeptGraphsTest, WhatWasDeletedIsNotFoundByThem) {
  Fill();
  const InsertResult last = Insert(Tell("q5", vectors_[5], "replaced"));
  EXPECT_TRUE(cache_->Delete(last.entry_id).ok());
  Restart();
  cache_->Tick();
  EXPECT_EQ(Files("restored"), "1");
  EXPECT_NE(AnswerByVector(5), "semantic:a5");
  EXPECT_NE(AnswerByVector(5), "semantic:replaced");
  EXPECT_TRUE(IsFoundByVector(6));
}

// A tick that took what had been read for all of it would remove the file.
TEST_F(KeptGraphsTest, SurviveAStartThatIsCutOff) {
  Fill();
  Start();
  const std::atomic<bool> stop{true};
  EXPECT_FALSE(cache_->Recover(stop).ok());
  cache_->Tick();
  EXPECT_GT(BytesInDirectory(), 0);
  Recover();
  cache_->Tick();
  EXPECT_EQ(Files("restored"), "1");
}

TEST_F(KeptGraphsTest, SurviveInsertsBeforeTheStoreIsRead) {
  Fill();
  Start();
  for (int i = 0; i < 100; ++i) {
    Insert(Tell(absl::StrCat("early", i), RandomUnit(random_vectors_, 8), "e"));
  }
  cache_->Tick();
  EXPECT_EQ(GraphEntries(), 0);
  Recover();
  cache_->Tick();
  EXPECT_EQ(Files("restored"), "1");
}

// What a reload takes out of memory while the store is read is to be read again: until then the
// graphs that are kept of it are not stale.
TEST_F(KeptGraphsTest, SurviveAReloadWhileTheStoreIsRead) {
  Fill();
  Start();
  store_.OnScanned([this] {
    Policy("code").index.ef_search = 32;
    source_.Publish(policies_);
    EXPECT_TRUE(cache_->FollowPolicies());
  });
  Recover();
  store_.OnScanned(nullptr);
  cache_->Tick();
  EXPECT_EQ(GraphEntries(), 0);
  Recover();
  cache_->Tick();
  EXPECT_EQ(Files("restored"), "1");
}

TEST_F(KeptGraphsTest, AreBuiltAnewInTheShapeOfAReload) {
  Fill();
  Policy("code").index.m = 8;
  Reload();
  cache_->Tick();
  EXPECT_EQ(Files("outdated"), "1");
  EXPECT_GE(GraphEntries(), kEntries * 9 / 10);
  Restart();
  cache_->Tick();
  EXPECT_EQ(Files("restored"), "1");
}

TEST_F(KeptGraphsTest, OfACategoryThatIsGoneNothingStays) {
  Fill();
  EXPECT_TRUE(fs::exists(directory_ / "graphs/code"));
  policies_.categories.erase("code");
  policies_.default_category = "chat";
  Restart();
  EXPECT_FALSE(fs::exists(directory_ / "graphs/code"));
}

TEST_F(KeptGraphsTest, OfAnIdentityThatIsGoneNothingStays) {
  Fill();
  const std::string other = directory_ / "graphs/code/0123456789abcdef0123456789abcdef";
  fs::create_directories(other);
  Restart();
  EXPECT_FALSE(fs::exists(other));
  cache_->Tick();
  EXPECT_EQ(Files("restored"), "1");
}

TEST_F(KeptGraphsTest, ADamagedOneIsCountedAndMadeAnew) {
  Fill();
  for (const auto& file : fs::recursive_directory_iterator(directory_.path())) {
    if (file.is_regular_file()) fs::resize_file(file.path(), 100);
  }
  Restart();
  cache_->Tick();
  EXPECT_EQ(Files("damaged"), "1");
  EXPECT_EQ(Files("restored"), "0");
  for (int i = 0; i < kEntries; i += 7) EXPECT_TRUE(IsFoundByVector(i)) << i;
}

}  // namespace
}  // namespace semcached
