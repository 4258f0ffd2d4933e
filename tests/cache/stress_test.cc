// Everything at once, for ThreadSanitizer, with an oracle: an answer names its query and tenant.

#include <latch>
#include <random>
#include <thread>

#include "cache/cache_fixture.h"

namespace semcached {
namespace {

class StressTest : public CacheTest {
 protected:
  static constexpr int kQueries = 40;

  static std::string QueryOf(int i) { return "query number " + std::to_string(i); }
  static std::string TenantOf(int i) { return "tenant-" + std::to_string(i % 3); }

  static std::vector<float> VectorOf(int i) {
    std::mt19937_64 random(static_cast<uint64_t>(i));
    return RandomUnit(random, 32);
  }
};

TEST_F(StressTest, NoAnswerIsEverAnotherQuerysOrTenants) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(::testing::Message() << "seed " << seed);
  Policy("code").quota.max_entries = 30;
  Policy("code").guards = {};
  Reload();
  constexpr int kThreads = 4;
  constexpr int kRounds = 400;
  std::latch start(kThreads + 1);
  std::atomic<int> wrong{0};
  std::atomic<int> hits{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      std::mt19937_64 random(seed + static_cast<uint64_t>(t));
      start.arrive_and_wait();
      for (int round = 0; round < kRounds; ++round) {
        const int i = static_cast<int>(random() % kQueries);
        const std::string expected = QueryOf(i) + " of " + TenantOf(i);
        const bool exact = random() % 2 == 0;
        LookupRequest request = Ask(exact ? QueryOf(i) : "", VectorOf(i), TenantOf(i));
        const auto result = cache_->Lookup(request, Call(clock_));
        if (!result.ok()) continue;
        if (result->outcome == Outcome::kMiss) {
          cache_->Insert(Tell(QueryOf(i), VectorOf(i), expected, TenantOf(i)), Call(clock_))
              .status()
              .IgnoreError();
        } else {
          ++hits;
          if (result->response.body != expected) ++wrong;
          if (random() % 8 == 0) cache_->Delete(result->entry_id).IgnoreError();
        }
      }
    });
  }
  std::thread upkeep([&] {
    start.arrive_and_wait();
    const std::atomic<bool> stop{false};
    for (int i = 0; i < 20; ++i) {
      cache_->Tick();
      cache_->FollowPolicies();
      cache_->Recover(stop).IgnoreError();
    }
  });
  for (std::thread& thread : threads) thread.join();
  upkeep.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(hits, 0);
  EXPECT_LE(cache_->Stats().categories["code"].entries, 30);
}

}  // namespace
}  // namespace semcached
