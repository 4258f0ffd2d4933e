#include "semcached/base/lock_waits.h"

#include <gtest/gtest.h>

#include <latch>
#include <thread>
#include <vector>

#include "semcached/base/mutex.h"

namespace semcached {
namespace {

constexpr absl::Duration kWait = absl::Milliseconds(3);

// A wait begins when it is read first, and has taken kWait when it is read again.
class WaitClock final : public Clock {
 public:
  absl::Time Wall() const override { return absl::UnixEpoch(); }
  MonotonicTime Monotonic() const override {
    if (reads_++ == 0) begun_.count_down();
    return reads_ * kWait;
  }
  // Returns once somebody waits.
  void AwaitWait() const { begun_.wait(); }
  int reads() const { return reads_; }

 private:
  mutable int reads_ = 0;
  mutable std::latch begun_{1};
};

// Takes a lock on a thread that counts its waits, while another holds one until it is waited for.
template <typename HeldLock, typename TakenLock, typename AnyMutex>
std::vector<absl::Duration> WaitsFor(AnyMutex* mutex) {
  const WaitClock clock;
  std::latch held(1);
  std::thread holder([&] {
    HeldLock lock(mutex);
    held.count_down();
    clock.AwaitWait();
  });
  held.wait();
  const LockWaits waits(&clock);
  { TakenLock lock(mutex); }
  holder.join();
  return {waits.waits().begin(), waits.waits().end()};
}

const std::vector<absl::Duration> kOneWait = {kWait};

TEST(LockWaitsTest, AWaitForAMutexIsCounted) {
  Mutex mutex;
  EXPECT_EQ((WaitsFor<MutexLock, MutexLock>(&mutex)), kOneWait);
}

TEST(LockWaitsTest, WaitsForASharedMutexAreCounted) {
  SharedMutex mutex;
  EXPECT_EQ((WaitsFor<WriterLock, ReaderLock>(&mutex)), kOneWait);
  EXPECT_EQ((WaitsFor<ReaderLock, WriterLock>(&mutex)), kOneWait);
}

TEST(LockWaitsTest, AFreeLockReadsNoClock) {
  const WaitClock clock;
  const LockWaits waits(&clock);
  Mutex mutex;
  SharedMutex shared;
  { MutexLock lock(&mutex); }
  { ReaderLock lock(&shared); }
  { WriterLock lock(&shared); }
  EXPECT_TRUE(waits.waits().empty());
  EXPECT_EQ(clock.reads(), 0);
}

TEST(LockWaitsTest, OnlyTheThreadThatAskedIsCounted) {
  const WaitClock clock;
  const LockWaits waits(&clock);
  std::thread([] {
    EXPECT_FALSE(LockWaits::AreCounted());
    const LockWaits::Wait wait;
  }).join();
  EXPECT_TRUE(LockWaits::AreCounted());
  EXPECT_TRUE(waits.waits().empty());
  EXPECT_EQ(clock.reads(), 0);
}

TEST(LockWaitsTest, AWaitWithinAnotherIsPartOfIt) {
  const WaitClock clock;
  const LockWaits waits(&clock);
  {
    const LockWaits::Wait gate;
    const LockWaits::Wait behind_it;
  }
  EXPECT_EQ(waits.waits().size(), 1U);
}

TEST(LockWaitsTest, TheInnermostTakesWaitsUntilItEnds) {
  const WaitClock clock;
  const LockWaits outer(&clock);
  {
    const LockWaits inner(&clock);
    { const LockWaits::Wait wait; }
    EXPECT_EQ(inner.waits().size(), 1U);
  }
  { const LockWaits::Wait wait; }
  EXPECT_EQ(outer.waits().size(), 1U);
}

}  // namespace
}  // namespace semcached
