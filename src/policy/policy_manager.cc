#include "semcached/policy/policy_manager.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "policy/changes.h"
#include "policy/compile.h"
#include "policy/policy_gauges.h"

namespace semcached {
namespace {

struct Reading {
  std::optional<double> utilization;
  const char* sensor = "";

  std::string Reason() const {
    if (!utilization.has_value()) return "load unknown";
    return absl::StrFormat("utilization %.2f (%s)", *utilization, sensor);
  }
};

Reading Read(const std::vector<const LoadSensor*>& sensors, std::string_view model,
             MonotonicTime now) {
  Reading highest;
  for (const LoadSensor* sensor : sensors) {
    const std::optional<double> value = sensor->Utilization(model, now);
    if (!value.has_value() || !std::isfinite(*value)) continue;
    if (!highest.utilization.has_value() || *value > *highest.utilization) {
      highest.utilization = value;
      highest.sensor = sensor->Name();
    }
  }
  return highest;
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
                             Metrics* metrics)
    : load_(load),
      sensors_(std::move(sensors)),
      clock_(clock),
      configured_(std::move(configured)),
      classifier_(std::move(classifier)),
      gauges_(std::make_unique<PolicyGauges>(metrics)) {
  MutexLock lock(&mutex_);
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
  Show();
  Publish();
}

void PolicyManager::Tick() {
  MutexLock lock(&mutex_);
  if (frozen_) return;
  FollowSensors();
  const MonotonicTime now = clock_.Monotonic();
  bool moved = false;
  bool enforced = false;
  for (auto& [model, state] : models_) {
    const Reading reading = Read(sensors_, model, now);
    const double before = state.load_factor;
    state = Step(load_, state, reading.utilization, now);
    if (state.load_factor == before) continue;
    moved = true;
    enforced |= AnyEnforced(*configured_, model);
    Record(MoveEvents(*configured_, model, before, state.load_factor, reading.Reason()));
  }
  if (moved) Show();
  if (enforced) Publish();
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
  std::set<std::string, std::less<>> listed;
  for (const LoadSensor* sensor : sensors_) {
    for (std::string& model : sensor->Models()) listed.insert(std::move(model));
  }
  std::erase_if(models_, [&](const auto& model) {
    return model.second.load_factor == 0 && !listed.contains(model.first);
  });
  for (const std::string& model : listed) models_.try_emplace(model);
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
  PolicyViews views;
  views.default_category = configured_->default_category;
  views.generation = generation_;
  views.frozen = frozen_;
  for (const auto& [name, policy] : configured_->categories) {
    views.categories.push_back(ViewOf(policy, load_factors));
  }
  return views;
}

void PolicyManager::Show() {
  const LoadFactors load_factors = UnderLoad();
  gauges_->ShowModels(load_factors);
  gauges_->ShowCategories(*configured_, load_factors);
}

void PolicyManager::Publish() {
  auto next = std::make_shared<Policies>();
  next->categories = Compile(*configured_, UnderLoad());
  next->default_category = configured_->default_category;
  next->classifier = classifier_;
  next->generation = generation_;
  PoliciesPtr published = std::move(next);
  WriterLock lock(&current_mutex_);
  current_.swap(published);  // the old one dies after the lock
}

}  // namespace semcached
