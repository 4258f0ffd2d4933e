#include "cache/category_cache.h"

#include <absl/strings/str_cat.h>

#include <algorithm>

#include "semcached/base/status.h"

namespace semcached {
namespace {

// Embedders change now and then; a caller that invents an identity a request must not fill memory.
constexpr ptrdiff_t kMaxForeignIdentities = 8;

bool SameIndex(const IndexPolicy& a, const IndexPolicy& b) {
  return a.type == b.type && a.m == b.m && a.ef_construction == b.ef_construction &&
         a.ef_search == b.ef_search;
}

bool SharesOneOrder(const CategoryPolicy& policy) { return policy.quota.max_namespace_share >= 1; }

// Only the classifier needs these, and of thousands of categories each copy counts.
CategoryPolicy WithoutTexts(CategoryPolicy policy) {
  policy.description = "";
  policy.examples = {};
  return policy;
}

size_t BytesOf(const EntryMeta& meta) {
  return static_cast<size_t>(meta.cost.memory + meta.cost.disk);
}

}  // namespace

CategoryCache::CategoryCache(const CategoryPolicy& policy,
                             std::shared_ptr<const std::set<std::string>> identities,
                             SharedUsage* total, Executor* builds, const KeptGraphs* graphs)
    : name_(policy.category),
      own_identities_(std::move(identities)),
      total_(total),
      builds_(builds),
      graphs_(graphs),
      index_policy_(policy.index),
      policy_(WithoutTexts(policy)),
      order_(MakeEvictionOrder(policy.eviction)) {}

bool CategoryCache::SetPolicy(const CategoryPolicy& policy) {
  {
    MutexLock lock(&mutex_);
    const bool reorder =
        policy.eviction != policy_.eviction || SharesOneOrder(policy) != SharesOneOrder(policy_);
    policy_ = WithoutTexts(policy);
    if (reorder) Reorder();
  }
  WriterLock lock(&indexes_mutex_);
  if (SameIndex(index_policy_, policy.index)) return false;
  index_policy_ = policy.index;
  const bool had_vectors = !indexes_.empty();
  indexes_.clear();
  return had_vectors;
}

absl::Status CategoryCache::Admit(const EntryMeta& meta, const Embedding& embedding) {
  if (!embedding.values.empty()) {
    ASSIGN_OR_RETURN(const std::shared_ptr<VectorIndex> index,
                     MakeIndexOf(embedding.identity, embedding.values.size()));
    if (!index->Contains(meta.id)) {
      absl::Status status = index->Insert(meta.id, meta.scope, embedding.values);
      // Recovery and the insert itself may both bring an entry in; either is right.
      if (!status.ok() && !absl::IsAlreadyExists(status)) return status;
    }
  }
  MutexLock lock(&mutex_);
  if (!entries_.Emplace(meta.id, meta).second) return absl::OkStatus();
  Count(meta.cost);
  namespaces_[meta.namespace_hash].usage += meta.cost;
  OrderOf(meta).Insert(meta.id, BytesOf(meta), meta.saved_seconds);
  by_last_use_.emplace(meta.last_use, meta.id);
  if (meta.caller_ttl != absl::InfiniteDuration()) {
    by_caller_end_.emplace(meta.birth + meta.caller_ttl, meta.id);
  }
  return absl::OkStatus();
}

std::optional<EntryMeta> CategoryCache::Find(EntryId id) const {
  MutexLock lock(&mutex_);
  const EntryMeta* const found = entries_.Find(id);
  return found == nullptr ? std::nullopt : std::optional<EntryMeta>(*found);
}

bool CategoryCache::NeedsVector(EntryId id, const std::string& identity) const {
  {
    MutexLock lock(&mutex_);
    if (!entries_.contains(id)) return false;
  }
  const std::shared_ptr<VectorIndex> index = IndexOf(identity);
  return index == nullptr || !index->Contains(id);
}

bool CategoryCache::Holds(const EntryMeta& meta, const Embedding& embedding) const {
  const std::optional<EntryMeta> held = Find(meta.id);
  if (!held.has_value() || held->scope != meta.scope ||
      held->namespace_hash != meta.namespace_hash || held->exact_key != meta.exact_key) {
    return false;
  }
  if (embedding.values.empty()) return true;
  const std::shared_ptr<VectorIndex> index = IndexOf(embedding.identity);
  return index != nullptr && index->Holds(meta.id, meta.scope, embedding.values);
}

void CategoryCache::Touch(EntryId id, MonotonicTime now) {
  MutexLock lock(&mutex_);
  EntryMeta* const found = entries_.Find(id);
  if (found == nullptr) return;
  EntryMeta& meta = *found;
  OrderOf(meta).Touch(id);
  if (policy_.ttl_mode != TtlMode::kSliding) return;
  by_last_use_.erase({meta.last_use, id});
  by_last_use_.emplace(now, id);
  meta.last_use = now;
}

bool CategoryCache::ClaimStale(EntryId id) {
  MutexLock lock(&mutex_);
  EntryMeta* const found = entries_.Find(id);
  if (found == nullptr || found->served_stale) return false;
  found->served_stale = true;
  return true;
}

std::optional<EntryMeta> CategoryCache::Remove(EntryId id) {
  {
    ReaderLock lock(&indexes_mutex_);
    for (const auto& [identity, named] : indexes_) named.index->Erase(id);
  }
  MutexLock lock(&mutex_);
  const EntryMeta* const found = entries_.Find(id);
  if (found == nullptr) return std::nullopt;
  const EntryMeta meta = *found;
  OrderOf(meta).Erase(id);
  by_last_use_.erase({meta.last_use, id});
  by_caller_end_.erase({meta.birth + meta.caller_ttl, id});
  const Usage freed = -meta.cost;
  Count(freed);
  const auto space = namespaces_.find(meta.namespace_hash);
  space->second.usage += freed;
  if (space->second.usage.entries == 0) namespaces_.erase(space);
  entries_.Erase(id);
  return meta;
}

SearchResult CategoryCache::Search(const std::string& identity, const Hash128& scope,
                                   absl::Span<const float> query, float min_similarity,
                                   size_t limit) const {
  const std::shared_ptr<VectorIndex> index = IndexOf(identity);
  return index == nullptr ? SearchResult() : index->Search(scope, query, min_similarity, limit);
}

size_t CategoryCache::DimensionOf(const std::string& identity) const {
  ReaderLock lock(&indexes_mutex_);
  const auto found = indexes_.find(identity);
  return found == indexes_.end() ? 0 : found->second.dimension;
}

std::optional<EntryId> CategoryCache::VictimFor(const Usage& more, const Hash128& namespace_hash) {
  MutexLock lock(&mutex_);
  if (!SharesOneOrder(policy_)) {
    const auto space = namespaces_.find(namespace_hash);
    if (space != namespaces_.end() &&
        ExceedsNamespaceShare(space->second.usage + more, policy_.quota)) {
      return space->second.order->Victim();
    }
  }
  if (!ExceedsQuota(usage_ + more, policy_.quota)) return std::nullopt;
  return VictimOfAll();
}

std::optional<EntryId> CategoryCache::VictimOverQuota() {
  MutexLock lock(&mutex_);
  if (ExceedsQuota(usage_, policy_.quota)) return VictimOfAll();
  if (SharesOneOrder(policy_)) return std::nullopt;
  for (auto& [hash, space] : namespaces_) {
    if (ExceedsNamespaceShare(space.usage, policy_.quota)) return space.order->Victim();
  }
  return std::nullopt;
}

std::optional<EntryId> CategoryCache::Victim() {
  MutexLock lock(&mutex_);
  return VictimOfAll();
}

std::optional<EntryId> CategoryCache::VictimOfAll() {
  if (SharesOneOrder(policy_)) return order_->Victim();
  const auto largest =
      std::max_element(namespaces_.begin(), namespaces_.end(), [](const auto& a, const auto& b) {
        return a.second.usage.memory + a.second.usage.disk <
               b.second.usage.memory + b.second.usage.disk;
      });
  return largest == namespaces_.end() ? std::nullopt : largest->second.order->Victim();
}

bool CategoryCache::Fits(const Usage& more) const {
  MutexLock lock(&mutex_);
  return !ExceedsQuota(more, policy_.quota) && !ExceedsNamespaceShare(more, policy_.quota);
}

std::vector<EntryId> CategoryCache::Expired(MonotonicTime now, size_t limit) {
  std::vector<EntryId> expired;
  MutexLock lock(&mutex_);
  for (const auto& [end, id] : by_caller_end_) {
    if (end > now || expired.size() >= limit) break;
    expired.push_back(id);
  }
  const absl::Duration retention = LongestTtl(policy_);
  for (const auto& [last_use, id] : by_last_use_) {
    if (now - last_use < retention || expired.size() >= limit) break;
    expired.push_back(id);
  }
  return expired;
}

std::vector<EntryId> CategoryCache::AllIds() const {
  MutexLock lock(&mutex_);
  std::vector<EntryId> ids;
  ids.reserve(entries_.size());
  entries_.ForEach([&](EntryId id, const EntryMeta& /*meta*/) { ids.push_back(id); });
  return ids;
}

bool CategoryCache::SomeIds(size_t count, size_t* place, std::vector<EntryId>* ids) const {
  const size_t enough = ids->size() + count;
  MutexLock lock(&mutex_);
  while (*place < entries_.parts() && ids->size() < enough) {
    entries_.ForEachOfPart((*place)++,
                           [&](EntryId id, const EntryMeta& /*meta*/) { ids->push_back(id); });
  }
  return *place < entries_.parts();
}

Usage CategoryCache::usage() const {
  MutexLock lock(&mutex_);
  return usage_;
}

IndexStats CategoryCache::index_stats() const {
  IndexStats sum;
  ReaderLock lock(&indexes_mutex_);
  for (const auto& [identity, named] : indexes_) {
    const IndexStats stats = named.index->Stats();
    sum.entry_count += stats.entry_count;
    sum.scope_count += stats.scope_count;
    sum.graph_entry_count += stats.graph_entry_count;
    sum.graph_count += stats.graph_count;
    sum.memory_bytes += stats.memory_bytes;
    sum.builds_completed += stats.builds_completed;
    sum.graph_file_bytes += stats.graph_file_bytes;
  }
  return sum;
}

std::set<std::string> CategoryCache::Identities() const {
  std::set<std::string> identities;
  ReaderLock lock(&indexes_mutex_);
  for (const auto& [identity, named] : indexes_) identities.insert(identity);
  return identities;
}

void CategoryCache::Reserve(const Usage& usage) {
  MutexLock lock(&mutex_);
  Count(usage);
}

void CategoryCache::Release(const Usage& usage) {
  MutexLock lock(&mutex_);
  Count(-usage);
}

void CategoryCache::Retire() {
  MutexLock lock(&mutex_);
  policy_.quota.guaranteed_share = 0;
}

double CategoryCache::guaranteed_share() const {
  MutexLock lock(&mutex_);
  return policy_.quota.guaranteed_share;
}

int64_t CategoryCache::MemoryCostOf(size_t dimension) const {
  ReaderLock lock(&indexes_mutex_);
  return EntryMemoryCost(dimension, index_policy_);
}

void CategoryCache::Maintain() {
  std::vector<std::shared_ptr<VectorIndex>> indexes;
  {
    ReaderLock lock(&indexes_mutex_);
    for (const auto& [identity, named] : indexes_) indexes.push_back(named.index);
  }
  for (const auto& index : indexes) index->Maintain();  // may ask the disk
}

std::shared_ptr<VectorIndex> CategoryCache::IndexOf(const std::string& identity) const {
  ReaderLock lock(&indexes_mutex_);
  const auto found = indexes_.find(identity);
  return found == indexes_.end() ? nullptr : found->second.index;
}

absl::StatusOr<std::shared_ptr<VectorIndex>> CategoryCache::MakeIndexOf(const std::string& identity,
                                                                        size_t dimension) {
  if (auto index = IndexOf(identity)) return index;
  WriterLock lock(&indexes_mutex_);
  const auto found = indexes_.find(identity);
  if (found != indexes_.end()) return found->second.index;
  if (!own_identities_->contains(identity) && HoldsManyIdentities()) {
    // What no entry is left of need not be kept.
    std::erase_if(indexes_,
                  [](const auto& named) { return named.second.index->Stats().entry_count == 0; });
    if (HoldsManyIdentities()) {
      return absl::ResourceExhaustedError(
          absl::StrCat("the category holds vectors of ", kMaxForeignIdentities,
                       " embedding identities of callers' own already; use a configured one"));
    }
  }
  IndexOptions options;
  options.type = index_policy_.type;
  options.dimension = dimension;
  options.m = index_policy_.m;
  options.ef_construction = index_policy_.ef_construction;
  options.ef_search = index_policy_.ef_search;
  graphs_->Keep(name_, identity, &options);
  std::shared_ptr<VectorIndex> index = MakeVectorIndex(options, builds_);
  indexes_[identity] = {index, dimension};
  return index;
}

bool CategoryCache::HoldsManyIdentities() const {
  return std::count_if(indexes_.begin(), indexes_.end(), [this](const auto& named) {
           return !own_identities_->contains(named.first);
         }) >= kMaxForeignIdentities;
}

EvictionOrder& CategoryCache::OrderOf(const EntryMeta& meta) {
  if (SharesOneOrder(policy_)) return *order_;
  NamespaceEntries& space = namespaces_[meta.namespace_hash];
  if (space.order == nullptr) space.order = MakeEvictionOrder(policy_.eviction);
  return *space.order;
}

void CategoryCache::Count(const Usage& more) {
  usage_ += more;
  total_->Add(more);
}

void CategoryCache::Reorder() {
  order_ = MakeEvictionOrder(policy_.eviction);
  for (auto& [hash, space] : namespaces_) space.order = nullptr;
  // Oldest use first, so that a list-like order starts out right; what was learned of frequency
  // starts anew.
  for (const auto& [last_use, id] : by_last_use_) {
    const EntryMeta& meta = *entries_.Find(id);
    OrderOf(meta).Insert(id, BytesOf(meta), meta.saved_seconds);
  }
}

}  // namespace semcached
