// The life of an insert: validate, make room, write, publish, acknowledge.

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

#include "cache/cache_metrics.h"
#include "cache/category_cache.h"
#include "cache/exact_keys.h"
#include "cache/fresh_inserts.h"
#include "cache/guarded_query.h"
#include "cache/leases.h"
#include "cache/lookup_tickets.h"
#include "semcached/base/status.h"
#include "semcached/cache/semantic_cache.h"

namespace semcached {
namespace {

InsertResult Declined(std::string category, std::string why) {
  InsertResult result;
  result.category = std::move(category);
  result.decline_reason = std::move(why);
  return result;
}

// Before it is encoded, the size of a document is only near what it will take.
int64_t EstimateDisk(const Document& document) {
  constexpr int64_t kFixed = 256;
  int64_t bytes = kFixed + static_cast<int64_t>(document.response.body.size() +
                                                document.entry.embedding.values.size() * 4);
  bytes += static_cast<int64_t>(document.query.value_or("").size() +
                                document.guard_text.value_or("").size());
  for (const auto& [key, value] : document.response.metadata) {
    bytes += static_cast<int64_t>(key.size() + value.size() + 16);
  }
  return bytes;
}

// An import knows when an entry was inserted by the wall clock, so not quite exactly: what was born
// this close together may be one entry, imported again.
constexpr absl::Duration kSameInsert = absl::Seconds(1);

// Room in a category, from when it is made until the entry that it is for counts for itself.
class Reservation {
 public:
  Reservation(std::shared_ptr<CategoryCache> category, const Usage& usage)
      : category_(std::move(category)), usage_(usage) {
    category_->Reserve(usage_);
  }
  ~Reservation() { category_->Release(usage_); }
  Reservation(const Reservation&) = delete;
  Reservation& operator=(const Reservation&) = delete;

