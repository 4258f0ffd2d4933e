// Many who miss the same at once.
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "cache/single_flight_fixture.h"

namespace semcached {
namespace {

using SingleFlightCrowdsTest = SingleFlightTest;

// Each who waited on asked for another task: 4,000 of them filled the workers' queue.
TEST_F(SingleFlightCrowdsTest, OneTaskWakesHoweverManyWaitOn) {
  const AskerPtr first = Send("sort ascending", Axis(0));
  std::vector<AskerPtr> others;
  for (int i = 0; i < 100; ++i) others.push_back(Send("sort ascending", Axis(0)));
  ASSERT_TRUE(cache_->AbandonLease(first->lease(), "").ok());
  EXPECT_EQ(resumes_.queued(), 1U);
  EXPECT_LE(resumes_.RunAll(), 5U);
  int leases = 0;
  for (const AskerPtr& other : others) leases += other->State() == "lease" ? 1 : 0;
  EXPECT_EQ(leases, 1);
  EXPECT_EQ(cache_->Stats().leases.waiters, 99);
}

TEST_F(SingleFlightCrowdsTest, AThousandAtOnceCostOneAnswer) {
  std::vector<AskerPtr> askers;
  for (int i = 0; i < 1000; ++i) {
    askers.push_back(Send("sort ascending " + std::string(static_cast<size_t>(i % 7), '!'),
                          Near(0, 1 - 0.01 * (i % 5))));
  }
  int leases = 0;
  for (const AskerPtr& asker : askers) leases += asker->State() == "lease" ? 1 : 0;
  EXPECT_EQ(leases, 1);
  InsertFor(askers[0], "answer");
  for (const AskerPtr& asker : askers) EXPECT_NE(asker->State(), "waits");
}

// Run under TSan: takers, waiters, answers and the clock at once.
TEST_F(SingleFlightCrowdsTest, ManyThreadsTakeWaitAnswerAndAbandon) {
  constexpr int kThreads = 4;
  constexpr int kRounds = 200;
  std::atomic<int> answered{0};
  std::atomic<int> sent{0};
  std::atomic<bool> stop{false};
  std::thread ticker([&] {
    while (!stop) {
      cache_->TickLeases();
      resumes_.RunAll();
    }
  });
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kRounds; ++i) {
        LookupRequest request = Ask("question " + std::to_string(i % 10), Axis(0, 8));
        request.embedding = {kIdentity, Near(static_cast<size_t>(i % 8), 0.99)};
        request.on_miss = OnMiss::kLease;
        ++sent;
        const auto result = cache_->Lookup(request, Call(clock_));
        ASSERT_TRUE(result.ok()) << result.status();
        if (result->awaits != nullptr) {
          cache_->Await(result->awaits, absl::InfiniteDuration(), nullptr,
                        [&](absl::StatusOr<LookupResult> answer) {
                          ++answered;
                          if (answer.ok() && !answer->lease.empty()) {
                            cache_->AbandonLease(answer->lease, "").IgnoreError();
                          }
                        });
          continue;
        }
        ++answered;
        if (result->lease.empty()) continue;
        if ((i + t) % 3 == 0) {
          cache_->AbandonLease(result->lease, "").IgnoreError();
          continue;
        }
        InsertRequest insert;
        insert.lookup_id = result->lookup_id;
        insert.response.body = "answer";
        insert.ttl = absl::Hours(1);
        ASSERT_TRUE(cache_->Insert(insert, Call(clock_)).ok());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  cache_->CloseLeases();
  while (answered < sent) std::this_thread::yield();
  stop = true;
  ticker.join();
  EXPECT_EQ(answered, sent);
  EXPECT_EQ(cache_->Stats().leases.waiters, 0);
}

}  // namespace
}  // namespace semcached
