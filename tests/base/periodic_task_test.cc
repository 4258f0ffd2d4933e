#include "semcached/base/periodic_task.h"

#include <gtest/gtest.h>

#include <atomic>
#include <latch>
#include <memory>
#include <thread>

namespace semcached {
namespace {

constexpr absl::Duration kAtOnce = absl::Microseconds(100);
constexpr absl::Duration kNever = absl::Hours(1000);

TEST(PeriodicTask, RunsAgainAndAgain) {
  std::latch three_runs(3);
  int runs = 0;  // touched by the task's thread only, until Stop()
  PeriodicTask task("again", kAtOnce, [&] {
    if (++runs <= 3) three_runs.count_down();
  });
  task.Start();
  three_runs.wait();
  task.Stop();
  EXPECT_GE(runs, 3);
}

TEST(PeriodicTask, DoesNothingBeforeItsFirstInterval) {
  std::atomic<int> runs{0};
  PeriodicTask task("later", kNever, [&] { ++runs; });
  task.Start();
  task.Stop();
  EXPECT_EQ(runs, 0);
}

TEST(PeriodicTask, StopDoesNotWaitForTheInterval) {
  PeriodicTask task("long", kNever, [] {});
  task.Start();
  task.Stop();  // the test would run out of time
}

TEST(PeriodicTask, StopWaitsForTheRunInProgress) {
  std::latch entered(1);
  std::latch let_go(1);
  bool first = true;
  bool finished = false;  // no lock: Stop() must order it
  PeriodicTask task("slow", kAtOnce, [&] {
    if (!first) return;
    first = false;
    entered.count_down();
    let_go.wait();
    finished = true;
  });
  task.Start();
  entered.wait();
  std::thread release([&] { let_go.count_down(); });
  task.Stop();
  EXPECT_TRUE(finished);
  release.join();
}

TEST(PeriodicTask, MayBeStartedAgain) {
  std::atomic<std::latch*> waiting{nullptr};
  PeriodicTask task("twice", kAtOnce, [&] {
    if (std::latch* latch = waiting.exchange(nullptr)) latch->count_down();
  });
  for (int i = 0; i < 3; ++i) {
    std::latch ran(1);
    waiting = &ran;
    task.Start();
    task.Start();  // of no effect
    ran.wait();
    task.Stop();
    task.Stop();  // of no effect
  }
}

TEST(PeriodicTask, EndsWithItsObject) {
  std::latch ran(1);
  bool first = true;
  auto alive = std::make_unique<int>(0);
  {
    PeriodicTask task("scoped", kAtOnce, [&] {
      ++*alive;
      if (first) ran.count_down();
      first = false;
    });
    task.Start();
    ran.wait();
  }
  alive.reset();  // a run after this is a use after free
}

}  // namespace
}  // namespace semcached
