// How long a caller still wants its answer.
#ifndef SEMCACHED_BASE_CALL_H_
#define SEMCACHED_BASE_CALL_H_

#include <absl/status/status.h>

#include <functional>
#include <utility>

#include "semcached/base/clock.h"

namespace semcached {

// The deadline and cancellation of one request. Check() stands before each costly step.
//
// Safe to read from several threads if `cancelled` is.
class Call {
 public:
  // No deadline, never cancelled: for work that nobody waits for.
  explicit Call(const Clock& clock) : clock_(&clock), deadline_(absl::InfiniteDuration()) {}

  Call(const Clock& clock, MonotonicTime deadline, std::function<bool()> cancelled = nullptr)
      : clock_(&clock), deadline_(deadline), cancelled_(std::move(cancelled)) {}

  // Ok, Cancelled or DeadlineExceeded.
  absl::Status Check() const {
    if (cancelled_ && cancelled_()) return absl::CancelledError("the caller cancelled");
    if (clock_->Monotonic() >= deadline_) {
      return absl::DeadlineExceededError("the caller's deadline has passed");
    }
    return absl::OkStatus();
  }

  // What is left until the deadline; negative once it has passed.
  absl::Duration Remaining() const { return deadline_ - clock_->Monotonic(); }

 private:
  const Clock* clock_;
  MonotonicTime deadline_;
  std::function<bool()> cancelled_;
};

}  // namespace semcached

#endif  // SEMCACHED_BASE_CALL_H_
