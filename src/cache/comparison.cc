// Compares memory with the store, some entries at a time, and repairs what differs.

#include "cache/comparison.h"

#include <absl/status/status.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "cache/cache_metrics.h"
#include "cache/category_cache.h"
#include "cache/exact_keys.h"
#include "cache/pending_erasures.h"
#include "semcached/base/log.h"
#include "semcached/cache/semantic_cache.h"

namespace semcached {
namespace {

// At once: a thousandth of a core, or a pass in an hour.
constexpr int64_t kLeastCompared = 64;
constexpr int64_t kCallsOfAPass = 3600;

}  // namespace

void SemanticCache::CompareSome() {
  if (!warm_) return;
  const auto count = static_cast<size_t>(
      std::max(kLeastCompared, parts_.store->EstimatedEntries() / kCallsOfAPass));
  PutInPlace();
  CompareStored(count);
  CompareRemembered(count);
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

void SemanticCache::CompareStored(size_t count) {
  // Ids are random, so each slice has about as many.
  const auto entries = static_cast<uint64_t>(parts_.store->EstimatedEntries());
  const uint64_t slices = std::max<uint64_t>(1, entries / count);
  const uint64_t width = std::numeric_limits<uint64_t>::max() / slices;
  const uint64_t slice = comparison_->slice < slices ? comparison_->slice : 0;
  comparison_->slice = slice + 1;
  IdRange range;
  range.first = slice * width;
  if (slice + 1 < slices) range.last = range.first + width - 1;

  const PoliciesPtr policies = parts_.policies->Current();
  const auto report = parts_.store->Scan(range, [&](const EntryRecord& record) {
    if (!IsInPlace(*policies, record)) comparison_->out_of_place.push_back(record.id);
    return true;
  });
  if (!report.ok()) {
    metrics_->CountStoreError("scan");
    return;
  }
  metrics_->CountCompared(report->entries);
  if (!report->dropped.empty()) metrics_->CountStoreError("scan");
  for (const EntryId id : report->damaged) Remove(id).IgnoreError();  // tried again by the tick
}

void SemanticCache::PutInPlace() {
  // What an insert, a deletion or an eviction was at work on has settled since.
  const PoliciesPtr policies = parts_.policies->Current();
  std::vector<EntryId> dead;
  for (const EntryId id : std::exchange(comparison_->out_of_place, {})) {
    absl::StatusOr<Document> document = parts_.store->Get(id);
    if (!document.ok() || IsInPlace(*policies, document->entry)) continue;
    const std::string name = document->entry.category;
    const std::shared_ptr<CategoryCache> category = FindCategory(name);
    if (category == nullptr) continue;
    const bool was_in = RemoveFromMemory(category.get(), name, id);
    AdmitRecovered(*policies, std::move(document->entry), &dead);
    metrics_->CountRepaired(
        was_in ? Divergence::kIndexOfAnother : Divergence::kDocumentWithoutIndex, 1);
  }
  if (!dead.empty()) EraseFromStore(dead).IgnoreError();  // tried again by the tick
}

void SemanticCache::CompareRemembered(size_t count) {
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
    const absl::StatusOr<Document> document = parts_.store->Get(id);
    const bool lost = absl::IsNotFound(document.status());
    const bool damaged = absl::IsDataLoss(document.status());
    if (damaged) metrics_->CountStoreError("get");
    if (!document.ok() && !lost && !damaged) {
      metrics_->CountStoreError("get");
      return;  // the store cannot be read at present
    }
    const bool of_another = document.ok() && document->entry.category != name;
    if (!lost && !damaged && !of_another) continue;
    const bool was_in = RemoveFromMemory(categories.at(name).get(), name, id);
    if (damaged) EraseFromStore({&id, 1}).IgnoreError();  // tried again by the tick
    if (was_in && lost) metrics_->CountRepaired(Divergence::kIndexWithoutDocument, 1);
    if (was_in && of_another) metrics_->CountRepaired(Divergence::kIndexOfAnother, 1);
  }
  metrics_->CountCompared(static_cast<int64_t>(remembered.size()));
}

}  // namespace semcached
