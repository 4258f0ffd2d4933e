#ifndef SEMCACHED_TESTS_SUPPORT_FAKE_CLOCK_H_
#define SEMCACHED_TESTS_SUPPORT_FAKE_CLOCK_H_

#include <atomic>
#include <cstdint>

#include "semcached/base/clock.h"

namespace semcached {

// Time stands still until the test moves it. Thread-safe, without a lock: LockWaits asks it while
// one is taken.
class FakeClock final : public Clock {
 public:
  absl::Time Wall() const override { return absl::FromUnixNanos(wall_); }
  MonotonicTime Monotonic() const override { return absl::Nanoseconds(monotonic_.load()); }

  // Both clocks go on, as in real life.
  void Advance(absl::Duration by) {
    StepWall(by);
    monotonic_ += absl::ToInt64Nanoseconds(by);
  }

  // Only the wall clock steps, as when somebody sets it.
  void StepWall(absl::Duration by) { wall_ += absl::ToInt64Nanoseconds(by); }

 private:
  std::atomic<int64_t> wall_{1'700'000'000'000'000'000};
  std::atomic<int64_t> monotonic_{absl::ToInt64Nanoseconds(absl::Hours(1000))};
};

}  // namespace semcached

#endif  // SEMCACHED_TESTS_SUPPORT_FAKE_CLOCK_H_
