#include "policy/changes.h"

#include <absl/strings/str_format.h>

#include <set>
#include <string_view>
#include <utility>

#include "policy/compile.h"
#include "semcached/policy/threshold.h"

namespace semcached {
namespace {

bool SameValues(const EffectivePolicy& a, const EffectivePolicy& b) {
  return a.similarity_threshold == b.similarity_threshold && a.ttl == b.ttl &&
         a.serve_stale == b.serve_stale;
}

EffectivePolicy Configured(const CategoryPolicy* policy) {
  return policy == nullptr ? EffectivePolicy() : WouldBe(*policy, 0);
}

// Why a category is worth an event; empty: it is not.
const char* ReloadReason(const CategoryPolicy* before, const CategoryPolicy* after) {
  if (before == nullptr) return "category added";
  if (after == nullptr) return "category removed";
  const bool same = SameValues(Configured(before), Configured(after)) &&
                    before->adaptation.mode == after->adaptation.mode;
  return same ? "" : "reloaded";
}

}  // namespace

std::vector<PolicyEvent> MoveEvents(const CategoryPolicySet& configured, const std::string& model,
                                    double before, double after, const std::string& reason,
                                    const CalibratedThresholds& calibrated) {
  std::vector<PolicyEvent> events;
  for (const auto& [name, policy] : configured.categories) {
    if (!Follows(policy.adaptation, model)) continue;
    PolicyEvent event;
    const CalibratedThreshold* base = Find(calibrated, name);
    event.before = WouldBe(policy, before, base);
    event.after = WouldBe(policy, after, base);
    if (SameValues(event.before, event.after)) continue;
    event.model = model;
    event.category = name;
    event.mode = policy.adaptation.mode;
    event.shadow = event.mode == AdaptationMode::kShadow;
    event.reason = reason;
    events.push_back(std::move(event));
  }
  return events;
}

std::vector<PolicyEvent> ReloadEvents(const CategoryPolicySet& before,
                                      const CategoryPolicySet& after) {
  std::set<std::string_view> names;
  for (const auto& [name, policy] : before.categories) names.insert(name);
  for (const auto& [name, policy] : after.categories) names.insert(name);

  std::vector<PolicyEvent> events;
  for (const std::string_view name : names) {
    const CategoryPolicy* old_policy = before.Find(name);
    const CategoryPolicy* new_policy = after.Find(name);
    PolicyEvent event;
    event.reason = ReloadReason(old_policy, new_policy);
    if (event.reason.empty()) continue;
    event.category = std::string(name);
    event.before = Configured(old_policy);
    event.after = Configured(new_policy);
    event.mode = new_policy == nullptr ? AdaptationMode::kOff : new_policy->adaptation.mode;
    events.push_back(std::move(event));
  }
  return events;
}

PolicyEvent EconomicsEvent(const CategoryPolicy& policy, const EconomicsState& state) {
  PolicyEvent event;
  event.category = policy.category;
  event.before = event.after = Configured(&policy);
  event.mode = policy.adaptation.mode;
  const double hit_rate = 100 * state.latest.hit_rate.value_or(0);
  const double break_even = 100 * state.latest.break_even.value_or(0);
  const char* const act = policy.when_losing == WhenLosing::kBypass ? ": bypassed" : "";
  event.reason = state.losing
                     ? absl::StrFormat("loses: hit rate %.2f %%, break-even %.2f %%, for an hour%s",
                                       hit_rate, break_even, act)
                     : absl::StrFormat("pays again: hit rate %.2f %%, break-even %.2f %%", hit_rate,
                                       break_even);
  return event;
}

}  // namespace semcached
