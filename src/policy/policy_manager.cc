#include "semcached/policy/policy_manager.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>

#include <algorithm>
#include <set>
#include <utility>

#include "policy/budget_gauges.h"
#include "policy/changes.h"
#include "policy/compile.h"
#include "policy/economics_gauges.h"
#include "policy/load_sensors.h"
#include "policy/policy_gauges.h"
#include "semcached/base/status.h"
#include "semcached/policy/budget_control.h"

namespace semcached {
namespace {

std::string ReasonOf(const FusedLoad& load) {
  if (!load.utilization.has_value()) return "load unknown";
  return absl::StrFormat("utilization %.2f (%s)", *load.utilization, load.by);
}

bool AnyEnforced(const CategoryPolicySet& configured, std::string_view model) {
  return std::any_of(configured.categories.begin(), configured.categories.end(), [&](auto& named) {
    const AdaptationPolicy& adaptation = named.second.adaptation;
    return adaptation.mode == AdaptationMode::kEnforce && Follows(adaptation, model);
  });
}

}  // namespace

PolicyManager::PolicyManager(CategoryPolicySetPtr configured,
                             std::shared_ptr<const Classifier> classifier, const LoadConfig& load,
                             std::vector<const LoadSensor*> sensors, const Clock& clock,
                             Metrics* metrics, EvidenceBook* evidence,
                             EmbedderIdentities identities)
    : load_(load),
      sensors_(std::make_unique<LoadSensors>(load, std::move(sensors))),
      clock_(clock),
      evidence_(evidence),
      identities_(std::move(identities)),
      configured_(std::move(configured)),
      classifier_(std::move(classifier)),
      gauges_(std::make_unique<PolicyGauges>(metrics)),
      budget_gauges_(std::make_unique<BudgetGauges>(metrics)),
      economics_gauges_(std::make_unique<EconomicsGauges>(metrics)) {
  MutexLock lock(&mutex_);
  FollowBudgets();
  Show();
  Publish();
}

PolicyManager::~PolicyManager() = default;

PoliciesPtr PolicyManager::Current() const {
  ReaderLock lock(&current_mutex_);
  return current_;
}

void PolicyManager::Replace(CategoryPolicySetPtr configured,
                            std::shared_ptr<const Classifier> classifier) {
  MutexLock lock(&mutex_);
  Record(ReloadEvents(*configured_, *configured));
  configured_ = std::move(configured);
  classifier_ = std::move(classifier);
  ++generation_;
  FollowBudgets();
  Show();
  Publish();
}

void PolicyManager::Tick() {
  MutexLock lock(&mutex_);
  const MonotonicTime now = clock_.Monotonic();
  EndOverrides(now);
  FollowSensors();
  SensorReadings readings;
  std::map<std::string, FusedLoad, std::less<>> loads;
  for (const auto& [model, state] : models_) {
    LoadReading reading = sensors_->Read(model, now);
    readings.emplace(model, std::move(reading.sensors));
    loads.emplace(model, std::move(reading.fused));
  }
  gauges_->ShowUtilizations(readings);
  if (frozen_) return;
  bool moved = false;
  bool enforced = false;
  for (auto& [model, state] : models_) {
    const FusedLoad& load = loads[model];
    const double before = state.load_factor;
    state = Step(load_, state, load.utilization, now);
    if (state.load_factor == before) continue;
    moved = true;
    enforced |= AnyEnforced(*configured_, model);
    std::vector<PolicyEvent> moves =
        MoveEvents(*configured_, model, before, state.load_factor, ReasonOf(load), Calibrated());
    for (PolicyEvent& move : moves) move.expected = ExpectedOf(move);
    Record(std::move(moves));
  }
  if (JudgeBudgets()) moved = enforced = true;
  if (moved) Show();
  if (enforced) Publish();
}

bool PolicyManager::JudgeBudgets() {
  if (evidence_ == nullptr) return false;
  const MonotonicTime now = clock_.Monotonic();
  bool applied = false;
  bool judged = false;
  for (auto& [category, state] : budgets_) {
    if (state.judged_at && now - *state.judged_at < kBudgetInterval) continue;
    const CategoryPolicy& policy = *configured_->Find(category);
    const CategoryEvidence evidence = evidence_->Of(category, state.identity);
    const std::optional<CalibratedThreshold> held = state.held;
    const BudgetStep step = StepBudget(policy, evidence, now, &state);
    judged = true;
    if (step.drift) evidence_->ForgetOld(category, state.identity, kDriftKeeps);
    if (step.moved && policy.budget_mode == BudgetMode::kEnforce) applied = true;
    if (!step.reason.empty()) Record({BudgetEvent(policy, held, state.held, step.reason)});
  }
  if (judged) budget_gauges_->Show(*configured_, budgets_, evidence_->Totals());
  return applied;
}

void PolicyManager::FollowBudgets() {
  if (evidence_ == nullptr) return;
  BudgetControls former = std::move(budgets_);
  budgets_.clear();
  for (const auto& [category, policy] : configured_->categories) {
    const auto identity = identities_.find(policy.embedding);
    if (!policy.false_hit_budget || !policy.allow_caching || identity == identities_.end())
      continue;
    BudgetControlState state;
    if (const auto found = former.find(category);
        found != former.end() && found->second.identity == identity->second) {
      state = std::move(found->second);
    }
    state.identity = identity->second;
    KeepWithin(policy, &state);
    budgets_.emplace(category, std::move(state));
  }
  budget_gauges_->Show(*configured_, budgets_, evidence_->Totals());
}

CalibratedThresholds PolicyManager::Calibrated() const {
  return BudgetsInForce(*configured_, budgets_);
}

std::optional<Loosening> PolicyManager::ExpectedOf(const PolicyEvent& move) const {
  const auto found = budgets_.find(move.category);
  if (found == budgets_.end()) return std::nullopt;
  const CalibratedThresholds calibrated = Calibrated();
  const EffectivePolicy at_rest =
      WouldBe(*configured_->Find(move.category), 0, Find(calibrated, move.category));
  return ExpectLoosening(evidence_->Of(move.category, found->second.identity),
                         at_rest.similarity_threshold, move.after.similarity_threshold);
}

std::optional<BudgetView> PolicyManager::BudgetOf(const CategoryPolicy& policy) const {
  const auto found = budgets_.find(policy.category);
  if (found == budgets_.end()) return std::nullopt;
  const BudgetControlState& state = found->second;
  const CategoryEvidence evidence = evidence_->Of(policy.category, state.identity);
  const CalibratedThreshold* const held = state.held ? &*state.held : nullptr;
  return BudgetView{
      .latest = state.latest,
      .held = state.held,
      .rate_in_force = state.rate_in_force,
      .verdicts = evidence.Verdicts(),
      .shadow = policy.budget_mode == BudgetMode::kShadow,
      .at_full_load = ExpectLoosening(evidence, WouldBe(policy, 0, held).similarity_threshold,
                                      WouldBe(policy, 1, held).similarity_threshold)};
}

void PolicyManager::NoteCosts(const CostsByCategory& costs) {
  MutexLock lock(&mutex_);
  const MonotonicTime now = clock_.Monotonic();
  bool changed = false;
  std::erase_if(economics_, [&](const auto& named) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return configured_->Find(named.first) == nullptr;
  });
  for (const auto& [category, sums] : costs) {
    const CategoryPolicy* const policy = configured_->Find(category);
    if (policy == nullptr || sums.hits + sums.misses == 0) continue;
    EconomicsState& state = economics_[category];
    if (StepEconomics(sums, now, &state)) {
      Record({EconomicsEvent(*policy, state)});
      changed = true;
    }
    economics_gauges_->Show(category, EconomicsOf(sums), state);
  }
  if (changed) Publish();
}

