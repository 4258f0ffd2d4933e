// Load as the leases of single flight show it.
#ifndef SEMCACHED_POLICY_LEASE_LOAD_H_
#define SEMCACHED_POLICY_LEASE_LOAD_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "semcached/config/server_config.h"
#include "semcached/policy/sensor.h"

namespace semcached {

// A lease is a call of the model that somebody has begun and not ended: leases held, by the limit
// that LoadConfig::leases gives for the model. Callers that ask without a lease are not among them,
// so that this is never more than the load, but may be less. Without a limit nothing is told: how
// many are held while a model is quiet follows the traffic, and is no measure of its load.
//
// Unknown while none is held and none was for `stale_after`: then its callers may well do without.
// Thread-safe, without a lock.
class LeaseLoad final : public LoadSensor {
 public:
  explicit LeaseLoad(const LoadConfig& config);

  // A lease of `model` was taken (`change` 1), or has ended (-1).
  void Change(std::string_view model, int change, MonotonicTime now);

  const char* Name() const override { return "leases"; }
  std::optional<double> Utilization(std::string_view model, MonotonicTime now) const override;
  std::vector<std::string> Models() const override;
  std::string Problem(std::string_view model, MonotonicTime now) const override;

 private:
  struct Held {
    explicit Held(int64_t the_limit) : limit(the_limit) {}

    const int64_t limit;
    std::atomic<int64_t> leases{0};
    std::atomic<int64_t> changed_at{kNever};  // nanoseconds
  };
  static constexpr int64_t kNever = INT64_MIN;

  const absl::Duration stale_after_;
  std::map<std::string, Held, std::less<>> models_;  // the same ones ever
};

}  // namespace semcached

#endif  // SEMCACHED_POLICY_LEASE_LOAD_H_
