// Load as the cache itself sees it.
#ifndef SEMCACHED_POLICY_MISS_LATENCY_H_
#define SEMCACHED_POLICY_MISS_LATENCY_H_

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

// The time from a miss to the insert of its answer is the model's latency; against the model's own
// quiet baseline it says how busy the model is (LatencyTrack says how). Unknown until 20 answers
// have come without a pause of `stale_after`. Thread-safe.
class MissLatency final : public LoadSensor {
 public:
  explicit MissLatency(const LoadConfig& config);

  // One miss whose answer was inserted `latency` later. What is not > 0 and finite is left out. Of
  // more than 256 models, the one observed longest ago is forgotten.
  void Observe(std::string_view model, absl::Duration latency, MonotonicTime now)
      ABSL_LOCKS_EXCLUDED(mutex_);

  const char* Name() const override { return "miss_latency"; }
  std::optional<double> Utilization(std::string_view model, MonotonicTime now) const override
      ABSL_LOCKS_EXCLUDED(mutex_);
  std::vector<std::string> Models() const override ABSL_LOCKS_EXCLUDED(mutex_);
  std::string Problem(std::string_view model, MonotonicTime now) const override
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  const absl::Duration stale_after_;

  mutable Mutex mutex_;
  RecentModels<LatencyTrack> models_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace semcached

#endif  // SEMCACHED_POLICY_MISS_LATENCY_H_
