// A clock that goes only when it is told to.
#ifndef SEMCACHED_REPLAY_MANUAL_CLOCK_H_
#define SEMCACHED_REPLAY_MANUAL_CLOCK_H_

#include <atomic>
#include <cstdint>

#include "semcached/base/clock.h"

namespace semcached {

// Thread-safe, without a lock: locks that count their waits ask the clock.
class ManualClock final : public Clock {
 public:
  absl::Time Wall() const override { return kEpoch + Monotonic(); }
  MonotonicTime Monotonic() const override { return absl::Nanoseconds(now_.load()); }

  // Not back: an earlier time changes nothing. To be called by one thread.
  void AdvanceTo(MonotonicTime now) {
    const int64_t nanoseconds = absl::ToInt64Nanoseconds(now);
    if (nanoseconds > now_) now_ = nanoseconds;
  }

 private:
  static constexpr absl::Time kEpoch = absl::FromUnixSeconds(1'700'000'000);

  std::atomic<int64_t> now_{0};
};

}  // namespace semcached

#endif  // SEMCACHED_REPLAY_MANUAL_CLOCK_H_
