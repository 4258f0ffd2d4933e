// Where knowledge of a model's load comes from.
#ifndef SEMCACHED_POLICY_SENSOR_H_
#define SEMCACHED_POLICY_SENSOR_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "semcached/base/clock.h"

namespace semcached {

// Thread-safe.
class LoadSensor {
 public:
  virtual ~LoadSensor() = default;

  // Short and stable, [a-z_]: for messages, metrics and the weights of the configuration.
  virtual const char* Name() const = 0;

  // How busy `model` is: 0 idle, 1 all that it can work on at once, more where requests queue.
  // Finite and >= 0; absent where this sensor does not know, or knows nothing recent.
  virtual std::optional<double> Utilization(std::string_view model, MonotonicTime now) const = 0;

  // Why it does not know `model`, or what troubles it although it does, in words and without any
  // secret; empty where all is well.
  virtual std::string Problem(std::string_view model, MonotonicTime now) const {
    return Utilization(model, now).has_value() ? "" : "nothing recent is known";
  }

  // The models of which it knows anything: a bounded number, in no order.
  virtual std::vector<std::string> Models() const = 0;
};

}  // namespace semcached

#endif  // SEMCACHED_POLICY_SENSOR_H_