std::set<std::string> PolicyManager::Losing() const {
  MutexLock lock(&mutex_);
  std::set<std::string> losing;
  for (const auto& [category, state] : economics_) {
    if (state.losing) losing.insert(category);
  }
  return losing;
}

void PolicyManager::NoteRefusedReload(const std::string& why) {
  MutexLock lock(&mutex_);
  PolicyEvent event;
  // A line an error; an event is a line of a table.
  const std::vector<std::string> errors = absl::StrSplit(why, '\n', absl::SkipEmpty());
  event.reason = absl::StrCat("reload refused: ", absl::StrJoin(errors, "; "));
  Record({std::move(event)});
}

void PolicyManager::Freeze() { SetFrozen(true); }
void PolicyManager::Unfreeze() { SetFrozen(false); }

void PolicyManager::SetFrozen(bool frozen) {
  MutexLock lock(&mutex_);
  if (frozen_ == frozen) return;
  frozen_ = frozen;
  PolicyEvent event;
  event.reason = frozen ? "frozen" : "unfrozen";
  Record({std::move(event)});
}

void PolicyManager::FollowSensors() {
  const std::set<std::string, std::less<>> listed = sensors_->Models();
  std::erase_if(models_, [&](const auto& model) {
    return model.second.load_factor == 0 && !listed.contains(model.first);
  });
  for (const std::string& model : listed) models_.try_emplace(model);
}

