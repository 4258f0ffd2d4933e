// Who a caller is, and what it may do.
#ifndef SEMCACHED_ACCESS_ACCESS_CONTROL_H_
#define SEMCACHED_ACCESS_ACCESS_CONTROL_H_

#include <absl/status/statusor.h>

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "semcached/base/clock.h"
#include "semcached/base/mutex.h"
#include "semcached/base/rate_limit.h"
#include "semcached/config/principals.h"

namespace semcached {

// One caller that is known. Thread-safe.
class Principal {
 public:
  // `report_rate`: of feedback, a second.
  Principal(PrincipalConfig config, double report_rate, const Clock* clock);

  const std::string& name() const { return config_.name; }
  // What lookup_ids and leases are bound to: another one once its namespaces are others, so that
  // nothing reaches into one that was withdrawn.
  const std::string& id() const { return id_; }
  const PrincipalConfig& config() const { return config_; }

  // PermissionDenied: it has not this right. ResourceExhausted: more than its rate.
  absl::Status Use(Right right, int requests = 1);
  bool Has(Right right) const;
  // False: one report too many.
  bool TakeReport() { return report_rate_.Take(); }
  // PermissionDenied: the namespace is not one of its own.
  absl::Status CheckNamespace(std::string_view name) const;

 private:
  const PrincipalConfig config_;
  const std::string id_;
  std::optional<RateLimit> rate_;
  std::optional<RateLimit> insert_rate_;
  RateLimit report_rate_;
};

using PrincipalPtr = std::shared_ptr<Principal>;

// What a caller shows of itself.
struct Shown {
  std::string_view authorization;         // the header, "Bearer TOKEN"; empty: none
  std::vector<std::string> certificates;  // the names that its verified certificate is for
};

// Thread-safe.
class AccessControl {
 public:
  // Until Replace(), everybody is one principal, `open`, that may do everything. Each may send
  // `report_rate` reports of feedback a second.
  AccessControl(std::string open, double report_rate, const Clock* clock);

  // From now on, exactly these. What is known of the rates of those that stay starts anew.
  void Replace(const std::vector<PrincipalConfig>& principals) ABSL_LOCKS_EXCLUDED(mutex_);

  // Who everybody is while no principals are named; else null. Takes no lock.
  PrincipalPtr Everybody() const { return is_open_ ? open_ : nullptr; }

  // A token decides, if one is shown. Unauthenticated: nobody has it, or nothing is shown.
  absl::StatusOr<PrincipalPtr> Identify(const Shown& shown) const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  using Principals = std::vector<PrincipalPtr>;

  const double report_rate_;
  const Clock* const clock_;
  const PrincipalPtr open_;
  std::atomic<bool> is_open_{true};
  mutable Mutex mutex_;
  std::shared_ptr<const Principals> principals_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace semcached

#endif  // SEMCACHED_ACCESS_ACCESS_CONTROL_H_
