#include "semcached/cache/semantic_cache.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

#include "cache/blocked_pairs.h"
#include "cache/cache_metrics.h"
#include "cache/category_cache.h"
#include "cache/comparison.h"
#include "cache/exact_keys.h"
#include "cache/fresh_inserts.h"
#include "cache/held_builds.h"
#include "cache/kept_graphs.h"
#include "cache/leases.h"
#include "cache/lookup_recorder.h"
#include "cache/lookup_tickets.h"
#include "cache/pending_erasures.h"
#include "semcached/base/log.h"
#include "semcached/base/status.h"
#include "semcached/index/similarity.h"

namespace semcached {
namespace {

constexpr double kConflictLogsASecond = 0.1;

}  // namespace

SemanticCache::SemanticCache(const CacheOptions& options, CacheParts parts)
    : options_(options),
      parts_(std::move(parts)),
      wall_at_start_(parts_.clock->Wall()),
      monotonic_at_start_(parts_.clock->Monotonic()),
      usage_(std::make_unique<SharedUsage>()),
      exact_keys_(std::make_unique<ExactKeys>()),
      tickets_(std::make_unique<LookupTickets>(parts_.clock, parts_.random, options.lookup_id_ttl,
                                               options.max_lookup_ids,
                                               options.max_lookup_id_bytes)),
      hit_tickets_(std::make_unique<LookupTickets>(parts_.clock, parts_.random,
                                                   options.lookup_id_ttl, options.max_lookup_ids,
                                                   options.max_lookup_id_bytes / 4)),
      leases_(std::make_unique<LeaseTable>(options.leases, parts_.on_lease)),
      blocked_pairs_(std::make_unique<BlockedPairs>()),
      recorder_(std::make_unique<LookupRecorder>(options.record_share, options.record_keep,
                                                 parts_.random)),
      metrics_(std::make_unique<CacheMetrics>(parts_.metrics)),
      pending_erasures_(std::make_unique<PendingErasures>()),
      comparison_(std::make_unique<ComparisonState>()),
      fresh_inserts_(std::make_unique<FreshInserts>()),
      kept_graphs_(std::make_unique<KeptGraphs>(options.graph_directory, parts_.metrics)),
      builds_(std::make_unique<HeldBuilds>(parts_.builds)),
      conflict_logs_(parts_.clock, kConflictLogsASecond, /*burst=*/1) {
  FollowPolicies();
  // Before the first lookup: what was reported as wrong is not served again while the rest is read.
  if (absl::Status status = RecoverBlockedPairs(); !status.ok()) {
    LogError("pairs that feedback blocked cannot be read; tried again with the recovery",
             {{"why", status.message()}});
    metrics_->CountStoreError("scan");
  }
}

SemanticCache::~SemanticCache() { parts_.store->SetExpiryRule(nullptr); }

std::shared_ptr<CategoryCache> SemanticCache::FindCategory(std::string_view category) const {
  ReaderLock lock(&categories_mutex_);
  const auto found = categories_.find(category);
  return found == categories_.end() ? nullptr : found->second;
}

std::map<std::string, std::shared_ptr<CategoryCache>, std::less<>> SemanticCache::AllCategories()
    const {
  ReaderLock lock(&categories_mutex_);
  return categories_;
}

Embedder* SemanticCache::FindEmbedder(const std::string& name) const {
  const auto found = parts_.embedders.find(name);
  return found == parts_.embedders.end() ? nullptr : found->second;
}

absl::StatusOr<Embedding> SemanticCache::Embed(std::string_view tenant, const std::string& embedder,
                                               const std::string& query, const Call& call) {
  Embedder* const found = FindEmbedder(embedder);
  if (found == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat(
        "embedder \"", embedder, "\" is not configured; send the embedding with the request"));
  }
  if (query.empty()) {
    return absl::InvalidArgumentError("there is no query to embed; send one, or an embedding");
  }
  if (const auto recent = parts_.recent_embeddings->Find(tenant, found->identity(), query)) {
    return Embedding{found->identity(), *recent};
  }
  RETURN_IF_ERROR(call.Check());
  const std::string_view text = query;
  ASSIGN_OR_RETURN(std::vector<std::vector<float>> vectors, found->Embed({&text, 1}, call));
  return Embedding{found->identity(), std::move(vectors[0])};
}

bool SemanticCache::RemoveFromMemory(CategoryCache* category, const std::string& name, EntryId id) {
  const std::optional<EntryMeta> meta = category->Remove(id);
  if (!meta.has_value()) return false;
  exact_keys_->Retract(meta->exact_key, name, id);
  return true;
}

absl::StatusOr<bool> SemanticCache::Remove(EntryId id) {
  pending_erasures_->Begin({&id, 1});
  bool removed = false;
  for (const auto& [name, category] : AllCategories()) {
    removed = RemoveFromMemory(category.get(), name, id) || removed;
  }
  // Also what memory does not know: during recovery the store is ahead of it.
  RETURN_IF_ERROR(EraseFromStore({&id, 1}));
  return removed;
}

