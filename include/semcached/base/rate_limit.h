// How much of something goes through in a second.
#ifndef SEMCACHED_BASE_RATE_LIMIT_H_
#define SEMCACHED_BASE_RATE_LIMIT_H_

#include <algorithm>

#include "semcached/base/clock.h"
#include "semcached/base/mutex.h"

namespace semcached {

// A token bucket: on average `rate` a second, at once as many as it holds. Thread-safe.
class RateLimit {
 public:
  RateLimit(const Clock* clock, double rate, double burst)
      : clock_(clock), rate_(rate), burst_(burst), tokens_(burst), filled_(clock->Monotonic()) {}

  // False: too many for now, and nothing is taken. More than it ever holds go through once it is
  // full, and have to be earned afterwards.
  bool Take(double count = 1) ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    const MonotonicTime now = clock_->Monotonic();
    tokens_ = std::min(burst_, tokens_ + rate_ * absl::ToDoubleSeconds(now - filled_));
    filled_ = now;
    if (tokens_ < std::min(count, burst_)) return false;
    tokens_ -= count;
    return true;
  }

 private:
  const Clock* const clock_;
  const double rate_;
  const double burst_;

  Mutex mutex_;
  double tokens_ ABSL_GUARDED_BY(mutex_);
  MonotonicTime filled_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace semcached

#endif  // SEMCACHED_BASE_RATE_LIMIT_H_
