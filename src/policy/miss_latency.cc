#include "semcached/policy/miss_latency.h"

namespace semcached {

MissLatency::MissLatency(const LoadConfig& config) : stale_after_(config.stale_after) {}

void MissLatency::Observe(std::string_view model, absl::Duration latency, MonotonicTime now) {
  if (latency <= absl::ZeroDuration() || latency == absl::InfiniteDuration()) return;
  MutexLock lock(&mutex_);
  models_.Touch(model, now).Observe(latency, now, stale_after_);
}

std::optional<double> MissLatency::Utilization(std::string_view model, MonotonicTime now) const {
  MutexLock lock(&mutex_);
  const LatencyTrack* track = models_.Find(model, now, stale_after_);
  if (track == nullptr) return std::nullopt;
  return track->Utilization();
}

std::vector<std::string> MissLatency::Models() const {
  MutexLock lock(&mutex_);
  return models_.Names();
}

std::string MissLatency::Problem(std::string_view model, MonotonicTime now) const {
  MutexLock lock(&mutex_);
  const LatencyTrack* track = models_.Find(model, now, absl::InfiniteDuration());
  if (track == nullptr) return "no answer seen";
  if (models_.Find(model, now, stale_after_) == nullptr) return "stale";
  return track->Utilization().has_value() ? "" : "too few answers yet";
}

}  // namespace semcached
