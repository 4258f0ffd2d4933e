// An index that keeps its graphs in files, over restarts of its process.
#ifndef SEMCACHED_TESTS_INDEX_KEPT_GRAPH_FIXTURE_H_
#define SEMCACHED_TESTS_INDEX_KEPT_GRAPH_FIXTURE_H_

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "index/index_fixture.h"
#include "support/temp_dir.h"

namespace semcached {

class KeptGraphFixture : public ::testing::Test {
 protected:
  IndexOptions KeptOptions() {
    IndexOptions options = Options(IndexType::kHnsw, kDimension);
    options.graph_directory = directory_ / "graphs/code";
    options.graph_min_entries = 100;
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
    for (const auto& file : std::filesystem::directory_iterator(directory_ / "graphs/code")) {
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
  static constexpr size_t kDimension = 16;
  const Hash128 kScope = ScopeNumber(1);
  const TempDir directory_;
  ManualExecutor executor_;
  std::unique_ptr<VectorIndex> index_;
  Oracle oracle_;
  EntryId next_id_ = 1;
  std::vector<std::string> told_;
};

}  // namespace semcached

#endif  // SEMCACHED_TESTS_INDEX_KEPT_GRAPH_FIXTURE_H_
