#ifndef SEMCACHED_SRC_SERVICE_ADMISSION_H_
#define SEMCACHED_SRC_SERVICE_ADMISSION_H_

#include <grpcpp/server_context.h>

#include <atomic>
#include <chrono>

#include "semcached/base/call.h"
#include "semcached/base/clock.h"
#include "semcached/config/server_config.h"

namespace semcached {

// A bounded number of calls at work: one more is refused at once, rather than queued until its
// caller has gone. Thread-safe.
class Admission {
 public:
  explicit Admission(int limit) : limit_(limit) {}

  bool Enter() {
    if (in_flight_.fetch_add(1, std::memory_order_relaxed) < limit_) return true;
    Leave();
    return false;
  }
  void Leave() { in_flight_.fetch_sub(1, std::memory_order_relaxed); }

 private:
  const int limit_;
  std::atomic<int> in_flight_{0};
};

// The caller's deadline, but `most` from now at the latest; without one, `fallback`.
inline Call MakeCall(const Clock& clock, grpc::CallbackServerContext* context,
                     absl::Duration fallback, absl::Duration most) {
  absl::Duration remaining = fallback;
  if (context->deadline() != std::chrono::system_clock::time_point::max()) {
    const absl::Duration left =
        absl::FromChrono(context->deadline() - std::chrono::system_clock::now());
    // gRPC gives a call without a deadline one that is centuries away.
    if (left < absl::Hours(24 * 365)) remaining = left;
  }
  return Call(clock, clock.Monotonic() + std::min(remaining, most),
              [context] { return context->IsCancelled(); });
}

}  // namespace semcached

#endif  // SEMCACHED_SRC_SERVICE_ADMISSION_H_
