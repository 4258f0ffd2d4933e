// The policies in force: what is configured, moved by load.
#ifndef SEMCACHED_POLICY_POLICY_MANAGER_H_
#define SEMCACHED_POLICY_POLICY_MANAGER_H_

#include <absl/status/status.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "semcached/base/clock.h"
#include "semcached/base/metrics.h"
#include "semcached/base/mutex.h"
#include "semcached/cache/category_costs.h"
#include "semcached/cache/policy_source.h"
#include "semcached/classify/classifier.h"
#include "semcached/config/category_policy.h"
#include "semcached/config/server_config.h"
#include "semcached/policy/budget_control.h"
#include "semcached/policy/economics.h"
#include "semcached/policy/evidence.h"
#include "semcached/policy/load_factor.h"
#include "semcached/policy/policy_event.h"
#include "semcached/policy/policy_view.h"
#include "semcached/policy/sensor.h"
#include "semcached/policy/threshold.h"

namespace semcached {

class BudgetGauges;
class EconomicsGauges;
class LoadSensors;
class PolicyGauges;

// The embedding identity of each configured embedder, by the embedder's name.
using EmbedderIdentities = std::map<std::string, std::string, std::less<>>;

// Owns the configured policies and a load factor by model, and publishes what both come to.
//
// Where a category's adaptation follows the request's model, each model under load has an entry in
// CategoryInForce::by_model; where it follows a named one, `calm` itself moves. The utilisation of
// a model is what an operator has set, while that lasts, else what LoadConfig::fusion makes of the
// sensors.
//
// A category with a false-hit budget is calibrated by its evidence: its threshold at rest moves to
// where the budget is kept, at most once a minute, and load goes no lower than the budget's floor.
// With `budget_mode: shadow` that is computed, told and shown, and not applied.
//
// Thread-safe. `sensors`, `clock`, `metrics` and `evidence` must outlive it.
class PolicyManager final : public PolicySource {
 public:
  static constexpr size_t kMaxEvents = 256;

  // `configured` is not null; `classifier` was learned from it, or is null. They are in force at
  // once, as generation 1 and without load. `evidence` may be null: nothing is calibrated then, nor
  // is a category whose embedder has no identity.
  PolicyManager(CategoryPolicySetPtr configured, std::shared_ptr<const Classifier> classifier,
                const LoadConfig& load, std::vector<const LoadSensor*> sensors, const Clock& clock,
                Metrics* metrics, EvidenceBook* evidence = nullptr,
                EmbedderIdentities identities = {});
  ~PolicyManager() override;

  PoliciesPtr Current() const override ABSL_LOCKS_EXCLUDED(current_mutex_);

  // Puts a reloaded configuration in force, under the load that is known, frozen or not; the
  // generation goes up by one. `configured` is not null; `classifier` was learned from it, or is
  // null.
  void Replace(CategoryPolicySetPtr configured, std::shared_ptr<const Classifier> classifier)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Reads the sensors and moves each load factor one step, and judges the budgets whose time has
  // come; to be called every LoadConfig::interval. Publishes only what changed. While frozen,
  // nothing moves.
  void Tick() ABSL_LOCKS_EXCLUDED(mutex_);

  // Judges whether categories pay for themselves, from the sums so far; to be called about once a
  // minute. One that begins or ends to lose is an event, and with `when_losing: bypass` it is
  // bypassed meanwhile.
  void NoteCosts(const CostsByCategory& costs) ABSL_LOCKS_EXCLUDED(mutex_);
  // The categories that lose, by name.
  std::set<std::string> Losing() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Notes among the events that a reload was refused, and why; nothing else changes.
  void NoteRefusedReload(const std::string& why) ABSL_LOCKS_EXCLUDED(mutex_);

  // Keeps every load factor and calibrated threshold where it is until Unfreeze().
  void Freeze() ABSL_LOCKS_EXCLUDED(mutex_);
  void Unfreeze() ABSL_LOCKS_EXCLUDED(mutex_);

  // For `duration` from now, `utilization` stands for all sensors of `model`; its load factor
  // follows in steps, as ever. Both calls leave an event, and so does the end of that time. Errors
  // as ManualLoad::Set().
  absl::Status SetLoad(const std::string& model, double utilization, absl::Duration duration)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // NotFound: no load of it is set.
  absl::Status ClearLoad(const std::string& model) ABSL_LOCKS_EXCLUDED(mutex_);

  PolicyViews Views() const ABSL_LOCKS_EXCLUDED(mutex_);

  // The last kMaxEvents changes, newest last.
  std::vector<PolicyEvent> Events() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void SetFrozen(bool frozen) ABSL_LOCKS_EXCLUDED(mutex_);
  // Has a state for every model that a sensor knows, and for no other once it is calm.
  void FollowSensors() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void EndOverrides(MonotonicTime now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void RecordLoad(const std::string& model, std::string reason)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Record(std::vector<PolicyEvent> events) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Follows the evidence; true if what is in force has changed.
  bool JudgeBudgets() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Has a state for every category that can be calibrated, and for no other; a new one if its
  // embedding identity has changed.
  void FollowBudgets() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  CalibratedThresholds Calibrated() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::optional<Loosening> ExpectedOf(const PolicyEvent& move) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::optional<BudgetView> BudgetOf(const CategoryPolicy& policy) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  LoadFactors UnderLoad() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Show() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Publish() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) ABSL_LOCKS_EXCLUDED(current_mutex_);

  const LoadConfig load_;
  const std::unique_ptr<LoadSensors> sensors_;
  const Clock& clock_;
  EvidenceBook* const evidence_;  // null: nothing is calibrated
  const EmbedderIdentities identities_;

  mutable Mutex mutex_;
  CategoryPolicySetPtr configured_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const Classifier> classifier_ ABSL_GUARDED_BY(mutex_);
  uint64_t generation_ ABSL_GUARDED_BY(mutex_) = 1;
  bool frozen_ ABSL_GUARDED_BY(mutex_) = false;
  std::map<std::string, LoadFactorState, std::less<>> models_ ABSL_GUARDED_BY(mutex_);
  std::deque<PolicyEvent> events_ ABSL_GUARDED_BY(mutex_);
  BudgetControls budgets_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, EconomicsState> economics_ ABSL_GUARDED_BY(mutex_);
  const std::unique_ptr<PolicyGauges> gauges_ ABSL_PT_GUARDED_BY(mutex_);
  const std::unique_ptr<BudgetGauges> budget_gauges_ ABSL_PT_GUARDED_BY(mutex_);
  const std::unique_ptr<EconomicsGauges> economics_gauges_ ABSL_PT_GUARDED_BY(mutex_);

  mutable SharedMutex current_mutex_;  // taken last
  PoliciesPtr current_ ABSL_GUARDED_BY(current_mutex_);
};

}  // namespace semcached

#endif  // SEMCACHED_POLICY_POLICY_MANAGER_H_