absl::Status SemanticCache::EraseFromStore(absl::Span<const EntryId> ids) {
  absl::Status status = parts_.store->Erase(ids);
  NoteWrite(status);
  pending_erasures_->End(ids, status.ok());
  if (!status.ok()) metrics_->CountStoreError("erase");
  return status;
}

void SemanticCache::NoteWrite(const absl::Status& status) {
  // A document that the store cannot take says nothing of the store.
  if (absl::IsInvalidArgument(status)) return;
  const bool failed_before = last_write_.exchange(status.code()) != absl::StatusCode::kOk;
  if (!status.ok() && !failed_before) {
    LogError("the store cannot be written: inserts fail, what is cached is served",
             {{"why", status.message()},
              {"remedy",
               "see to the disk; the next start moves a damaged store aside and begins empty"}});
  } else if (status.ok() && failed_before) {
    LogInfo("the store can be written again");
  }
}

absl::StatusOr<SemanticCache::Classified> SemanticCache::Classify(
    const Policies& policies, const Embedding& embedding) const {
  Classified result;
  result.category = policies.Find(policies.default_category);
  if (policies.classifier == nullptr) return result;
  const Embedder* embedder = FindEmbedder(options_.classification_embedder);
  if (embedder == nullptr || embedder->identity() != embedding.identity) {
    return absl::InvalidArgumentError(
        absl::StrCat("an embedding of identity \"", embedding.identity,
                     "\" cannot be classified; name the category, or send the query alone"));
  }
  const Classification found = policies.classifier->Classify(embedding.values);
  const CategoryInForce* category = policies.Find(found.category);
  if (found.sure && category != nullptr) result = {category, CategorySource::kClassified};
  return result;
}

absl::Status SemanticCache::Delete(EntryId id) {
  ASSIGN_OR_RETURN(const bool known, Remove(id));
  if (known || !warm_) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat("there is no entry ", absl::Hex(id, absl::kZeroPad16)));
}

absl::StatusOr<std::string> SemanticCache::NamespaceOf(EntryId id) const {
  ASSIGN_OR_RETURN(Document document, parts_.store->Get(id));
  return std::move(document.entry.scope.namespace_name);
}

absl::StatusOr<int64_t> SemanticCache::Invalidate(const InvalidateRequest& request,
                                                  const Call& call) {
  const bool near = !request.near_query.empty();
  const bool by_record = !request.category.empty() || request.namespace_name.has_value() ||
                         request.model.has_value() || !request.tag.empty() ||
                         request.inserted_before.has_value();
  if (request.entries.empty() && !by_record && !near) {
    return absl::InvalidArgumentError(
        "no condition: name entries, category, namespace, model, "
        "tag, inserted_before or near; `flush` deletes everything");
  }
  Embedding wanted;
  if (near) {
    const CategoryInForce* category = nullptr;
    const PoliciesPtr policies = parts_.policies->Current();
    if (!request.category.empty()) category = policies->Find(request.category);
    if (category == nullptr || !request.namespace_name.has_value()) {
      return absl::InvalidArgumentError("near needs a configured category and a namespace");
    }
    ASSIGN_OR_RETURN(wanted, Embed(*request.namespace_name, category->configured.embedding,
                                   request.near_query, call));
  }
  const auto matches = [&](const EntryRecord& entry) {
    if (!request.entries.empty() && std::find(request.entries.begin(), request.entries.end(),
                                              entry.id) == request.entries.end()) {
      return false;
    }
    if (!request.category.empty() && entry.category != request.category) return false;
    if (request.namespace_name && entry.scope.namespace_name != *request.namespace_name) {
      return false;
    }
    if (request.model && entry.scope.model != *request.model) return false;
    if (!request.tag.empty() &&
        std::find(entry.tags.begin(), entry.tags.end(), request.tag) == entry.tags.end()) {
      return false;
    }
    if (request.inserted_before && entry.insert_time >= *request.inserted_before) return false;
    if (near) {
      if (entry.embedding.identity != wanted.identity) return false;
      if (!(DotProduct(entry.embedding.values, wanted.values) >= request.near_similarity)) {
        return false;
      }
    }
    return true;
  };
  if (invalidating_.exchange(true)) {
    return absl::ResourceExhaustedError("another invalidation is at work; try again later");
  }
  std::vector<EntryId> doomed;
  absl::Status stopped;
  bool known = request.category.empty() || FindCategory(request.category) != nullptr;
  const auto scanned = parts_.store->Scan(IdRange(), [&](const EntryRecord& entry) {
    stopped = call.Check();
    // Not of others' namespaces: that somebody has a category is nobody else's business.
    known = known ||
            (entry.category == request.category &&
             (!request.namespace_name || *request.namespace_name == entry.scope.namespace_name));
    if (!stopped.ok() || !matches(entry)) return stopped.ok();
    doomed.push_back(entry.id);
    if (!request.dry_run) pending_erasures_->Begin({&entry.id, 1});
    const std::shared_ptr<CategoryCache> category = FindCategory(entry.category);
    if (!request.dry_run && category != nullptr) {
      RemoveFromMemory(category.get(), entry.category, entry.id);
    }
    return true;
  });
  const absl::Status erased = request.dry_run ? absl::OkStatus() : EraseFromStore(doomed);
  invalidating_ = false;
  RETURN_IF_ERROR(scanned.status());
  RETURN_IF_ERROR(stopped);
  RETURN_IF_ERROR(erased);
  // Entries of a category that is gone can be deleted.
  if (!known) RETURN_IF_ERROR(parts_.policies->Current()->Get(request.category).status());
  return static_cast<int64_t>(doomed.size());
}

