#include "semcached/base/executor.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>
#include <thread>

namespace semcached {
namespace {

// A pool of one thread, which is held by a task until the test lets it go.
class HeldPool {
 public:
  explicit HeldPool(size_t queue_limit)
      : pool_(std::make_unique<ThreadPool>("held", 1, queue_limit)) {
    pool_->Submit([this] {
      held_.count_down();
      let_go_.wait();
    });
    held_.wait();
  }
  ~HeldPool() {
    if (pool_ != nullptr) Finish();
  }

  ThreadPool& pool() { return *pool_; }
  void LetGo() { let_go_.count_down(); }
  void Finish() {
    LetGo();
    pool_.reset();
  }

 private:
  std::latch held_{1};
  std::latch let_go_{1};
  std::unique_ptr<ThreadPool> pool_;
};

TEST(ThreadPool, RunsTasksOnOtherThreads) {
  std::latch done(2);
  std::atomic<bool> elsewhere{true};
  const std::thread::id here = std::this_thread::get_id();
  ThreadPool pool("pool", 2, 10);
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(pool.Submit([&] {
      if (std::this_thread::get_id() == here) elsewhere = false;
      done.count_down();
    }));
  }
  done.wait();
  EXPECT_TRUE(elsewhere);
}

// In turn, each would have had a cold stack and heap.
TEST(ThreadPool, WhoHadWorkLastGetsTheNext) {
  ThreadPool pool("pool", 4, 10);
  while (pool.idle_count() < 4) std::this_thread::yield();
  std::thread::id last;
  size_t changes = 0;
  for (int i = 0; i < 200; ++i) {
    std::latch done(1);
    std::thread::id now;
    ASSERT_TRUE(pool.Submit([&] {
      now = std::this_thread::get_id();
      done.count_down();
    }));
    done.wait();
    // It says that it is done before it is without work.
    while (pool.idle_count() < 4) std::this_thread::yield();
    changes += now == last ? 0 : 1;
    last = now;
  }
  EXPECT_EQ(changes, 1U) << "the first time";
}

TEST(ThreadPool, WhatIsQueuedWhileItsThreadsFallAsleepIsRun) {
  for (int round = 0; round < 200; ++round) {
    std::latch done(20);
    ThreadPool pool("pool", 4, 1000);
    for (int i = 0; i < 20; ++i) {
      ASSERT_TRUE(pool.Submit([&done] { done.count_down(); }));
      if (i % 7 == 0) std::this_thread::yield();
    }
    done.wait();  // the end of the pool would run it, too
  }
}

TEST(ThreadPool, RunsAsManyAtOnceAsItHasThreads) {
  std::latch all_in(3);
  ThreadPool pool("pool", 3, 10);
  std::latch done(3);
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(pool.Submit([&] {
      all_in.arrive_and_wait();  // never returns unless three tasks run at once
      done.count_down();
    }));
  }
  done.wait();
}

TEST(ThreadPool, RefusesWhatTheQueueCannotHold) {
  HeldPool held(2);
  std::atomic<int> ran{0};
  EXPECT_TRUE(held.pool().Submit([&] { ++ran; }));
  EXPECT_TRUE(held.pool().Submit([&] { ++ran; }));
  EXPECT_EQ(held.pool().QueueDepth(), 2U);
  EXPECT_FALSE(held.pool().Submit([&] { ++ran; }));
  held.Finish();
  EXPECT_EQ(ran, 2);
}

TEST(ThreadPool, RunsWhatIsQueuedBeforeItEnds) {
  HeldPool held(100);
  std::atomic<int> ran{0};
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(held.pool().Submit([&] { ++ran; }));
  held.Finish();
  EXPECT_EQ(ran, 100);
}

TEST(ThreadPool, KeepsTheOrderOfItsQueue) {
  HeldPool held(10);
  std::vector<int> order;  // touched by the one thread only, until Finish()
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(held.pool().Submit([&order, i] { order.push_back(i); }));
  held.Finish();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST(ThreadPool, TakesTasksFromManyThreads) {
  std::atomic<int> ran{0};
  std::atomic<int> taken{0};
  {
    ThreadPool pool("pool", 2, 50);
    std::vector<std::thread> submitters;
    for (int i = 0; i < 4; ++i) {
      submitters.emplace_back([&] {
        for (int task = 0; task < 500; ++task) {
          if (pool.Submit([&] { ++ran; })) ++taken;
        }
      });
    }
    for (std::thread& submitter : submitters) submitter.join();
  }
  EXPECT_EQ(ran, taken);
  EXPECT_GT(taken, 0);
}

}  // namespace
}  // namespace semcached
