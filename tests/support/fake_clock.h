#ifndef SEMCACHED_TESTS_SUPPORT_FAKE_CLOCK_H_
#define SEMCACHED_TESTS_SUPPORT_FAKE_CLOCK_H_

#include "semcached/base/clock.h"
#include "semcached/base/mutex.h"

namespace semcached {

// Time stands still until the test moves it. Thread-safe.
class FakeClock final : public Clock {
 public:
  absl::Time Wall() const override {
    MutexLock lock(&mutex_);
    return wall_;
  }
  MonotonicTime Monotonic() const override {
    MutexLock lock(&mutex_);
    return monotonic_;
  }

  // Both clocks go on, as in real life.
  void Advance(absl::Duration by) {
    MutexLock lock(&mutex_);
    wall_ += by;
    monotonic_ += by;
  }

  // Only the wall clock steps, as when somebody sets it.
  void StepWall(absl::Duration by) {
    MutexLock lock(&mutex_);
    wall_ += by;
  }

 private:
  mutable Mutex mutex_;
  absl::Time wall_ ABSL_GUARDED_BY(mutex_) = absl::FromUnixSeconds(1'700'000'000);
  MonotonicTime monotonic_ ABSL_GUARDED_BY(mutex_) = absl::Hours(1000);
};

}  // namespace semcached

#endif  // SEMCACHED_TESTS_SUPPORT_FAKE_CLOCK_H_
