// Load as gateways report it.
#ifndef SEMCACHED_POLICY_REPORTED_LOAD_H_
#define SEMCACHED_POLICY_REPORTED_LOAD_H_

#include <absl/status/status.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "semcached/base/mutex.h"
#include "semcached/config/server_config.h"
#include "semcached/policy/latency_track.h"
#include "semcached/policy/recent_models.h"
#include "semcached/policy/sensor.h"

namespace semcached {

struct LoadReport {
  int64_t in_flight = 0;     // requests being worked on
  int64_t queued = 0;        // requests waiting
  int64_t limit = 0;         // requests that the model works on at once; 0: unknown
  absl::Duration latency{};  // recent mean of the time to the whole answer; 0: unknown
  int64_t rejected = 0;      // requests turned away since the last report
};

// The latest report of a model counts, until it is stale:
//   with a limit       (in_flight + queued) / limit
//   without one        what its latency says against its own quiet baseline (LatencyTrack)
//   rejected > 0       the saturation point at least, with or without a limit
// Thread-safe.
class ReportedLoad final : public LoadSensor {
 public:
  explicit ReportedLoad(const LoadConfig& config);

  // InvalidArgument, and no effect, if the model has no name, a value is negative or the latency is
  // infinite. Of more than 256 models, the one reported longest ago is forgotten.
  absl::Status Report(std::string_view model, const LoadReport& report, MonotonicTime now)
      ABSL_LOCKS_EXCLUDED(mutex_);

  const char* Name() const override { return "reported"; }
  std::optional<double> Utilization(std::string_view model, MonotonicTime now) const override
      ABSL_LOCKS_EXCLUDED(mutex_);
  std::vector<std::string> Models() const override ABSL_LOCKS_EXCLUDED(mutex_);
  std::string Problem(std::string_view model, MonotonicTime now) const override
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Known {
    std::optional<double> utilization;
    LatencyTrack latency;
  };

  const double saturation_point_;
  const absl::Duration stale_after_;

  mutable Mutex mutex_;
  RecentModels<Known> models_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace semcached

#endif  // SEMCACHED_POLICY_REPORTED_LOAD_H_
