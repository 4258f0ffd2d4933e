#include "eval/budget_run.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <functional>
#include <random>
#include <vector>

#include "eval/per_entry_threshold.h"
#include "semcached/policy/budget_control.h"
#include "semcached/policy/evidence.h"

namespace semcached::eval {
namespace {

constexpr char kCategory[] = "questions";
constexpr char kIdentity[] = "minilm";

void Count(const Lookup& lookup, Outcome* outcome) {
  ++outcome->hits;
  outcome->false_hits += lookup.right ? 0 : 1;
}

CategoryPolicy PolicyOf(const BudgetRun& run) {
  CategoryPolicy policy;
  policy.category = kCategory;
  policy.similarity_threshold = static_cast<float>(run.configured);
  policy.adaptation.min_similarity_threshold = static_cast<float>(run.least);
  policy.false_hit_budget = run.budget;
  policy.budget_mode = BudgetMode::kEnforce;
  return policy;
}

// Of all thresholds at which something hits, the one that `better` picks.
Outcome PickThreshold(const Stream& stream,
                      const std::function<bool(const Outcome&, const Outcome&)>& better) {
  std::vector<Lookup> sorted = stream.lookups;
  std::sort(sorted.begin(), sorted.end(),
            [](const Lookup& a, const Lookup& b) { return a.similarity > b.similarity; });
  Outcome best;
  Outcome now;
  for (size_t i = 0; i < sorted.size() && sorted[i].similarity >= kLeastSimilarity; ++i) {
    Count(sorted[i], &now);
    now.threshold = static_cast<double>(sorted[i].similarity);
    const bool tied = i + 1 < sorted.size() && sorted[i + 1].similarity == sorted[i].similarity;
    if (!tied && better(now, best)) best = now;
  }
  return best;
}

}  // namespace

Outcome RunCalibrated(const Stream& stream, const BudgetRun& run) {
  std::mt19937_64 random(run.seed);
  std::uniform_real_distribution<double> dice(0, 1);
  const CategoryPolicy policy = PolicyOf(run);
  EvidenceBook book;
  BudgetControlState state;
  MonotonicTime now;
  Outcome outcome;
  for (const Lookup& lookup : stream.lookups) {
    now += absl::Seconds(1);
    if (!state.judged_at || now - *state.judged_at >= kBudgetInterval) {
      const BudgetStep step = StepBudget(policy, book.Of(kCategory, kIdentity), now, &state);
      if (step.drift) book.ForgetOld(kCategory, kIdentity, kDriftKeeps);
      outcome.moves += step.moved ? 1 : 0;
      outcome.unreachable |= state.latest.state == BudgetState::kUnreachable;
    }
    const float threshold = state.held ? state.held->base : policy.similarity_threshold;
    outcome.threshold = static_cast<double>(threshold);
    const auto similarity = static_cast<double>(lookup.similarity);
    const bool served = lookup.similarity >= threshold;
    if (served) {
      Count(lookup, &outcome);
      book.ObserveServed(kCategory, kIdentity, similarity);
    } else {
      book.ObserveRefused(kCategory, kIdentity, similarity);
    }
    const bool judged = dice(random) < run.verdict_share;
    if (!judged || similarity < outcome.threshold - kNearMiss) continue;
    outcome.verdicts += served ? 1 : 0;
    book.Observe(kCategory, kIdentity, similarity,
                 lookup.right ? EvidenceVerdict::kRight : EvidenceVerdict::kWrong,
                 served ? EvidenceSource::kFeedback : EvidenceSource::kNearMiss, now);
  }
  return outcome;
}

Outcome BestFixed(const Stream& stream, double budget) {
  return PickThreshold(stream, [budget](const Outcome& now, const Outcome& best) {
    return now.rate() <= budget && now.hits > best.hits;
  });
}

Outcome LowestRate(const Stream& stream, size_t least_hits) {
  return PickThreshold(stream, [least_hits](const Outcome& now, const Outcome& best) {
    return now.hits >= least_hits && (best.hits == 0 || now.rate() <= best.rate());
  });
}

Outcome RunFixed(const Stream& stream, double threshold) {
  Outcome outcome;
  outcome.threshold = threshold;
  for (const Lookup& lookup : stream.lookups) {
    if (static_cast<double>(lookup.similarity) >= threshold) Count(lookup, &outcome);
  }
  return outcome;
}

Outcome RunPerEntry(const Stream& stream, double budget, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> dice(0, 1);
  absl::flat_hash_map<size_t, PerEntryThreshold> entries;
  Outcome outcome;
  for (const Lookup& lookup : stream.lookups) {
    if (lookup.similarity < kLeastSimilarity) continue;
    PerEntryThreshold& entry = entries[lookup.entry];
    const auto similarity = static_cast<double>(lookup.similarity);
    if (dice(random) > entry.ExploreChance(similarity, budget)) {
      Count(lookup, &outcome);
    } else {
      entry.Observe(similarity, lookup.right);
    }
  }
  return outcome;
}

}  // namespace semcached::eval
