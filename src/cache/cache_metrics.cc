#include "cache/cache_metrics.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

#include "cache/costs_of.h"

namespace semcached {
namespace {

const char* Name(Divergence divergence) {
  switch (divergence) {
    case Divergence::kIndexWithoutDocument:
      return "index_without_document";
    case Divergence::kDocumentWithoutIndex:
      return "document_without_index";
    case Divergence::kIndexOfAnother:
      return "index_of_another";
  }
  return "unknown";
}

constexpr char kLookups[] = "semcached_lookups_total";
constexpr char kLookupsHelp[] = "Lookups, by category, outcome and, for a miss, reason.";
constexpr char kAnsweredBy[] = "semcached_searches_total";
constexpr char kAnsweredByHelp[] = "Searches of an index, by the structure that answered.";
constexpr char kInserts[] = "semcached_inserts_total";
constexpr char kInsertsHelp[] = "Inserts, by category and result.";
constexpr char kEvictions[] = "semcached_evictions_total";
constexpr char kEvictionsHelp[] = "Entries that left, by category and reason.";
constexpr char kNoCategory[] = "_none";

enum Result { kStored, kReplaced, kDeclined };
constexpr std::array<std::string_view, 3> kResults = {"stored", "replaced", "declined"};
enum ReasonToLeave { kForQuota, kForBudget, kByTime };
constexpr std::array<std::string_view, 3> kReasonsToLeave = {"quota", "budget", "expired"};

// Finer than what a whole lookup takes: it should wait for nothing.
const std::vector<double>& LockWaitBounds() {
  static const std::vector<double> bounds = {1e-5, 2.5e-5, 5e-5, 1e-4,   2e-4, 5e-4,
                                             1e-3, 2.5e-3, 1e-2, 2.5e-2, 0.1};
  return bounds;
}

// As long as models take to answer.
const std::vector<double>& WaitBounds() {
  static const std::vector<double> bounds = {0.01, 0.05, 0.1, 0.25, 0.5, 1,
                                             2.5,  5,    10,  30,   60,  120};
  return bounds;
}

std::string LabelOf(std::string_view category) {
  return category.empty() ? kNoCategory : std::string(category);
}

}  // namespace

CacheMetrics::CacheMetrics(Metrics* metrics)
    : metrics_(metrics),
      lock_wait_(metrics->AddHistogram("semcached_lookup_lock_wait_seconds",
                                       "Waits of lookups for a lock in memory that was not free.",
                                       LockWaitBounds())),
      longest_lock_wait_(metrics->AddGauge("semcached_lookup_lock_wait_longest_seconds",
                                           "The longest of those since the start.")) {
  for (const Divergence divergence :
       {Divergence::kIndexWithoutDocument, Divergence::kDocumentWithoutIndex,
        Divergence::kIndexOfAnother}) {
    CountRepaired(divergence, 0);
  }
  CountCompared(0);
}

CacheMetrics::PerCategory& CacheMetrics::HandlesOf(std::string_view category) {
  const std::string_view label = category.empty() ? kNoCategory : category;
  auto found = categories_.find(label);
  if (found == categories_.end()) {
    found = categories_.emplace(label, PerCategory(std::string(label))).first;
  }
  return found->second;
}

Counter& CacheMetrics::LookupsOf(PerCategory* handles, Outcome outcome, MissReason reason) {
  std::optional<Counter>& counter =
      handles->lookups[static_cast<size_t>(outcome)][static_cast<size_t>(reason)];
  if (!counter.has_value()) {
    counter =
        Of(kLookups, kLookupsHelp,
           {{"category", handles->name}, {"outcome", Name(outcome)}, {"reason", Name(reason)}});
  }
  return *counter;
}

Counter* CacheMetrics::InsertsOf(PerCategory* handles, std::string_view result) {
  const auto found = std::find(kResults.begin(), kResults.end(), result);
  if (found == kResults.end()) return nullptr;
  std::optional<Counter>& counter = handles->inserts[static_cast<size_t>(found - kResults.begin())];
  if (!counter.has_value()) {
    counter =
        Of(kInserts, kInsertsHelp, {{"category", handles->name}, {"result", std::string(result)}});
  }
  return &*counter;
}

Counter* CacheMetrics::EvictionsOf(PerCategory* handles, std::string_view why) {
  const auto found = std::find(kReasonsToLeave.begin(), kReasonsToLeave.end(), why);
  if (found == kReasonsToLeave.end()) return nullptr;
  std::optional<Counter>& counter =
      handles->evictions[static_cast<size_t>(found - kReasonsToLeave.begin())];
  if (!counter.has_value()) {
    counter =
        Of(kEvictions, kEvictionsHelp, {{"category", handles->name}, {"reason", std::string(why)}});
  }
  return &*counter;
}

void CacheMetrics::AddCategory(const std::string& category) {
  MutexLock lock(&mutex_);
  PerCategory& handles = HandlesOf(category);
  for (const Outcome outcome : {Outcome::kHitExact, Outcome::kHitSemantic, Outcome::kBypass}) {
    LookupsOf(&handles, outcome, MissReason::kNone);
  }
  for (const MissReason reason :
       {MissReason::kNoCandidate, MissReason::kBelowThreshold, MissReason::kExpired,
        MissReason::kGuard, MissReason::kWarming, MissReason::kRejected, MissReason::kNotComparable,
        MissReason::kFeedback, MissReason::kAudit, MissReason::kVerifier}) {
    LookupsOf(&handles, Outcome::kMiss, reason);
  }
  for (const std::string_view result : kResults) InsertsOf(&handles, result);
  for (const std::string_view why : kReasonsToLeave) EvictionsOf(&handles, why);
  ConflictsOf(category);
}

void CacheMetrics::CountLookup(const LookupResult& result, absl::Duration took) {
  const CategoryCosts costs = CostsOf(result, took);
  MutexLock lock(&mutex_);
  PerCategory& handles = HandlesOf(result.category);
  LookupsOf(&handles, result.outcome, result.miss_reason).Add();
  std::optional<Histogram>& seconds = handles.lookup_seconds[static_cast<size_t>(result.outcome)];
  if (!seconds.has_value()) {
    seconds = metrics_->AddLatency("semcached_lookup_duration_seconds",
                                   "Time in the cache of a lookup, by outcome.",
                                   {{"category", handles.name}, {"outcome", Name(result.outcome)}});
  }
  seconds->Observe(absl::ToDoubleSeconds(took));
  handles.costs += costs;
  if (result.answered_by.empty()) return;
  auto answered = handles.answered_by.find(result.answered_by);
  if (answered == handles.answered_by.end()) {
    const Counter counter = Of(kAnsweredBy, kAnsweredByHelp,
                               {{"category", handles.name}, {"structure", result.answered_by}});
    answered = handles.answered_by.emplace(result.answered_by, counter).first;
  }
  answered->second.Add();
}

void CacheMetrics::CountModelLatency(std::string_view category, absl::Duration latency) {
  MutexLock lock(&mutex_);
  CategoryCosts& costs = HandlesOf(category).costs;
  ++costs.model_answers;
  costs.model_time += latency;
}

void CacheMetrics::CountLookupError(std::string_view category, std::string_view code) {
  Of(kLookups, kLookupsHelp,
     {{"category", LabelOf(category)}, {"outcome", "error"}, {"reason", std::string(code)}})
      .Add();
}

void CacheMetrics::CountLockWaits(absl::Span<const absl::Duration> waits) {
  for (const absl::Duration wait : waits) {
    lock_wait_.Observe(absl::ToDoubleSeconds(wait));
    int64_t longest = longest_nanoseconds_;
    const int64_t nanoseconds = absl::ToInt64Nanoseconds(wait);
    while (nanoseconds > longest &&
           !longest_nanoseconds_.compare_exchange_weak(longest, nanoseconds)) {
    }
    // Of two at once the shorter may be set last; SetGauges puts that right.
    if (nanoseconds > longest) longest_lock_wait_.Set(absl::ToDoubleSeconds(wait));
  }
}

void CacheMetrics::CountRejected(std::string_view category, std::string_view reason) {
  Of("semcached_candidate_rejected_total",
     "Candidates that the index proposed and the document refused, by reason.",
     {{"category", LabelOf(category)}, {"reason", std::string(reason)}})
      .Add();
}

void CacheMetrics::CountInsert(std::string_view category, std::string_view result,
                               absl::Duration took) {
  MutexLock lock(&mutex_);
  PerCategory& handles = HandlesOf(category);
  if (Counter* const counter = InsertsOf(&handles, result)) counter->Add();
  auto seconds = handles.insert_seconds.find(result);
  if (seconds == handles.insert_seconds.end()) {
    const Histogram histogram = metrics_->AddLatency(
        "semcached_insert_duration_seconds", "Time in the cache of an insert, by result.",
        {{"category", handles.name}, {"result", std::string(result)}});
    seconds = handles.insert_seconds.emplace(result, histogram).first;
  }
  seconds->second.Observe(absl::ToDoubleSeconds(took));
}

void CacheMetrics::CountEvicted(std::string_view category, std::string_view why, int64_t count) {
  MutexLock lock(&mutex_);
  if (Counter* const counter = EvictionsOf(&HandlesOf(category), why)) {
    counter->Add(static_cast<double>(count));
  }
}

void CacheMetrics::CountFeedback(std::string_view category, std::string_view verdict) {
  Of("semcached_feedback_total", "Feedback on answers, by verdict.",
     {{"category", LabelOf(category)}, {"verdict", std::string(verdict)}})
      .Add();
}

void CacheMetrics::CountVerified(std::string_view category, std::string_view mode,
                                 std::string_view decision) {
  Of("semcached_verifications_total",
     "Candidates that a verifier judged, by what it made of them beside the similarity.",
     {{"category", LabelOf(category)},
      {"mode", std::string(mode)},
      {"decision", std::string(decision)}})
      .Add();
}

Counter CacheMetrics::ConflictsOf(std::string_view category) const {
  return Of(
      "semcached_conflicting_answers_total",
      "Inserted answers that say something else than one that would be served for their query.",
      {{"category", std::string(category)}});
}

void CacheMetrics::CountConflict(std::string_view category) { ConflictsOf(category).Add(); }

void CacheMetrics::CountAudit(std::string_view category, std::string_view verdict) {
  Of("semcached_audits_total", "Answers compared with a fresh one, by what came of it.",
     {{"category", LabelOf(category)}, {"verdict", std::string(verdict)}})
      .Add();
}

void CacheMetrics::CountRecovered(std::string_view outcome, int64_t count) {
  Of("semcached_recovery_entries_total", "Entries read from the store, by what became of them.",
     {{"outcome", std::string(outcome)}})
      .Add(static_cast<double>(count));
}

void CacheMetrics::CountWait(const char* end, absl::Duration waited) {
  metrics_
      ->AddHistogram("semcached_lease_wait_seconds",
                     "Waits for an answer that another caller computes, by how they ended.",
                     WaitBounds(), {{"end", end}})
      .Observe(absl::ToDoubleSeconds(waited));
}

void CacheMetrics::CountStoreError(std::string_view operation) {
  Of("semcached_store_errors_total", "Operations of the store that failed.",
     {{"op", std::string(operation)}})
      .Add();
}

void CacheMetrics::CountCompared(int64_t count) {
  Of("semcached_compared_entries_total",
     "Documents and entries of memory that were looked up on the other side, to find differences.",
     {})
      .Add(static_cast<double>(count));
}

void CacheMetrics::CountRepaired(Divergence divergence, int64_t count) {
  Of("semcached_divergence_repaired_total",
     "Entries by which memory and store differed, and no longer do, by direction.",
     {{"direction", Name(divergence)}})
      .Add(static_cast<double>(count));
}

void CacheMetrics::SetStoreState(StoreState state) {
  for (const StoreState each : {StoreState::kOk, StoreState::kDiskFull, StoreState::kFailing}) {
    metrics_
        ->AddGauge("semcached_store_state",
                   "1 for the present state: ok, disk_full (disk_limit or the disk itself) or "
                   "failing (the last write failed).",
                   {{"state", Name(each)}})
        .Set(each == state ? 1 : 0);
  }
}

void CacheMetrics::SetRecoveryTime(absl::Duration took) {
  metrics_->AddGauge("semcached_recovery_duration_seconds", "Of the last reading of the store.")
      .Set(absl::ToDoubleSeconds(took));
}

void CacheMetrics::SetGauges(const CacheStats& stats, const CacheOptions& options) {
  longest_lock_wait_.Set(static_cast<double>(longest_nanoseconds_) * 1e-9);
  for (const auto& [category, counts] : stats.categories) {
    MutexLock lock(&mutex_);
    std::optional<Gauges>& gauges = HandlesOf(category).gauges;
    if (!gauges.has_value()) gauges = GaugesOf(category);
    gauges->entries.Set(static_cast<double>(counts.entries));
    gauges->graph_entries.Set(static_cast<double>(counts.graph_entries));
    gauges->memory_bytes.Set(static_cast<double>(counts.memory_bytes));
    gauges->disk_bytes.Set(static_cast<double>(counts.disk_bytes));
  }
  for (const auto& [component, bytes] : stats.memory_bytes) {
    metrics_
        ->AddGauge("semcached_memory_bytes", "Memory held, by component.",
                   {{"component", component}})
        .Set(static_cast<double>(bytes));
  }
  metrics_->AddGauge("semcached_leases", "Missing answers that callers compute under a lease.")
      .Set(static_cast<double>(stats.leases.held));
  metrics_->AddGauge("semcached_lease_waiters", "Lookups that wait for such an answer.")
      .Set(static_cast<double>(stats.leases.waiters));
  {
    MutexLock lock(&mutex_);
    for (const auto& [end, count] : stats.leases.ended) {
      int64_t& counted = leases_ended_[end];
      Of("semcached_leases_ended_total", "Leases that have ended, by how.", {{"end", end}})
          .Add(static_cast<double>(count - counted));
      counted = count;
    }
  }
  metrics_->AddGauge("semcached_memory_limit_bytes", "The memory budget.")
      .Set(static_cast<double>(options.memory_limit_bytes));
  metrics_->AddGauge("semcached_store_entries", "Entries on disk, roughly.")
      .Set(static_cast<double>(stats.store_entries));
  metrics_->AddGauge("semcached_disk_bytes", "Disk taken by the store.")
      .Set(static_cast<double>(stats.disk_bytes));
  for (const auto& [part, bytes] : stats.disk_part_bytes) {
    metrics_
        ->AddGauge("semcached_disk_part_bytes",
                   "Disk taken, by part: of the store the two halves of documents, the log, other; "
                   "graphs.",
                   {{"part", part}})
        .Set(static_cast<double>(bytes));
  }
  metrics_->AddGauge("semcached_disk_limit_bytes", "The disk budget.")
      .Set(static_cast<double>(options.disk_limit_bytes));
  metrics_->AddGauge("semcached_warm_ratio", "Share of stored entries that lookups can find.")
      .Set(stats.warm_ratio);
}

CacheMetrics::Gauges CacheMetrics::GaugesOf(const std::string& category) {
  const MetricLabels labels = {{"category", category}};
  return {
      metrics_->AddGauge("semcached_index_entries", "Entries that lookups can find.", labels),
      metrics_->AddGauge("semcached_index_graph_entries", "Entries that a graph covers.", labels),
      metrics_->AddGauge("semcached_category_memory_bytes", "Memory charged to a category.",
                         labels),
      metrics_->AddGauge("semcached_category_disk_bytes", "Disk charged to a category.", labels)};
}

CostsByCategory CacheMetrics::Costs() const {
  CostsByCategory costs;
  MutexLock lock(&mutex_);
  for (const auto& [name, handles] : categories_) {
    if (name != kNoCategory) costs.emplace(name, handles.costs);
  }
  return costs;
}

void CacheMetrics::FillCounts(const std::string& category, CategoryCounts* counts) const {
  const auto count = [](const std::optional<Counter>& counter) {
    return counter.has_value() ? static_cast<int64_t>(counter->Value()) : 0;
  };
  MutexLock lock(&mutex_);
  const auto found = categories_.find(category);
  if (found == categories_.end()) return;
  const PerCategory& handles = found->second;
  const auto all = [&](Outcome outcome) {
    int64_t sum = 0;
    for (const auto& counter : handles.lookups[static_cast<size_t>(outcome)]) {
      sum += count(counter);
    }
    return sum;
  };
  counts->costs = handles.costs;
  counts->hits_exact = all(Outcome::kHitExact);
  counts->hits_semantic = all(Outcome::kHitSemantic);
  counts->bypasses = all(Outcome::kBypass);
  const auto& misses = handles.lookups[static_cast<size_t>(Outcome::kMiss)];
  for (size_t reason = 0; reason < misses.size(); ++reason) {
    const int64_t missed = count(misses[reason]);
    if (missed > 0) counts->misses[Name(static_cast<MissReason>(reason))] = missed;
  }
  for (const auto& [structure, counter] : handles.answered_by) {
    counts->answered_by[structure] = static_cast<int64_t>(counter.Value());
  }
  counts->inserts = count(handles.inserts[kStored]) + count(handles.inserts[kReplaced]);
  counts->evictions = count(handles.evictions[kForQuota]) + count(handles.evictions[kForBudget]);
  counts->expiries = count(handles.evictions[kByTime]);
}

}  // namespace semcached
