// What goes on beside requests: recovery at a start, following the policies, expiry, budgets.

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "cache/cache_metrics.h"
#include "cache/category_cache.h"
#include "cache/exact_keys.h"
#include "cache/held_builds.h"
#include "cache/kept_graphs.h"
#include "cache/pending_erasures.h"
#include "semcached/base/log.h"
#include "semcached/base/status.h"
#include "semcached/cache/semantic_cache.h"

namespace semcached {
namespace {

// A mass expiry is spread over several ticks, so that no tick is long.
constexpr size_t kExpiriesPerTick = 2000;

// Entries of a category that is configured no more are kept, unserved, in case it comes back.
constexpr absl::Duration kOrphanRetention = absl::Hours(24 * 30);

// Fewer are read before further threads are of any use.
constexpr int64_t kEntriesAThread = 5'000;

// Reading and checking go on side by side, admitting does not: threads that meet at the locks of an
// index with every entry are slower than one.
constexpr size_t kAdmittedAtOnce = 64;

// While memory is short, the share of themselves that caches keep, and of what they take that
// entries keep each tick.
constexpr double kYieldingCaches = 0.125;
constexpr double kLessATick = 0.95;
// Entries keep this share of their budget: they would be gone for good where a neighbour stays.
constexpr double kLeastShare = 1.0 / 16;

// Once the disk budget is reached, inserts resume below this share of it.
constexpr double kDiskResume = 0.95;

}  // namespace

bool SemanticCache::FollowPolicies() {
  const PoliciesPtr policies = parts_.policies->Current();
  bool needs_recovery = false;
  const auto identities = std::make_shared<std::set<std::string>>();
  for (const auto& [name, embedder] : parts_.embedders) identities->insert(embedder->identity());
  {
    WriterLock lock(&categories_mutex_);
    for (const auto& [name, in_force] : policies->categories) {
      std::shared_ptr<CategoryCache>& category = categories_[name];
      metrics_->AddCategory(name);
      if (category == nullptr) {
        category = std::make_shared<CategoryCache>(in_force.configured, identities, usage_.get(),
                                                   builds_.get(), kept_graphs_.get());
        needs_recovery = true;
      } else if (category->SetPolicy(in_force.configured)) {
        needs_recovery = true;
      }
      if (needs_recovery) builds_->Hold();
    }
  }
  for (const auto& [name, category] : AllCategories()) {
    const CategoryInForce* in_force = policies->Find(name);
    if (in_force == nullptr) category->Retire();
    if (in_force == nullptr || in_force->configured.allow_caching) continue;
    // It was cached before: from now on nothing of it is kept.
    const std::vector<EntryId> ids = category->AllIds();
    for (const EntryId id : ids) RemoveFromMemory(category.get(), name, id);
    EraseFromStore(ids).IgnoreError();  // tried again by the tick
  }
  // The rule counts time from the start on the monotonic clock, and takes the wall clock only where
  // that is behind: a clock that jumps ahead drops nothing early.
  const auto rule =
      [policies, clock = parts_.clock, wall = wall_at_start_, monotonic = monotonic_at_start_](
          std::string_view category, absl::Time inserted, std::optional<absl::Duration> ttl) {
        const absl::Time now = std::min(clock->Wall(), wall + (clock->Monotonic() - monotonic));
        const absl::Duration caller_ttl = ttl.value_or(absl::InfiniteDuration());
        const CategoryInForce* in_force = policies->Find(category);
        const absl::Duration retention = in_force == nullptr
                                             ? std::min(caller_ttl, kOrphanRetention)
                                             : RetentionOf(in_force->configured, caller_ttl);
        return now - inserted >= retention;
      };
  parts_.store->SetExpiryRule(rule);
  return needs_recovery;
}

absl::Status SemanticCache::Recover(const std::atomic<bool>& stop) {
  recovering_ = true;
  const int64_t hold = builds_->Hold();
  absl::Status status = ReadStore(stop);
  recovering_ = false;
  // Some may be missing, or was taken out by a reload meanwhile and is to be read again.
  if (!status.ok() || !builds_->IsLast(hold)) return status;
  RemoveStaleGraphs();
  builds_->LetGo(hold);
  return status;
}

void SemanticCache::RemoveStaleGraphs() const {
  std::map<std::string, std::set<std::string>> wanted;
  for (const auto& [name, category] : AllCategories()) {
    std::set<std::string> identities = category->Identities();
    if (!identities.empty()) wanted[name] = std::move(identities);
  }
  kept_graphs_->RemoveAllBut(wanted);
}

absl::Status SemanticCache::ReadStore(const std::atomic<bool>& stop) {
  if (!pairs_recovered_) RETURN_IF_ERROR(RecoverBlockedPairs());
  const MonotonicTime started = parts_.clock->Monotonic();
  const PoliciesPtr policies = parts_.policies->Current();
  recovered_ = 0;
  const auto most = static_cast<int64_t>(std::max<size_t>(1, options_.recovery_threads));
  const std::vector<IdRange> ranges = SplitIds(static_cast<size_t>(
      std::clamp<int64_t>(parts_.store->EstimatedEntries() / kEntriesAThread, 1, most)));
  std::vector<RecoveredPart> parts(ranges.size());
  {
    ThreadPool others("recovery", ranges.size() - 1, ranges.size());
    for (size_t i = 1; i < ranges.size(); ++i) {
      const bool taken =
          others.Submit([&, i] { parts[i] = RecoverRange(*policies, ranges[i], stop); });
      if (!taken) parts[i] = RecoverRange(*policies, ranges[i], stop);
    }
    parts[0] = RecoverRange(*policies, ranges[0], stop);
  }
  RecoveredPart all;
  for (RecoveredPart& part : parts) all.Join(std::move(part));
  if (absl::IsDataLoss(all.status)) {
    // So damaged that trying again would find no more: what was found has to do.
    LogError("the store is damaged, not all of it was read", {{"why", all.status.message()}});
    metrics_->CountStoreError("scan");
  } else {
    RETURN_IF_ERROR(all.status);
  }
  if (stop) return absl::CancelledError("stopping");
  warm_ = true;
  const int64_t found = all.report.entries - static_cast<int64_t>(all.dead.size());
  metrics_->SetRecoveryTime(parts_.clock->Monotonic() - started);
  metrics_->CountRecovered("found", found);
  metrics_->CountRecovered("dropped_expired_or_replaced", static_cast<int64_t>(all.dead.size()));
  int64_t damaged = 0;
  for (const auto& [reason, count] : all.report.dropped) {
    metrics_->CountRecovered(absl::StrCat("dropped_", reason), count);
    damaged += count;
  }
  LogInfo("recovered", {{"entries", found},
                        {"dropped", all.dead.size()},
                        {"damaged", damaged},
                        {"seconds", absl::ToDoubleSeconds(parts_.clock->Monotonic() - started)}});
  all.dead.insert(all.dead.end(), all.report.damaged.begin(), all.report.damaged.end());
  EraseFromStore(all.dead).IgnoreError();  // tried again by the tick
  return absl::OkStatus();
}

void SemanticCache::RecoveredPart::Join(RecoveredPart other) {
  // Trying again helps where a part could not be read, but not where it is lost.
  if (status.ok() || (absl::IsDataLoss(status) && !other.status.ok())) status = other.status;
  report.entries += other.report.entries;
  for (const auto& [reason, count] : other.report.dropped) report.dropped[reason] += count;
  report.damaged.insert(report.damaged.end(), other.report.damaged.begin(),
                        other.report.damaged.end());
  dead.insert(dead.end(), other.dead.begin(), other.dead.end());
}

SemanticCache::RecoveredPart SemanticCache::RecoverRange(const Policies& policies,
                                                         const IdRange& range,
                                                         const std::atomic<bool>& stop) {
  RecoveredPart part;
  std::vector<EntryRecord> batch;
  const auto admit = [&] {
    MutexLock lock(&admission_mutex_);
    for (const EntryRecord& record : batch) AdmitRecovered(policies, record, &part.dead);
    recovered_ += static_cast<int64_t>(batch.size());
    batch.clear();
  };
  absl::StatusOr<ScanReport> report = parts_.store->Scan(range, [&](EntryRecord record) {
    batch.push_back(std::move(record));
    if (batch.size() >= kAdmittedAtOnce) admit();
    return !stop;
  });
  admit();
  part.status = report.status();
  if (report.ok()) part.report = *std::move(report);
  return part;
}

EntryMeta SemanticCache::MetaOf(const EntryRecord& record, const CategoryCache& category) const {
  const HashKey& key = parts_.store->hash_key();
  EntryMeta meta;
  meta.id = record.id;
  meta.scope = ScopeHash(key, record.scope);
  meta.namespace_hash = NamespaceHash(key, record.scope.namespace_name);
  meta.exact_key = record.exact_key;
  meta.birth = monotonic_at_start_ - AgeAcrossRuns(record.insert_time, wall_at_start_);
  meta.last_use = meta.birth;
  meta.caller_ttl = record.ttl.value_or(absl::InfiniteDuration());
  meta.cost = {1, category.MemoryCostOf(record.embedding.values.size()),
               static_cast<int64_t>(record.disk_bytes)};
  return meta;
}

void SemanticCache::AdmitRecovered(const Policies& policies, const EntryRecord& record,
                                   std::vector<EntryId>* dead) {
  const std::shared_ptr<CategoryCache> category = FindCategory(record.category);
  if (category == nullptr) return;  // kept unserved until its retention
  const bool known = category->Find(record.id).has_value();
  if (known && !category->NeedsVector(record.id, record.embedding.identity)) return;
  Admit(policies, category.get(), MetaOf(record, *category), record, dead);
}

void SemanticCache::Admit(const Policies& policies, CategoryCache* category, const EntryMeta& meta,
                          const EntryRecord& record, std::vector<EntryId>* dead) {
  const CategoryInForce* in_force = policies.Find(record.category);
  if (in_force == nullptr || pending_erasures_->Contains(record.id)) return;
  const bool known = category->Find(record.id).has_value();
  const EntryAge age = meta.AgeAt(parts_.clock->Monotonic());
  if (!in_force->configured.allow_caching ||
      (!known && age.since_insert >= RetentionOf(in_force->configured, meta.caller_ttl))) {
    dead->push_back(record.id);
    return;
  }
  if (absl::Status status = category->Admit(meta, record.embedding); !status.ok()) {
    LogWarning("an entry cannot be indexed",
               {{"category", record.category}, {"why", status.message()}});
    dead->push_back(record.id);
    return;
  }
  if (!known) {
    // Two documents of one key are an upsert that a crash cut short, or one that goes on beside
    // this: the newer one stands.
    const EntryId older =
        exact_keys_->Publish(record.exact_key, record.category, record.id, meta.birth);
    if (older != 0) {
      RemoveFromMemory(category, record.category, older);
      dead->push_back(older);
    }
  }
  // Deleted since it was read.
  if (pending_erasures_->Contains(record.id))
    RemoveFromMemory(category, record.category, record.id);
  if (!category->Find(record.id).has_value()) {
    exact_keys_->Retract(record.exact_key, record.category, record.id);
  }
}

double SemanticCache::WarmRatio() const {
  if (warm_) return 1;
  const int64_t all = parts_.store->EstimatedEntries();
  const auto found = static_cast<double>(recovered_);
  return all <= 0 ? 0 : std::min(0.99, found / static_cast<double>(all));
}

void SemanticCache::Tick() {
  if (const std::vector<EntryId> ids = pending_erasures_->Refused(); !ids.empty()) {
    const absl::Status erased = parts_.store->Erase(ids);
    NoteWrite(erased);
    if (erased.ok()) {
      pending_erasures_->End(ids, /*erased=*/true);
      metrics_->CountRepaired(Divergence::kDocumentWithoutIndex, static_cast<int64_t>(ids.size()));
    }
  }
  for (const auto& [name, category] : AllCategories()) {
    const std::vector<EntryId> expired =
        category->Expired(parts_.clock->Monotonic(), kExpiriesPerTick);
    for (const EntryId id : expired) RemoveFromMemory(category.get(), name, id);
    if (!expired.empty()) {
      metrics_->CountEvicted(name, "expired", static_cast<int64_t>(expired.size()));
      EraseFromStore(expired).IgnoreError();  // tried again by the next tick
    }
    if (!builds_->held()) category->Maintain();
  }
  const CacheStats stats = Stats();
  int64_t shared = 0;
  for (const char* component :
       {"leases", "lookup_ids", "recorded_lookups", "recent_embeddings", "store"}) {
    shared += stats.memory_bytes.at(component);
  }
  shared_memory_ = shared;
  AdjustEntryMemory();
  KeepBudgets();
  metrics_->SetGauges(stats, options_);
  metrics_->SetStoreState(StoreStateOf(disk_full_, last_write_));
}

int64_t SemanticCache::WholeEntryBudget() const {
  // A limit too small for the store's caches alone still leaves room for some entries.
  const int64_t least = options_.memory_limit_bytes / 4;
  return std::max(least, options_.memory_limit_bytes - shared_memory_);
}

int64_t SemanticCache::EntryMemoryBudget() const {
  return static_cast<int64_t>(memory_share_ * static_cast<double>(WholeEntryBudget()));
}

void SemanticCache::YieldMemory(MemoryStep step) {
  const double caches = step >= MemoryStep::kShrinkCaches ? kYieldingCaches : 1;
  parts_.store->SetCacheShare(caches);
  parts_.recent_embeddings->SetShare(caches);
  memory_step_ = step;
}

void SemanticCache::AdjustEntryMemory() {
  // What a start has yet to find is not to be erased for what it has found so far.
  if (memory_step_ < MemoryStep::kEvict || !warm_) {
    memory_share_ = 1;
    return;
  }
  // Of what they take now: to lower a budget that is far from used would free nothing.
  const double taken =
      static_cast<double>(usage_->Get().memory) / static_cast<double>(WholeEntryBudget());
  memory_share_ = std::clamp(taken * kLessATick, kLeastShare, 1.0);
}

// A smaller quota after a reload, and what the files take beyond the documents in them.
void SemanticCache::KeepBudgets() {
  std::vector<EntryId> evicted;
  {
    MutexLock lock(&room_mutex_);
    for (const auto& [name, category] : AllCategories()) {
      while (const auto victim = category->VictimOverQuota()) {
        RemoveFromMemory(category.get(), name, *victim);
        metrics_->CountEvicted(name, "quota", 1);
        evicted.push_back(*victim);
      }
    }
    // Nothing is waiting for the room.
    MakeRoomAmongAll("", Usage(), options_.disk_limit_bytes, &evicted).IgnoreError();
  }
  if (!evicted.empty()) EraseFromStore(std::exchange(evicted, {})).IgnoreError();
  const auto limit = static_cast<double>(options_.disk_limit_bytes);
  const auto used = static_cast<double>(parts_.store->DiskBytes());
  if (used >= limit && !disk_full_) {
    disk_full_ = true;
    LogWarning("disk_limit is reached: inserts are refused until compaction makes room",
               {{"disk_bytes", used}, {"disk_limit_bytes", limit}});
  }
  if (!disk_full_) return;
  if (used < kDiskResume * limit) {
    disk_full_ = false;
    LogInfo("disk is below disk_limit again: inserts resume", {{"disk_bytes", used}});
    return;
  }
  // Until all is read the documents are not all counted; and while erasing fails, taking more of
  // them out of memory frees nothing.
  if (!warm_ || !pending_erasures_->Refused().empty()) return;
  // Documents count without what their files take in addition, so some more of them must go, but
  // never more than half: what else fills the files is not theirs.
  {
    MutexLock lock(&room_mutex_);
    int64_t documents = 0;
    for (const auto& [name, category] : AllCategories()) documents += category->usage().disk;
    const int64_t target =
        std::max(documents - options_.disk_limit_bytes / 20, options_.disk_limit_bytes / 2);
    MakeRoomAmongAll("", Usage(), target, &evicted).IgnoreError();
  }
  if (!evicted.empty() && !EraseFromStore(evicted).ok()) return;
  if (!parts_.store->Compact().ok()) metrics_->CountStoreError("compact");
}

}  // namespace semcached
