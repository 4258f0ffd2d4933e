// Compares memory with the store, some entries at a time, and repairs what differs.

#include "cache/comparison.h"

#include <absl/status/status.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "cache/cache_metrics.h"
#include "cache/category_cache.h"
#include "cache/exact_keys.h"
#include "cache/pending_erasures.h"
#include "semcached/base/log.h"
#include "semcached/cache/semantic_cache.h"

namespace semcached {
namespace {

// At once: few, or as many as make a pass in an hour.
constexpr int64_t kLeastCompared = 64;
constexpr int64_t kCallsOfAPass = 3600;
// A slow disk ends a call sooner.
constexpr absl::Duration kMostTime = absl::Milliseconds(50);

}  // namespace

void SemanticCache::CompareSome() {
  // Who reads the store anew, or deletes by what it reads, is ahead of memory or behind it.
  if (!warm_ || recovering_ || invalidating_) {
    comparison_->out_of_place.clear();
    return;
  }
  const int64_t count = std::max(kLeastCompared, parts_.store->EstimatedEntries() / kCallsOfAPass);
  const Call time(*parts_.clock, parts_.clock->Monotonic() + kMostTime);
  PutInPlace(time);
  CompareStored(count);
  CompareRemembered(static_cast<size_t>(count), time);
}

bool SemanticCache::IsInPlace(const Policies& policies, const EntryRecord& record) const {
  const CategoryInForce* in_force = policies.Find(record.category);
  const std::shared_ptr<CategoryCache> category = FindCategory(record.category);
  if (in_force == nullptr || category == nullptr) return true;  // kept unserved
  if (pending_erasures_->Contains(record.id)) return true;      // the tick's
  if (!category->Holds(MetaOf(record, *category), record.embedding)) return false;
  const ExactKeys::FoundList keys = exact_keys_->Find(record.exact_key);
  return std::any_of(keys.begin(), keys.end(), [&](const ExactKeys::Found& found) {
    return found.id == record.id && found.category == record.category;
  });
}

void SemanticCache::CompareStored(int64_t count) {
  const PoliciesPtr policies = parts_.policies->Current();
  IdRange range;
  range.first = comparison_->next;
  EntryId last = 0;
  int64_t left = count;
  const auto report = parts_.store->Scan(range, [&](const EntryRecord& record) {
    last = std::max(last, record.id);
    if (!IsInPlace(*policies, record)) comparison_->out_of_place.push_back(record.id);
    return --left > 0;
  });
  // From the beginning again once the end is reached, and where the store cannot be read.
  comparison_->next = report.ok() && left == 0 ? last + 1 : 0;
  if (!report.ok()) {
    metrics_->CountStoreError("scan");
    return;
  }
  metrics_->CountCompared(report->entries);
  if (!report->dropped.empty()) metrics_->CountStoreError("scan");
  for (const EntryId id : report->damaged) Remove(id).IgnoreError();  // tried again by the tick
}

void SemanticCache::PutInPlace(const Call& time) {
  // What an insert, a deletion or an eviction was at work on has settled since.
  const PoliciesPtr policies = parts_.policies->Current();
  std::vector<EntryId> dead;
  for (const EntryId id : std::exchange(comparison_->out_of_place, {})) {
    if (!time.Check().ok()) break;  // the next pass finds the rest
    absl::StatusOr<Document> document = parts_.store->Peek(id);
    if (!document.ok() || IsInPlace(*policies, document->entry)) continue;
    const EntryRecord& record = document->entry;
    const std::shared_ptr<CategoryCache> category = FindCategory(record.category);
    if (category == nullptr) continue;
    EntryMeta meta = MetaOf(record, *category);
    MutexLock lock(&admission_mutex_);
    const std::optional<EntryMeta> held = category->Find(id);
    if (held.has_value()) {
      // Its age in this run is known to memory only.
      meta.birth = held->birth;
      meta.last_use = held->last_use;
      meta.saved_seconds = held->saved_seconds;
      meta.served_stale = held->served_stale;
      RemoveFromMemory(category.get(), record.category, id);
    }
    Admit(*policies, category.get(), meta, record, &dead);
    metrics_->CountRepaired(
        held.has_value() ? Divergence::kIndexOfAnother : Divergence::kDocumentWithoutIndex, 1);
  }
  if (!dead.empty()) EraseFromStore(dead).IgnoreError();  // tried again by the tick
}

void SemanticCache::CompareRemembered(size_t count, const Call& time) {
  const auto categories = AllCategories();
  auto next = categories.lower_bound(comparison_->category);
  std::vector<std::pair<std::string, EntryId>> remembered;
  // Every category once at most.
  for (size_t i = 0; i < categories.size() && remembered.size() < count; ++i) {
    if (next == categories.end()) next = categories.begin();
    const auto& [name, category] = *next;
    if (name != comparison_->category) comparison_->place = 0;
    comparison_->category = name;
    std::vector<EntryId> ids;
    const bool more = category->SomeIds(count - remembered.size(), &comparison_->place, &ids);
    for (const EntryId id : ids) remembered.emplace_back(name, id);
    if (more) break;
    comparison_->place = 0;
    ++next;
    comparison_->category = next == categories.end() ? "" : next->first;
  }
  for (const auto& [name, id] : remembered) {
    if (!time.Check().ok()) return;  // the next pass finds the rest
    const absl::StatusOr<Document> document = parts_.store->Peek(id);
    const bool lost = absl::IsNotFound(document.status());
    const bool damaged = absl::IsDataLoss(document.status());
    if (damaged) metrics_->CountStoreError("get");
    if (!document.ok() && !lost && !damaged) {
      metrics_->CountStoreError("get");
      return;  // the store cannot be read at present
    }
    metrics_->CountCompared(1);
    const bool of_another = document.ok() && document->entry.category != name;
    if (!lost && !damaged && !of_another) continue;
    const bool was_in = RemoveFromMemory(categories.at(name).get(), name, id);
    if (damaged) EraseFromStore({&id, 1}).IgnoreError();  // tried again by the tick
    if (was_in && lost) metrics_->CountRepaired(Divergence::kIndexWithoutDocument, 1);
    if (was_in && of_another) metrics_->CountRepaired(Divergence::kIndexOfAnother, 1);
  }
}

}  // namespace semcached
