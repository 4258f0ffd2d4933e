#include "semcached/policy/threshold.h"

#include <algorithm>
#include <cmath>

namespace semcached {
namespace {

float Threshold(const CategoryPolicy& configured, double load_factor,
                const CalibratedThreshold* calibrated) {
  const AdaptationPolicy& adaptation = configured.adaptation;
  float base = configured.similarity_threshold;
  float floor = adaptation.min_similarity_threshold;
  if (configured.false_hit_budget.has_value()) {
    if (calibrated == nullptr) return base;
    base = calibrated->base;
    floor = std::max(floor, calibrated->floor);
  }
  const auto dropped =
      static_cast<float>(base - load_factor * static_cast<double>(adaptation.max_threshold_drop));
  return std::min(base, std::max(floor, dropped));
}

absl::Duration Ttl(const CategoryPolicy& configured, double load_factor) {
  const double factor = 1 + load_factor * (configured.adaptation.max_ttl_factor - 1);
  if (!(factor > 1)) return configured.ttl;  // unmoved; also what a NaN comes to
  const absl::Duration stretched = std::max(configured.ttl, configured.ttl * factor);
  const bool capped = configured.ttl_mode == TtlMode::kSliding;
  return capped ? std::min(stretched, configured.max_lifetime) : stretched;
}

}  // namespace

double OwnLoadFactor(const AdaptationPolicy& adaptation, double load_factor) {
  if (std::isnan(load_factor)) return 0;
  return std::clamp(load_factor * adaptation.turns - adaptation.turn, 0.0, 1.0);
}

EffectivePolicy Effective(const CategoryPolicy& configured, double load_factor,
                          const CalibratedThreshold* calibrated) {
  const bool moves = configured.adaptation.mode == AdaptationMode::kEnforce;
  return WouldBe(configured, moves ? load_factor : 0, calibrated);
}

EffectivePolicy WouldBe(const CategoryPolicy& configured, double load_factor,
                        const CalibratedThreshold* calibrated) {
  const bool moves = configured.adaptation.mode != AdaptationMode::kOff;
  const double load = moves ? OwnLoadFactor(configured.adaptation, load_factor) : 0.0;
  return {.similarity_threshold = Threshold(configured, load, calibrated),
          .ttl = Ttl(configured, load),
          .load_factor = load,
          .serve_stale = configured.adaptation.serve_stale && load > 0};
}

}  // namespace semcached
