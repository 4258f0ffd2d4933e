#include "semcached/policy/fusion.h"

#include <cmath>

namespace semcached {
namespace {

bool IsKnown(const SensorReading& reading) {
  return reading.utilization.has_value() && std::isfinite(*reading.utilization) &&
         *reading.utilization >= 0;
}

FusedLoad Highest(const std::vector<SensorReading>& readings) {
  FusedLoad highest;
  for (const SensorReading& reading : readings) {
    if (!IsKnown(reading)) continue;
    if (highest.utilization && *highest.utilization >= *reading.utilization) continue;
    highest = {reading.utilization, reading.sensor};
  }
  return highest;
}

FusedLoad WeightedMean(const LoadConfig& config, const std::vector<SensorReading>& readings) {
  double all = 0;
  for (const SensorReading& reading : readings) {
    const auto found = config.weights.find(reading.sensor);
    if (IsKnown(reading)) all += found == config.weights.end() ? 1 : found->second;
  }
  if (all <= 0) return {};
  // Shares are added up, not weighted values: those of huge readings might overflow.
  double mean = 0;
  for (const SensorReading& reading : readings) {
    const auto found = config.weights.find(reading.sensor);
    const double weight = found == config.weights.end() ? 1 : found->second;
    if (IsKnown(reading)) mean += weight / all * *reading.utilization;
  }
  return {mean, "weighted"};
}

}  // namespace

FusedLoad Fuse(const LoadConfig& config, const std::vector<SensorReading>& readings) {
  return config.fusion == LoadFusion::kWeighted ? WeightedMean(config, readings)
                                                : Highest(readings);
}

}  // namespace semcached
