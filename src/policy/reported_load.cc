#include "semcached/policy/reported_load.h"

#include <absl/strings/str_cat.h>

#include <algorithm>

namespace semcached {
namespace {

absl::Status NotNegative(const char* name, int64_t value) {
  if (value >= 0) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(name, " is ", value, "; 0 or more"));
}

absl::Status Check(std::string_view model, const LoadReport& report) {
  if (model.empty()) return absl::InvalidArgumentError("model is empty; a name is required");
  absl::Status status = NotNegative("in_flight", report.in_flight);
  status.Update(NotNegative("queued", report.queued));
  status.Update(NotNegative("limit", report.limit));
  status.Update(NotNegative("rejected", report.rejected));
  if (report.latency < absl::ZeroDuration() || report.latency == absl::InfiniteDuration()) {
    status.Update(absl::InvalidArgumentError(
        absl::StrCat("latency is ", absl::FormatDuration(report.latency), "; finite, 0 or more")));
  }
  return status;
}

}  // namespace

ReportedLoad::ReportedLoad(const LoadConfig& config)
    : saturation_point_(config.saturation_point), stale_after_(config.stale_after) {}

absl::Status ReportedLoad::Report(std::string_view model, const LoadReport& report,
                                  MonotonicTime now) {
  if (absl::Status status = Check(model, report); !status.ok()) return status;
  MutexLock lock(&mutex_);
  Known& known = models_.Touch(model, now);
  known.latency.Observe(report.latency, now, stale_after_);
  if (report.limit > 0) {
    // As doubles: the sum of two counts may be more than an int64_t holds.
    known.utilization =
        (static_cast<double>(report.in_flight) + static_cast<double>(report.queued)) /
        static_cast<double>(report.limit);
  } else if (report.latency > absl::ZeroDuration()) {
    known.utilization = known.latency.Utilization();
  } else {
    known.utilization = std::nullopt;
  }
  if (report.rejected > 0) {
    known.utilization = std::max(saturation_point_, known.utilization.value_or(0));
  }
  return absl::OkStatus();
}

std::optional<double> ReportedLoad::Utilization(std::string_view model, MonotonicTime now) const {
  MutexLock lock(&mutex_);
  const Known* known = models_.Find(model, now, stale_after_);
  if (known == nullptr) return std::nullopt;
  return known->utilization;
}

std::vector<std::string> ReportedLoad::Models() const {
  MutexLock lock(&mutex_);
  return models_.Names();
}

std::string ReportedLoad::Problem(std::string_view model, MonotonicTime now) const {
  MutexLock lock(&mutex_);
  const Known* known = models_.Find(model, now, absl::InfiniteDuration());
  if (known == nullptr) return "never reported";
  if (models_.Find(model, now, stale_after_) == nullptr) return "stale";
  return known->utilization.has_value()
             ? ""
             : "reported without a limit, and latency for too few answers yet";
}

}  // namespace semcached
