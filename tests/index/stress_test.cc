// Threads insert, erase, search and build at once; what a search says must be true all the same.
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "index/index_fixture.h"

namespace semcached {
namespace {

constexpr size_t kDimension = 16;
constexpr uint64_t kScopes = 3;

// The vector of an id follows from the id, so that any thread can check any answer.
std::vector<float> VectorOf(EntryId id) {
  std::mt19937_64 random(id);
  return RandomUnit(random, kDimension);
}
Hash128 ScopeOf(EntryId id) { return ScopeNumber(id % kScopes); }

class StressTest : public ::testing::TestWithParam<IndexType> {
 protected:
  // Each writer owns its ids, and erases what it inserted, again and again.
  void Write(EntryId first) {
    constexpr EntryId kSpan = 3000;
    constexpr EntryId kStay = 1500;  // enough for graphs that are renewed
    for (int round = 0; round < 2 || AwaitsBuilds(); ++round) {
      for (EntryId id = first; id < first + kSpan; ++id) {
        if (!index_->Insert(id, ScopeOf(id), VectorOf(id)).ok()) ++wrong_;
        if (id > first + kStay && !index_->Erase(id - kStay)) ++wrong_;
      }
      for (EntryId id = first; id < first + kSpan; ++id) index_->Erase(id);
    }
  }

  // Builds are slower than writers.
  bool AwaitsBuilds() const {
    return GetParam() == IndexType::kHnsw && index_->Stats().builds_completed <= 10;
  }

  void Read(uint64_t seed) {
    std::mt19937_64 random(seed);
    while (!done_) {
      const Hash128 scope = ScopeNumber(random() % kScopes);
      const auto query = VectorOf(random() % 15000);
      const SearchResult result = index_->Search(scope, query, 0.2F, 5);
      for (const Candidate& candidate : result.candidates) {
        const float off = candidate.similarity - DotProduct(query, VectorOf(candidate.id));
        const bool true_one = ScopeOf(candidate.id) == scope && std::abs(off) <= candidate.error;
        if (!true_one) ++wrong_;
      }
      ++searches_;
    }
  }

  std::atomic<bool> done_{false};
  std::atomic<int> wrong_{0};
  std::atomic<int> searches_{0};
  std::unique_ptr<VectorIndex> index_;
};

TEST_P(StressTest, EveryCandidateIsTrue) {
  auto builds = std::make_unique<ThreadPool>("builds", 2, 100);
  IndexOptions options = Options(GetParam(), kDimension);
  options.ef_construction = 32;
  index_ = MakeVectorIndex(options, builds.get());
  for (EntryId id = 1; id <= 300; ++id) {  // some stay all the time
    ASSERT_TRUE(index_->Insert(id, ScopeOf(id), VectorOf(id)).ok());
  }
  std::vector<std::thread> readers;
  for (uint64_t seed = 1; seed <= 2; ++seed) readers.emplace_back([this, seed] { Read(seed); });
  readers.emplace_back([this] {
    while (!done_) {
      index_->Maintain();
      if (index_->Stats().entry_count < 300) ++wrong_;
      std::this_thread::yield();
    }
  });
  std::vector<std::thread> writers;
  for (const EntryId first : {1000, 10'000}) writers.emplace_back([this, first] { Write(first); });
  for (std::thread& writer : writers) writer.join();
  done_ = true;
  for (std::thread& reader : readers) reader.join();

  EXPECT_EQ(wrong_, 0);
  EXPECT_GT(searches_, 0);
  EXPECT_EQ(index_->Stats().entry_count, 300);
  for (EntryId id = 1; id <= 300; ++id) {
    const SearchResult result = index_->Search(ScopeOf(id), VectorOf(id), 0.999F, 1);
    ASSERT_EQ(Ids(result), std::vector<EntryId>{id});
  }
  index_->Maintain();
  builds.reset();  // runs what is queued
  EXPECT_EQ(index_->Stats().graph_count, GetParam() == IndexType::kHnsw ? kScopes : 0);
  EXPECT_FALSE(AwaitsBuilds());
}

INSTANTIATE_TEST_SUITE_P(AllTypes, StressTest,
                         ::testing::Values(IndexType::kHnsw, IndexType::kFlat),
                         [](const auto& suite) { return std::string(Name(suite.param)); });

}  // namespace
}  // namespace semcached
