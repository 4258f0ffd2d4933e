// Load as an operator says it is.
#ifndef SEMCACHED_POLICY_MANUAL_LOAD_H_
#define SEMCACHED_POLICY_MANUAL_LOAD_H_

#include <absl/status/status.h>
#include <absl/time/time.h>

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "semcached/base/mutex.h"
#include "semcached/policy/sensor.h"

namespace semcached {

// Overrides by model, each for a bounded time. Whoever reads sensors lets one that is in force
// stand for all other sensors of its model. Thread-safe.
class ManualLoad final : public LoadSensor {
 public:
  static constexpr double kMostUtilization = 10;
  static constexpr absl::Duration kShortest = absl::Seconds(1);
  static constexpr absl::Duration kLongest = absl::Hours(24);
  static constexpr size_t kMaxModels = 256;

  // From `now` on for `duration`, in place of an earlier one. InvalidArgument: the model has no
  // name, `utilization` is not in [0,kMostUtilization], `duration` not in [kShortest,kLongest].
  // ResourceExhausted: so many models are overridden already.
  absl::Status Set(std::string_view model, double utilization, absl::Duration duration,
                   MonotonicTime now) ABSL_LOCKS_EXCLUDED(mutex_);

  // Whether there was one.
  bool Clear(std::string_view model) ABSL_LOCKS_EXCLUDED(mutex_);

  // Takes out those whose time is over, and names their models.
  std::vector<std::string> TakeExpired(MonotonicTime now) ABSL_LOCKS_EXCLUDED(mutex_);

  // How long the override of `model` still lasts; absent if there is none.
  std::optional<absl::Duration> Remaining(std::string_view model, MonotonicTime now) const
      ABSL_LOCKS_EXCLUDED(mutex_);

  const char* Name() const override { return "manual"; }
  std::optional<double> Utilization(std::string_view model, MonotonicTime now) const override
      ABSL_LOCKS_EXCLUDED(mutex_);
  std::vector<std::string> Models() const override ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Override {
    double utilization = 0;
    MonotonicTime ends_at;
  };

  // nullptr if there is none, or its time is over.
  const Override* Find(std::string_view model, MonotonicTime now) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable Mutex mutex_;
  std::map<std::string, Override, std::less<>> models_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace semcached

#endif  // SEMCACHED_POLICY_MANUAL_LOAD_H_
