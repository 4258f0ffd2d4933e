// What several sensors say of one model, as one utilisation. Pure.
#ifndef SEMCACHED_POLICY_FUSION_H_
#define SEMCACHED_POLICY_FUSION_H_

#include <optional>
#include <string>
#include <vector>

#include "semcached/config/server_config.h"

namespace semcached {

struct SensorReading {
  std::string sensor;                 // LoadSensor::Name()
  std::optional<double> utilization;  // as the sensor gave it
};

struct FusedLoad {
  std::optional<double> utilization;  // finite, >= 0; absent: unknown
  std::string by;                     // the sensor that it is of, or "weighted"; empty: unknown
};

// A reading that is absent, negative or not finite is unknown and never counts. As `config.fusion`
// says, the highest of the others, or their mean by `config.weights`; all unknown, or without
// weight: unknown.
FusedLoad Fuse(const LoadConfig& config, const std::vector<SensorReading>& readings);

}  // namespace semcached

#endif  // SEMCACHED_POLICY_FUSION_H_
