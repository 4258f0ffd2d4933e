// Time, as a parameter.
#ifndef SEMCACHED_BASE_CLOCK_H_
#define SEMCACHED_BASE_CLOCK_H_

#include <absl/time/time.h>

namespace semcached {

// An instant of the monotonic clock, as the span since a start that means nothing. Comparable only
// within one run of the process.
using MonotonicTime = absl::Duration;

// Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;

  // The wall clock: may step in both directions. For what must be compared across runs.
  virtual absl::Time Wall() const = 0;

  // Never goes back. For ages, deadlines and latencies.
  virtual MonotonicTime Monotonic() const = 0;
};

// The machine's clocks. Never destroyed.
const Clock& SystemClock();

}  // namespace semcached

#endif  // SEMCACHED_BASE_CLOCK_H_
