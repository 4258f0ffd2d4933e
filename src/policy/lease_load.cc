#include "semcached/policy/lease_load.h"

namespace semcached {

LeaseLoad::LeaseLoad(const LoadConfig& config) : stale_after_(config.stale_after) {
  for (const LeaseLimit& lease : config.leases) models_.try_emplace(lease.model, lease.limit);
}

void LeaseLoad::Change(std::string_view model, int change, MonotonicTime now) {
  const auto found = models_.find(model);
  if (found == models_.end()) return;
  found->second.leases += change;
  found->second.changed_at = absl::ToInt64Nanoseconds(now);
}

std::optional<double> LeaseLoad::Utilization(std::string_view model, MonotonicTime now) const {
  const auto found = models_.find(model);
  if (found == models_.end()) return std::nullopt;
  const Held& held = found->second;
  const int64_t leases = held.leases;
  const int64_t changed_at = held.changed_at;
  const bool recent = changed_at != kNever && now - absl::Nanoseconds(changed_at) <= stale_after_;
  if (leases <= 0 && !recent) return std::nullopt;
  return static_cast<double>(leases) / static_cast<double>(held.limit);
}

std::vector<std::string> LeaseLoad::Models() const {
  std::vector<std::string> names;
  names.reserve(models_.size());
  for (const auto& [model, held] : models_) names.push_back(model);
  return names;
}

std::string LeaseLoad::Problem(std::string_view model, MonotonicTime now) const {
  const auto found = models_.find(model);
  if (found == models_.end()) return "not in load.leases";
  if (found->second.changed_at == kNever) return "no lease was taken";
  return Utilization(model, now).has_value() ? "" : "no lease was held of late";
}

}  // namespace semcached
