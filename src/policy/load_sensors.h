// All sensors of the process, as one.
#ifndef SEMCACHED_SRC_POLICY_LOAD_SENSORS_H_
#define SEMCACHED_SRC_POLICY_LOAD_SENSORS_H_

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "semcached/config/server_config.h"
#include "semcached/policy/fusion.h"
#include "semcached/policy/manual_load.h"
#include "semcached/policy/policy_view.h"
#include "semcached/policy/sensor.h"

namespace semcached {

// What all sensors tell of one model.
struct LoadReading {
  std::vector<SensorReading> sensors;  // the override last
  FusedLoad fused;
};

// Thread-safe. `sensors` outlive it.
class LoadSensors {
 public:
  LoadSensors(const LoadConfig& config, std::vector<const LoadSensor*> sensors);

  // What an operator says, in place of all other sensors while it lasts.
  ManualLoad& manual() { return manual_; }

  std::set<std::string, std::less<>> Models() const;
  LoadReading Read(std::string_view model, MonotonicTime now) const;
  // All but the load factor. The override is among the sensors only while it lasts.
  ModelLoadView View(const std::string& model, MonotonicTime now) const;

 private:
  const LoadConfig config_;
  const std::vector<const LoadSensor*> sensors_;
  ManualLoad manual_;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_POLICY_LOAD_SENSORS_H_
