#include "semcached/policy/latency_track.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace semcached {
namespace {

constexpr int kRecentAnswers = 16;
constexpr int kWindowAnswers = 50;
constexpr absl::Duration kWindow = absl::Minutes(1);
constexpr size_t kWindows = 60;

}  // namespace

void LatencyTrack::Observe(absl::Duration latency, MonotonicTime now, absl::Duration max_pause) {
  if (latency <= absl::ZeroDuration() || latency == absl::InfiniteDuration()) return;
  const double value = std::log(absl::ToDoubleSeconds(latency));

  if (now - last_ > max_pause) recent_count_ = 0;
  last_ = now;
  ++recent_count_;
  recent_ += (value - recent_) / std::min(recent_count_, kRecentAnswers);

  if (window_.count == 0) window_start_ = now;
  window_.sum += value;
  ++window_.count;
  if (window_.count >= kWindowAnswers && now - window_start_ >= kWindow) {
    windows_.push_back(window_.Value());
    if (windows_.size() > kWindows) windows_.pop_front();
    window_ = Mean();
  }
}

std::optional<double> LatencyTrack::Utilization() const {
  if (recent_count_ < kEnough) return std::nullopt;
  return std::max(0.0, 1 - std::exp(Baseline() - recent_));
}

double LatencyTrack::Baseline() const {
  // While no window is complete the first one is all there is; kEnough answers are in it.
  if (windows_.empty()) return window_.Value();
  return *std::min_element(windows_.begin(), windows_.end());
}

}  // namespace semcached
