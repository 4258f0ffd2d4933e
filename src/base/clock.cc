#include "semcached/base/clock.h"

#include <absl/time/clock.h>

#include <chrono>

namespace semcached {
namespace {

class RealClock final : public Clock {
 public:
  absl::Time Wall() const override { return absl::Now(); }
  MonotonicTime Monotonic() const override {
    return absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
  }
};

}  // namespace

const Clock& SystemClock() {
  static const RealClock* const clock = new RealClock;
  return *clock;
}

}  // namespace semcached