 private:
  const std::shared_ptr<CategoryCache> category_;
  const Usage usage_;
};

}  // namespace

// What an insert is about, wherever it was said.
struct SemanticCache::Resolved {
  Scope scope;
  std::string query;  // trimmed
  Embedding embedding;
  const CategoryInForce* category = nullptr;         // null: not named, and not to be classified
  absl::Duration since_miss = absl::ZeroDuration();  // 0: no lookup came before
  std::shared_ptr<const LookupTicket> ticket;
};

absl::StatusOr<SemanticCache::Resolved> SemanticCache::Resolve(const InsertRequest& request,
                                                               const Policies& policies,
                                                               const Call& call) {
  Resolved resolved;
  std::string category = request.category;
  if (!request.lookup_id.empty()) {
    const auto ticket = tickets_->Find(request.lookup_id, request.principal);
    if (ticket == nullptr) {
      return absl::FailedPreconditionError("lookup_id is not known here any more; send the query");
    }
    if (request.scope != Scope() && request.scope != ticket->scope) {
      return absl::InvalidArgumentError("scope differs from that of the lookup; leave it out");
    }
    if (!category.empty() && category != ticket->category) {
      return absl::InvalidArgumentError(absl::StrCat("category \"", category,
                                                     "\" differs from the lookup's, \"",
                                                     ticket->category, "\"; leave it out"));
    }
    resolved.scope = ticket->scope;
    resolved.query = ticket->query;
    resolved.embedding = ticket->embedding;
    resolved.since_miss = parts_.clock->Monotonic() - ticket->asked_at;
    resolved.ticket = ticket;
    category = ticket->category;
  } else {
    resolved.scope = request.scope;
    resolved.query = std::string(TrimQuery(request.query));
    resolved.embedding = request.embedding;
    if (resolved.query.empty() && resolved.embedding.values.empty()) {
      return absl::InvalidArgumentError(
          "nothing to insert under: send query, embedding or the lookup_id of a miss");
    }
  }
  if (category.empty()) {
    // The same classification as a lookup's, so that both land in one category.
    if (options_.require_category) {
      return absl::InvalidArgumentError(
          "category is empty; this server is configured with require_category: name it");
    }
    if (resolved.embedding.values.empty()) {
      ASSIGN_OR_RETURN(resolved.embedding,
                       Embed(resolved.scope.namespace_name, options_.classification_embedder,
                             resolved.query, call));
    }
    if (resolved.embedding.values.empty()) return resolved;  // not to be classified: no category
    ASSIGN_OR_RETURN(const Classified classified, Classify(policies, resolved.embedding));
    category = classified.category->configured.category;
  }
  ASSIGN_OR_RETURN(resolved.category, policies.Get(category));
  return resolved;
}

absl::StatusOr<InsertResult> SemanticCache::Insert(InsertRequest request, const Call& call) {
  const std::string lease = request.lookup_id;  // its name, if it took one
  const std::string principal = request.principal;
  absl::StatusOr<InsertResult> result = InsertAnswer(std::move(request), call);
  const bool stored = result.ok() && result->kind != InsertResult::Kind::kDeclined;
  if (!stored && !lease.empty()) {
    GiveUpLease(lease, principal);
  } else {
    ResumeWoken();
  }
  return result;
}

absl::StatusOr<InsertResult> SemanticCache::InsertAnswer(InsertRequest request, const Call& call) {
  const PoliciesPtr policies = parts_.policies->Current();
  RETURN_IF_ERROR(call.Check());
  const MonotonicTime started = parts_.clock->Monotonic();
  const auto count = [&](std::string_view category, std::string_view result) {
    metrics_->CountInsert(category, result, parts_.clock->Monotonic() - started);
  };
  // What can be declined without its query is declined first: nothing is embedded for it.
  const CategoryInForce* named = nullptr;
  if (!request.category.empty()) {
    ASSIGN_OR_RETURN(named, policies->Get(request.category));
  }
  if (named != nullptr && !named->configured.allow_caching) {
    count(request.category, "declined");
    return Declined(request.category, "the category forbids caching");
  }
  std::string decline;
  if (!request.complete) decline = "the answer is incomplete";
  if (request.response.body.empty()) decline = "the answer is empty";
  if (request.ttl == absl::ZeroDuration()) decline = "ttl is 0";
  if (static_cast<int64_t>(request.response.body.size()) > options_.max_response_bytes) {
    decline = absl::StrCat("the response has ", request.response.body.size(), " bytes; at most ",
                           options_.max_response_bytes, " are stored");
  }
  if (!decline.empty()) {
    count(request.category, "declined");
    return Declined(request.category, decline);
  }

  ASSIGN_OR_RETURN(Resolved resolved, Resolve(request, *policies, call));
  if (resolved.category == nullptr) {
    count("", "declined");
    return Declined("", "the embedder cannot tell this query from others; name its category");
  }
  const CategoryPolicy& policy = resolved.category->configured;
  if (!policy.allow_caching) {
    count(policy.category, "declined");
    return Declined(policy.category, "the query was classified as one not to cache");
  }
  const std::shared_ptr<CategoryCache> entries = FindCategory(policy.category);
  if (entries == nullptr) return absl::UnavailableError("the category is being loaded; try again");
  if (request.embedding.values.empty()) {
    const Embedder* embedder = FindEmbedder(policy.embedding);
    const bool have =
        !resolved.embedding.values.empty() &&
        (!request.lookup_id.empty() ||
         (embedder != nullptr && embedder->identity() == resolved.embedding.identity));
    if (!have) {
      ASSIGN_OR_RETURN(resolved.embedding, Embed(resolved.scope.namespace_name, policy.embedding,
                                                 resolved.query, call));
    }
  }
  // Before the fresh answer replaces what it is to be compared with.
  absl::StatusOr<Document> audited = absl::NotFoundError("nothing is audited");
  if (resolved.ticket != nullptr && resolved.ticket->audited.entry != 0) {
    audited = parts_.store->Get(resolved.ticket->audited.entry);
  }
  const size_t dimension = entries->DimensionOf(resolved.embedding.identity);
  const size_t components = resolved.embedding.values.size();
  if (dimension != 0 && components != 0 && dimension != components) {
    return absl::InvalidArgumentError(absl::StrCat("embedding has ", components,
                                                   " components; others of identity \"",
                                                   resolved.embedding.identity, "\" in category \"",
                                                   policy.category, "\" have another number"));
  }

  const HashKey& key = parts_.store->hash_key();
  const MonotonicTime now = parts_.clock->Monotonic();
  Document document;
  EntryRecord& entry = document.entry;
  do {
    entry.id = parts_.random->Next();
  } while (entry.id == 0);
  entry.category = policy.category;
  entry.scope = resolved.scope;
  entry.embedding = std::move(resolved.embedding);
  entry.exact_key = ExactKey(key, resolved.scope, resolved.query, entry.embedding);
  entry.insert_time = parts_.clock->Wall() - request.age;
  entry.ttl = request.ttl;
  entry.tags = std::move(request.tags);
  entry.source = std::move(request.source);
  if (policy.store_query && !resolved.query.empty()) document.query = resolved.query;
  document.guard_text = GuardTextFor(policy, resolved.query, key);
  document.response = std::move(request.response);

  EntryMeta meta;
  meta.id = entry.id;
  meta.scope = ScopeHash(key, resolved.scope);
  meta.namespace_hash = NamespaceHash(key, resolved.scope.namespace_name);
  meta.exact_key = entry.exact_key;
  meta.birth = now - request.age;
  meta.last_use = meta.birth;
  meta.caller_ttl = request.ttl.value_or(absl::InfiniteDuration());
  meta.saved_seconds = absl::ToDoubleSeconds(resolved.since_miss);
  meta.cost = {1, entries->MemoryCostOf(entry.embedding.values.size()), EstimateDisk(document)};

  const EffectivePolicy& effective = resolved.category->For(resolved.scope.model);
  if (LivenessOf(meta.AgeAt(now), meta.caller_ttl, policy, effective.ttl) != Liveness::kAlive) {
    count(policy.category, "declined");
    return Declined(policy.category, "the entry has expired already");
  }
  if (!entries->Fits(meta.cost)) {
    count(policy.category, "declined");
    return Declined(policy.category, "the entry alone is more than the category's quota allows");
  }
  // The lease ran out, and somebody else answered meanwhile. A retried insert has its own entry.
  const bool late = resolved.ticket != nullptr && resolved.ticket->leased &&
                    tickets_->EntryOf(request.lookup_id, request.principal) == 0;
  for (const ExactKeys::Found& other : exact_keys_->Find(entry.exact_key)) {
    if (late && other.category == policy.category && other.birth > resolved.ticket->asked_at) {
      count(policy.category, "declined");
      return Declined(policy.category, "the lease ran out, and another answer came first");
    }
    if (other.category != policy.category || other.birth <= meta.birth) continue;
    if (other.birth <= meta.birth + kSameInsert) {
      meta.birth = other.birth;
      continue;
    }
    count(policy.category, "declined");
    return Declined(policy.category, "a newer answer is stored already");  // an import's
  }
  if (disk_full_) {
    return absl::ResourceExhaustedError("disk_limit is reached; inserts resume once room is made");
  }
  if (memory_step_ >= MemoryStep::kRefuseInserts) {
    return absl::ResourceExhaustedError(
        "memory is nearly used up; inserts resume once there is some again");
  }
  RETURN_IF_ERROR(call.Check());
  std::vector<EntryId> evicted;
  std::optional<Reservation> reservation;
  absl::Status room;
  {
    MutexLock lock(&room_mutex_);
    MakeRoomWithin(policy.category, entries.get(), meta.cost, meta.namespace_hash, &evicted);
    room = MakeRoomAmongAll(policy.category, meta.cost, options_.disk_limit_bytes, &evicted);
    if (room.ok()) reservation.emplace(entries, meta.cost);
  }
  if (!evicted.empty()) RETURN_IF_ERROR(EraseFromStore(evicted));
  RETURN_IF_ERROR(room);

  // From here on the insert goes through: a caller that has gone away costs a write, not a half.
  const absl::StatusOr<size_t> disk_bytes = parts_.store->Put(document, policy.durability);
  NoteWrite(disk_bytes.status());
  if (!disk_bytes.ok()) {
    metrics_->CountStoreError("put");
    return disk_bytes.status();
  }
  meta.cost.disk = static_cast<int64_t>(*disk_bytes);
  if (absl::Status status = entries->Admit(meta, entry.embedding); !status.ok()) {
    const EntryId id = entry.id;
    EraseFromStore({&id, 1}).IgnoreError();  // tried again by the tick
    return status;
  }
  reservation.reset();
  const EntryId before =
      exact_keys_->Publish(entry.exact_key, policy.category, entry.id, meta.birth);
  // Should the store fail here, the next start finds two of one key and keeps the newer.
  if (before != 0) {
    RemoveFromMemory(entries.get(), policy.category, before);
    EraseFromStore({&before, 1}).IgnoreError();
  }
  // Evicted for another insert meanwhile: its key was not there yet to be taken back.
  if (!entries->Find(entry.id).has_value()) {
    exact_keys_->Retract(entry.exact_key, policy.category, entry.id);
  }
  leases_->EndAnswered(meta.scope, policy.category, entry.exact_key);
  if (!request.lookup_id.empty()) {
    tickets_->SetEntry(request.lookup_id, entry.id);
    metrics_->CountModelLatency(policy.category, resolved.since_miss);
    if (parts_.on_model_latency) {
      parts_.on_model_latency(resolved.scope.model, resolved.since_miss);
    }
  }

  if (policy.flag_conflicts && !entry.embedding.values.empty()) fresh_inserts_->Add(entry.id);
  if (audited.ok() && tickets_->ClaimAudit(request.lookup_id)) {
    FinishAudit(*resolved.ticket, policy.embedding, audited->response, document.response, call);
  }

  InsertResult result;
  result.kind = before != 0 ? InsertResult::Kind::kReplaced : InsertResult::Kind::kStored;
  result.entry_id = entry.id;
  result.category = policy.category;
  result.durability = policy.durability;
  result.expire_time = entry.insert_time + std::min(meta.caller_ttl, effective.ttl);
  count(policy.category, before != 0 ? "replaced" : "stored");
  return result;
}

void SemanticCache::MakeRoomWithin(const std::string& name, CategoryCache* category,
                                   const Usage& more, const Hash128& namespace_hash,
                                   std::vector<EntryId>* evicted) {
  while (const auto victim = category->VictimFor(more, namespace_hash)) {
    RemoveFromMemory(category, name, *victim);
    metrics_->CountEvicted(name, "quota", 1);
    evicted->push_back(*victim);
  }
}

absl::Status SemanticCache::MakeRoomAmongAll(const std::string& inserting, const Usage& more,
                                             int64_t disk_limit, std::vector<EntryId>* evicted) {
  // The common case copies no categories.
  if (!ExceedsLimits(usage_->Get() + more, EntryMemoryBudget(), disk_limit))
    return absl::OkStatus();
  // Once the cache is full every insert comes here, so each category is asked once, not copied.
  struct Known {
    const std::string* name;
    CategoryCache* category;
  };
  std::vector<Known> known;
  std::vector<CategoryUsage> usages;
  const auto usage_of = [&](const Known& one) {
    const Usage usage = one.category->usage();
    return *one.name == inserting ? usage + more : usage;
  };
  ReaderLock lock(&categories_mutex_);
  known.reserve(categories_.size());
  usages.reserve(categories_.size());
  for (const auto& [name, category] : categories_) {
    known.push_back({&name, category.get()});
    usages.push_back({usage_of(known.back()), category->guaranteed_share()});
  }
  while (const auto giver = WhoGivesWay(usages, EntryMemoryBudget(), disk_limit)) {
    const Known& one = known[*giver];
    const auto victim = one.category->Victim();
    if (!victim.has_value()) {
      return absl::ResourceExhaustedError(
          "memory_limit or disk_limit leaves no room for this entry; raise it");
    }
    RemoveFromMemory(one.category, *one.name, *victim);
    metrics_->CountEvicted(*one.name, "budget", 1);
    evicted->push_back(*victim);
    usages[*giver].usage = usage_of(one);
  }
  return absl::OkStatus();
}

}  // namespace semcached
