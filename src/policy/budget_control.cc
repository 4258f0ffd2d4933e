#include "semcached/policy/budget_control.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <cmath>

namespace semcached {
namespace {

bool IsFarFrom(double a, double b) { return std::abs(a - b) >= kBudgetHysteresis - 1e-9; }

double Base(const CategoryPolicy& policy, const BudgetControlState& state) {
  return static_cast<double>(state.held ? state.held->base : policy.similarity_threshold);
}

// What should be held; none: the configured threshold. A base that is near the one in force stays.
std::optional<CalibratedThreshold> Wanted(const Calibration& calibration, double base) {
  if (calibration.state == BudgetState::kThin) return std::nullopt;
  if (IsFarFrom(base, calibration.threshold)) base = calibration.threshold;
  return CalibratedThreshold{static_cast<float>(base),
                             static_cast<float>(std::min(base, calibration.floor))};
}

bool IsMove(const std::optional<CalibratedThreshold>& held,
            const std::optional<CalibratedThreshold>& wanted) {
  if (held.has_value() != wanted.has_value()) return true;
  return held.has_value() &&
         (IsFarFrom(static_cast<double>(held->base), static_cast<double>(wanted->base)) ||
          IsFarFrom(static_cast<double>(held->floor), static_cast<double>(wanted->floor)));
}

}  // namespace

BudgetStep StepBudget(const CategoryPolicy& policy, const CategoryEvidence& evidence,
                      MonotonicTime now, BudgetControlState* state) {
  BudgetStep step;
  if (state->judged_at && now - *state->judged_at < kBudgetInterval) return step;
  state->judged_at = now;

  BudgetTerms terms;
  terms.budget = *policy.false_hit_budget;
  terms.configured = static_cast<double>(policy.similarity_threshold);
  terms.least =
      std::min(terms.configured, static_cast<double>(policy.adaptation.min_similarity_threshold));
  terms.current = Base(policy, *state);
  const BudgetState state_before = state->latest.state;
  state->latest = Calibrate(evidence, terms);
  const bool enforced = policy.budget_mode == BudgetMode::kEnforce;
  state->rate_in_force = ExpectedRateAt(evidence, enforced ? terms.current : terms.configured);

  const Drift drift = FindDrift(evidence);
  if (drift.found) {
    step.drift = drift;
    step.reason = absl::StrFormat(
        "budget: drift, %.2f %% of recent verdicts are wrong, %.2f %% were expected",
        100 * drift.recent_rate, 100 * drift.expected_rate);
  }
  if (state->latest.state == BudgetState::kUnreachable && state_before != state->latest.state) {
    step.reason = state->latest.reason;
  }
  const std::optional<CalibratedThreshold> wanted = Wanted(state->latest, terms.current);
  if (!IsMove(state->held, wanted)) return step;
  if (state->moved_at && now - *state->moved_at < kBudgetDwell) return step;
  state->moved_at = now;
  state->held = wanted;
  step.moved = true;
  if (step.reason.empty()) {
    step.reason = state->latest.reason;
  } else if (step.reason != state->latest.reason) {
    absl::StrAppend(&step.reason, "; ", state->latest.reason);
  }
  return step;
}

void KeepWithin(const CategoryPolicy& policy, BudgetControlState* state) {
  if (!state->held) return;
  const float least =
      std::min(policy.similarity_threshold, policy.adaptation.min_similarity_threshold);
  state->held->base = std::max(state->held->base, least);
  state->held->floor = std::max(state->held->floor, least);
}

PolicyEvent BudgetEvent(const CategoryPolicy& policy,
                        const std::optional<CalibratedThreshold>& before,
                        const std::optional<CalibratedThreshold>& after,
                        const std::string& reason) {
  PolicyEvent event;
  event.category = policy.category;
  event.before = WouldBe(policy, 0, before ? &*before : nullptr);
  event.after = WouldBe(policy, 0, after ? &*after : nullptr);
  event.mode = policy.adaptation.mode;
  event.shadow = policy.budget_mode == BudgetMode::kShadow;
  event.reason = reason;
  return event;
}

CalibratedThresholds BudgetsInForce(const CategoryPolicySet& configured,
                                    const BudgetControls& controls) {
  CalibratedThresholds thresholds;
  for (const auto& [category, state] : controls) {
    const CategoryPolicy* policy = configured.Find(category);
    if (policy == nullptr || !state.held || policy->budget_mode != BudgetMode::kEnforce) continue;
    thresholds.emplace(category, *state.held);
  }
  return thresholds;
}

}  // namespace semcached