std::vector<RecordedLookup> SemanticCache::RecordedLookups() const { return recorder_->All(); }

absl::Status SemanticCache::ForEachLive(std::string_view wanted,
                                        const std::function<bool(const Document&)>& visit) {
  const PoliciesPtr policies = parts_.policies->Current();
  for (const auto& [name, category] : AllCategories()) {
    if (!wanted.empty() && name != wanted) continue;
    const CategoryInForce* in_force = policies->Find(name);
    if (in_force == nullptr) continue;
    for (const EntryId id : category->AllIds()) {
      const std::optional<EntryMeta> meta = category->Find(id);
      if (!meta.has_value()) continue;
      const EntryAge age = meta->AgeAt(parts_.clock->Monotonic());
      if (LivenessOf(age, meta->caller_ttl, in_force->configured, in_force->calm.ttl) !=
          Liveness::kAlive) {
        continue;
      }
      const absl::StatusOr<Document> document = parts_.store->Get(id);
      if (!document.ok()) continue;  // counted where lookups meet it
      if (!visit(*document)) return absl::OkStatus();
    }
  }
  return absl::OkStatus();
}

CostsByCategory SemanticCache::Costs() const { return metrics_->Costs(); }

CacheStats SemanticCache::Stats() const {
  CacheStats stats;
  int64_t index_bytes = 0;
  int64_t entry_bytes = 0;
  int64_t graph_file_bytes = 0;
  for (const auto& [name, category] : AllCategories()) {
    CategoryCounts& counts = stats.categories[name];
    metrics_->FillCounts(name, &counts);
    const Usage usage = category->usage();
    const IndexStats index = category->index_stats();
    counts.entries = usage.entries;
    counts.memory_bytes = usage.memory;
    counts.disk_bytes = usage.disk;
    counts.scopes = static_cast<int64_t>(index.scope_count);
    counts.graph_entries = static_cast<int64_t>(index.graph_entry_count);
    index_bytes += static_cast<int64_t>(index.memory_bytes);
    graph_file_bytes += index.graph_file_bytes;
    entry_bytes += usage.entries * static_cast<int64_t>(sizeof(EntryMeta) + 128);
  }
  stats.memory_bytes["index"] = index_bytes;
  stats.memory_bytes["entries"] = entry_bytes;
  stats.memory_bytes["exact_keys"] = static_cast<int64_t>(exact_keys_->MemoryBytes());
  stats.memory_bytes["lookup_ids"] =
      static_cast<int64_t>(tickets_->MemoryBytes() + hit_tickets_->MemoryBytes());
  const LeaseTable::Counts leases = leases_->Count();
  stats.memory_bytes["leases"] = static_cast<int64_t>(leases.bytes);
  stats.leases.held = static_cast<int64_t>(leases.leases);
  stats.leases.waiters = static_cast<int64_t>(leases.waiters);
  for (const WaitEnd end : {WaitEnd::kAnswered, WaitEnd::kExpired, WaitEnd::kAbandoned,
                            WaitEnd::kDeclined, WaitEnd::kClosed}) {
    stats.leases.ended[Name(end)] = leases.ended[static_cast<size_t>(end)];
  }
  stats.memory_bytes["recorded_lookups"] = static_cast<int64_t>(recorder_->MemoryBytes());
  stats.memory_bytes["recent_embeddings"] =
      static_cast<int64_t>(parts_.recent_embeddings->MemoryBytes());
  stats.memory_bytes["store"] = parts_.store->MemoryBytes();
  stats.disk_part_bytes = parts_.store->DiskBytesByPart();
  for (const auto& [part, bytes] : stats.disk_part_bytes) stats.disk_bytes += bytes;
  stats.disk_part_bytes["graphs"] = graph_file_bytes;  // beside what disk_limit bounds
  stats.store_entries = parts_.store->EstimatedEntries();
  stats.warm_ratio = WarmRatio();
  return stats;
}

}  // namespace semcached
