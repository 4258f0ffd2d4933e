#include "semcached/policy/manual_load.h"

#include <absl/strings/str_cat.h>

namespace semcached {

absl::Status ManualLoad::Set(std::string_view model, double utilization, absl::Duration duration,
                             MonotonicTime now) {
  if (model.empty()) return absl::InvalidArgumentError("model is empty; a name is required");
  if (!(utilization >= 0 && utilization <= kMostUtilization)) {
    return absl::InvalidArgumentError(
        absl::StrCat("utilization is ", utilization, "; allowed: 0 to ", kMostUtilization));
  }
  if (duration < kShortest || duration > kLongest) {
    return absl::InvalidArgumentError(absl::StrCat("duration is ", absl::FormatDuration(duration),
                                                   "; allowed: ", absl::FormatDuration(kShortest),
                                                   " to ", absl::FormatDuration(kLongest)));
  }
  MutexLock lock(&mutex_);
  const auto found = models_.find(model);
  if (found != models_.end()) {
    found->second = {utilization, now + duration};
    return absl::OkStatus();
  }
  if (models_.size() >= kMaxModels) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the load of ", kMaxModels, " models is set already; clear one first"));
  }
  models_.emplace(model, Override{utilization, now + duration});
  return absl::OkStatus();
}

bool ManualLoad::Clear(std::string_view model) {
  MutexLock lock(&mutex_);
  const auto found = models_.find(model);
  if (found == models_.end()) return false;
  models_.erase(found);
  return true;
}

std::vector<std::string> ManualLoad::TakeExpired(MonotonicTime now) {
  MutexLock lock(&mutex_);
  std::vector<std::string> expired;
  for (auto at = models_.begin(); at != models_.end();) {
    if (now < at->second.ends_at) {
      ++at;
      continue;
    }
    expired.push_back(at->first);
    at = models_.erase(at);
  }
  return expired;
}

const ManualLoad::Override* ManualLoad::Find(std::string_view model, MonotonicTime now) const {
  const auto found = models_.find(model);
  if (found == models_.end() || now >= found->second.ends_at) return nullptr;
  return &found->second;
}

std::optional<absl::Duration> ManualLoad::Remaining(std::string_view model,
                                                    MonotonicTime now) const {
  MutexLock lock(&mutex_);
  const Override* found = Find(model, now);
  if (found == nullptr) return std::nullopt;
  return found->ends_at - now;
}

std::optional<double> ManualLoad::Utilization(std::string_view model, MonotonicTime now) const {
  MutexLock lock(&mutex_);
  const Override* found = Find(model, now);
  if (found == nullptr) return std::nullopt;
  return found->utilization;
}

std::vector<std::string> ManualLoad::Models() const {
  MutexLock lock(&mutex_);
  std::vector<std::string> models;
  for (const auto& [model, unused] : models_) models.push_back(model);
  return models;
}

}  // namespace semcached