absl::Status PolicyManager::SetLoad(const std::string& model, double utilization,
                                    absl::Duration duration) {
  MutexLock lock(&mutex_);
  const MonotonicTime now = clock_.Monotonic();
  EndOverrides(now);
  RETURN_IF_ERROR(sensors_->manual().Set(model, utilization, duration, now));
  RecordLoad(model, absl::StrFormat("load set to utilization %.2f for %s", utilization,
                                    absl::FormatDuration(duration)));
  return absl::OkStatus();
}

absl::Status PolicyManager::ClearLoad(const std::string& model) {
  MutexLock lock(&mutex_);
  EndOverrides(clock_.Monotonic());
  if (!sensors_->manual().Clear(model)) {
    return absl::NotFoundError(absl::StrCat("no load of model \"", model, "\" is set"));
  }
  RecordLoad(model, "set load cleared");
  return absl::OkStatus();
}

void PolicyManager::EndOverrides(MonotonicTime now) {
  for (const std::string& model : sensors_->manual().TakeExpired(now)) {
    RecordLoad(model, "set load ended, its time is over");
  }
}

void PolicyManager::RecordLoad(const std::string& model, std::string reason) {
  PolicyEvent event;
  event.model = model;
  event.reason = std::move(reason);
  Record({std::move(event)});
}

void PolicyManager::Record(std::vector<PolicyEvent> events) {
  const absl::Time now = clock_.Wall();
  for (PolicyEvent& event : events) {
    event.time = now;
    if (events_.size() >= kMaxEvents) events_.pop_front();
    events_.push_back(std::move(event));
  }
}

std::vector<PolicyEvent> PolicyManager::Events() const {
  MutexLock lock(&mutex_);
  return {events_.begin(), events_.end()};
}

LoadFactors PolicyManager::UnderLoad() const {
  LoadFactors load_factors;
  for (const auto& [model, state] : models_) {
    if (state.load_factor > 0) load_factors.emplace(model, state.load_factor);
  }
  return load_factors;
}

PolicyViews PolicyManager::Views() const {
  MutexLock lock(&mutex_);
  const LoadFactors load_factors = UnderLoad();
  const CalibratedThresholds calibrated = Calibrated();
  PolicyViews views;
  views.default_category = configured_->default_category;
  views.generation = generation_;
  views.frozen = frozen_;
  for (const auto& [name, policy] : configured_->categories) {
    views.categories.push_back(ViewOf(policy, load_factors, Find(calibrated, name)));
    views.categories.back().budget = BudgetOf(policy);
  }
  std::set<std::string, std::less<>> models = sensors_->Models();
  for (const auto& [model, state] : models_) models.insert(model);
  for (const std::string& model : models) {
    views.loads.push_back(sensors_->View(model, clock_.Monotonic()));
    const auto state = models_.find(model);
    if (state != models_.end()) views.loads.back().load_factor = state->second.load_factor;
  }
  return views;
}

void PolicyManager::Show() {
  const LoadFactors load_factors = UnderLoad();
  gauges_->ShowModels(load_factors);
  gauges_->ShowCategories(*configured_, load_factors, Calibrated());
}

void PolicyManager::Publish() {
  auto next = std::make_shared<Policies>();
  next->categories = Compile(*configured_, UnderLoad(), Calibrated());
  for (auto& [name, category] : next->categories) {
    if (category.configured.when_losing != WhenLosing::kBypass) continue;
    const auto found = economics_.find(name);
    category.bypassed_as_losing = found != economics_.end() && found->second.losing;
  }
  next->default_category = configured_->default_category;
  next->classifier = classifier_;
  next->generation = generation_;
  PoliciesPtr published = std::move(next);
  WriterLock lock(&current_mutex_);
  current_.swap(published);  // the old one dies after the lock
}

}  // namespace semcached
