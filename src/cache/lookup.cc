// The life of a lookup, step by step.

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

#include "cache/cache_metrics.h"
#include "cache/category_cache.h"
#include "cache/document_check.h"
#include "cache/exact_keys.h"
#include "cache/lookup_tickets.h"
#include "semcached/base/log.h"
#include "semcached/base/status.h"
#include "semcached/cache/semantic_cache.h"

namespace semcached {
namespace {

// The nearest may have expired or be refused by a guard; the next ones are tried, but not for ever.
constexpr size_t kMaxCandidates = 8;

}  // namespace

// One lookup and all that it has learned so far. Lives on one thread.
class SemanticCache::LookupRun {
 public:
  LookupRun(SemanticCache* cache, const LookupRequest& request, const Call& call, bool may_embed)
      : cache_(*cache),
        request_(request),
        call_(call),
        may_embed_(may_embed),
        query_(TrimQuery(request.query)),
        policies_(cache->parts_.policies->Current()),
        started_(cache->parts_.clock->Monotonic()) {}

  // Ok: result() stands, unless needs_embedding().
  absl::Status Run() {
    RETURN_IF_ERROR(CheckRequest());
    if (Bypassed()) return absl::OkStatus();
    if (!query_.empty() && TryExact()) return absl::OkStatus();
    RETURN_IF_ERROR(call_.Check());
    RETURN_IF_ERROR(FindVectorAndCategory());
    if (needs_embedding_ || result_.outcome == Outcome::kBypass) return absl::OkStatus();
    RETURN_IF_ERROR(call_.Check());
    RememberVector();
    if (vector_.values.empty()) {
      result_.miss_reason = MissReason::kNotComparable;
      FinishMiss();
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(SearchAndCheck());
    if (result_.outcome == Outcome::kMiss) FinishMiss();
    return absl::OkStatus();
  }

  bool needs_embedding() const { return needs_embedding_; }
  LookupResult& result() { return result_; }
  absl::Duration took() const { return Now() - started_; }

 private:
  MonotonicTime Now() const { return cache_.parts_.clock->Monotonic(); }

  absl::Status CheckRequest() {
    if (query_.empty() && request_.embedding.values.empty()) {
      return absl::InvalidArgumentError("nothing to look up by: send query, embedding or both");
    }
    if (request_.category.empty()) {
      if (!cache_.options_.require_category) return absl::OkStatus();
      return absl::InvalidArgumentError(
          "category is empty; this server is configured with require_category: name it");
    }
    named_ = policies_->Find(request_.category);
    if (named_ == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat("category \"", request_.category,
                                                     "\" is not configured; leave it empty to "
                                                     "have the query classified"));
    }
    return absl::OkStatus();
  }

  bool Bypassed() {
    if (request_.bypass) {
      Bypass("the request asked for it");
      if (named_ != nullptr) SetCategory(*named_, CategorySource::kRequest);
      return true;
    }
    if (named_ != nullptr && !named_->configured.allow_caching) {
      SetCategory(*named_, CategorySource::kRequest);
      Bypass("the category forbids caching");
      return true;
    }
    return false;
  }

  void Bypass(const char* why) {
    result_.outcome = Outcome::kBypass;
    result_.bypass_reason = why;
  }

  void SetCategory(const CategoryInForce& category, CategorySource source) {
    category_ = &category;
    result_.category = category.configured.category;
    result_.category_source = source;
  }

  // --- the exact path: no embedding, no classification, no search ---

  bool TryExact() {
    const Hash128 key =
        ExactKey(cache_.parts_.store->hash_key(), request_.scope, query_, Embedding());
    ExactKeys::FoundList found = cache_.exact_keys_->Find(key);
    std::reverse(found.begin(), found.end());  // the newest first
    for (const ExactKeys::Found& entry : found) {
      if (named_ != nullptr && entry.category != request_.category) continue;
      const CategoryInForce* category = policies_->Find(entry.category);
      if (category == nullptr || !category->configured.allow_caching) continue;
      const std::shared_ptr<CategoryCache> entries = cache_.FindCategory(entry.category);
      if (entries == nullptr) continue;
      const auto check = [&](const Document& document, const Expectation& expected) {
        return CheckExact(document, expected, key);
      };
      if (!TryEntry(*category, entries.get(), entry.id, 1, check)) continue;
      SetCategory(*category, named_ != nullptr ? CategorySource::kRequest : CategorySource::kEntry);
      result_.outcome = Outcome::kHitExact;
      result_.similarity = 1;
      result_.similarity_threshold = Threshold(*category);
      result_.miss_reason = MissReason::kNone;
      return true;
    }
    return false;
  }

  // --- the vector, and the category from it ---

  absl::Status FindVectorAndCategory() {
    if (!request_.embedding.values.empty()) {
      vector_ = request_.embedding;
      if (named_ != nullptr) {
        SetCategory(*named_, CategorySource::kRequest);
      } else {
        RETURN_IF_ERROR(Classify());
      }
      return CheckDimension();
    }
    if (named_ != nullptr) {
      SetCategory(*named_, CategorySource::kRequest);
      return EmbedWith(named_->configured.embedding);
    }
    RETURN_IF_ERROR(EmbedWith(cache_.options_.classification_embedder));
    if (needs_embedding_) return absl::OkStatus();
    RETURN_IF_ERROR(Classify());
    if (result_.outcome == Outcome::kBypass) return absl::OkStatus();
    const std::string& wanted = category_->configured.embedding;
    if (wanted == cache_.options_.classification_embedder) return absl::OkStatus();
    return EmbedWith(wanted);
  }

  // Takes the remembered vector of the query, or embeds it.
  absl::Status EmbedWith(const std::string& embedder) {
    const Embedder* found = cache_.FindEmbedder(embedder);
    if (found == nullptr) {
      return absl::InvalidArgumentError(absl::StrCat(
          "embedder \"", embedder, "\" is not configured; send the embedding with the request"));
    }
    if (const auto recent = cache_.parts_.recent_embeddings->Find(found->identity(), query_)) {
      vector_ = {found->identity(), *recent};
      return absl::OkStatus();
    }
    if (!may_embed_) {
      needs_embedding_ = true;
      return absl::OkStatus();
    }
    const MonotonicTime before = Now();
    ASSIGN_OR_RETURN(vector_, cache_.Embed(embedder, std::string(query_), call_));
    result_.embed_time += Now() - before;
    fresh_vector_ = true;
    return absl::OkStatus();
  }

  absl::Status Classify() {
    if (vector_.values.empty()) {
      // It may be as private as any other: what cannot be classified is not kept.
      Bypass("the embedder cannot tell this query from others; name its category");
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(const Classified classified, cache_.Classify(*policies_, vector_));
    SetCategory(*classified.category, classified.source);
    if (!category_->configured.allow_caching) {
      Bypass("the query was classified as one not to cache");
    }
    return absl::OkStatus();
  }

  absl::Status CheckDimension() const {
    const std::shared_ptr<CategoryCache> entries = cache_.FindCategory(result_.category);
    const size_t dimension = entries == nullptr ? 0 : entries->DimensionOf(vector_.identity);
    if (dimension == 0 || dimension == vector_.values.size()) return absl::OkStatus();
    // Not the right one: who made up this identity first may be another tenant.
    return absl::InvalidArgumentError(absl::StrCat(
        "embedding has ", vector_.values.size(), " components; others of identity \"",
        vector_.identity, "\" in category \"", result_.category, "\" have another number"));
  }

  // --- the index proposes, the document decides ---

  void RememberVector() {
    if (!fresh_vector_ || request_.no_store) return;
    cache_.parts_.recent_embeddings->Remember(
        vector_.identity, query_, std::make_shared<const std::vector<float>>(vector_.values));
  }

  absl::Status SearchAndCheck() {
    const std::shared_ptr<CategoryCache> entries = cache_.FindCategory(result_.category);
    const float threshold = Threshold(*category_);
    result_.similarity_threshold = threshold;
    SearchResult search;
    if (entries != nullptr) {
      const MonotonicTime before = Now();
      const Hash128 scope = ScopeHash(cache_.parts_.store->hash_key(), request_.scope);
      search = entries->Search(vector_.identity, scope, vector_.values, threshold, kMaxCandidates);
      result_.search_time += Now() - before;
    }
    result_.answered_by = Name(search.answered_by);
    if (search.nearest_similarity >= -1 && search.answered_by != IndexStructure::kNone) {
      result_.nearest_similarity = search.nearest_similarity;
    }
    RETURN_IF_ERROR(call_.Check());
    for (const Candidate& candidate : search.candidates) {
      float similarity = candidate.similarity;  // the index's word, until the document's
      const auto check = [&](const Document& document, const Expectation& expected) {
        return CheckSemantic(document, expected, vector_.identity, vector_.values, threshold,
                             category_->configured, &similarity);
      };
      if (!TryEntry(*category_, entries.get(), candidate.id, candidate.similarity, check)) continue;
      result_.outcome = Outcome::kHitSemantic;
      result_.similarity = similarity;
      result_.miss_reason = MissReason::kNone;
      return absl::OkStatus();
    }
    if (result_.miss_reason == MissReason::kNone) {
      result_.miss_reason = result_.nearest_similarity.has_value() ? MissReason::kBelowThreshold
                                                                   : MissReason::kNoCandidate;
      if (!cache_.warm_) result_.miss_reason = MissReason::kWarming;
    }
    return absl::OkStatus();
  }

  // Fetches and checks one entry; on success the response is in the result. A failure is noted as
  // the reason of the miss, should it come to one; the first reason is the nearest entry's.
  template <typename Check>
  bool TryEntry(const CategoryInForce& category, CategoryCache* entries, EntryId id,
                float similarity, const Check& check) {
    const MonotonicTime before = Now();
    const bool served = CheckEntry(category, entries, id, similarity, check);
    result_.check_time += Now() - before;
    return served;
  }

  template <typename Check>
  bool CheckEntry(const CategoryInForce& category, CategoryCache* entries, EntryId id,
                  float similarity, const Check& check) {
    const std::optional<EntryMeta> meta = entries->Find(id);
    if (!meta.has_value()) {
      return Refuse(category, id, similarity, {}, MissReason::kRejected, "erased", "was erased");
    }
    const EntryAge age = meta->AgeAt(Now());
    if (age.since_insert >= request_.max_age) {
      return Refuse(category, id, similarity, age.since_insert, MissReason::kExpired, "max_age",
                    "is older than max_age");
    }
    const Liveness liveness = LivenessOf(age, meta->caller_ttl, category.configured,
                                         category.For(request_.scope.model).ttl);
    if (liveness == Liveness::kExpired) {
      return Refuse(category, id, similarity, age.since_insert, MissReason::kExpired, "expired",
                    "has expired");
    }
    absl::StatusOr<Document> document = cache_.parts_.store->Get(id);
    if (!document.ok()) {
      const bool gone = absl::IsNotFound(document.status()) || absl::IsDataLoss(document.status());
      // What the store has lost, or holds damaged, can never be served: it need not be found again.
      if (gone) cache_.Remove(id).status().IgnoreError();
      if (!absl::IsNotFound(document.status())) cache_.metrics_->CountStoreError("get");
      return Refuse(category, id, similarity, age.since_insert, MissReason::kRejected,
                    gone ? "lost" : "unreadable", "its document cannot be read");
    }
    const Expectation expected{id, &request_.scope, category.configured.category, query_};
    if (const auto rejection = check(*document, expected)) {
      const bool guard = rejection->reason == "guard";
      return Refuse(category, id, similarity, age.since_insert,
                    guard ? MissReason::kGuard : MissReason::kRejected, rejection->reason,
                    rejection->detail);
    }
    if (liveness == Liveness::kStale && !entries->ClaimStale(id)) {
      return Refuse(category, id, similarity, age.since_insert, MissReason::kExpired, "expired",
                    "has expired and was served stale once");
    }
    // A use of what is past its TTL must not bring it back to life.
    if (liveness == Liveness::kAlive) entries->Touch(id, Now());
    result_.entry_id = id;
    result_.age = age.since_insert;
    result_.stale = liveness == Liveness::kStale;
    result_.response = std::move(document->response);
    Explain(id, similarity, age.since_insert, "served");
    return true;
  }

  bool Refuse(const CategoryInForce& category, EntryId id, float similarity, absl::Duration age,
              MissReason reason, std::string_view counted_as, std::string_view verdict) {
    cache_.metrics_->CountRejected(category.configured.category, counted_as);
    if (result_.miss_reason == MissReason::kNone) result_.miss_reason = reason;
    Explain(id, similarity, age, verdict);
    return false;
  }

  void Explain(EntryId id, float similarity, absl::Duration age, std::string_view verdict) {
    if (!request_.explain) return;
    result_.candidates.push_back({id, similarity, age, std::string(verdict)});
  }

  void FinishMiss() {
    if (request_.no_store) return;
    result_.lookup_id = cache_.tickets_->Issue({request_.principal,
                                                request_.scope,
                                                std::string(query_),
                                                std::move(vector_),
                                                result_.category,
                                                {}});
  }

  float Threshold(const CategoryInForce& category) const {
    const float effective = category.For(request_.scope.model).similarity_threshold;
    return std::max(effective, request_.min_similarity.value_or(0.0F));
  }

  SemanticCache& cache_;
  const LookupRequest& request_;
  const Call& call_;
  const bool may_embed_;
  const std::string_view query_;
  const PoliciesPtr policies_;
  const MonotonicTime started_;

  const CategoryInForce* named_ = nullptr;     // by the request
  const CategoryInForce* category_ = nullptr;  // whose policy applies
  Embedding vector_;
  bool fresh_vector_ = false;  // made for this lookup, not remembered yet
  bool needs_embedding_ = false;
  LookupResult result_;
};

absl::StatusOr<LookupResult> SemanticCache::Lookup(const LookupRequest& request, const Call& call) {
  LookupRun run(this, request, call, /*may_embed=*/true);
  if (absl::Status status = run.Run(); !status.ok()) {
    metrics_->CountLookupError(run.result().category, absl::StatusCodeToString(status.code()));
    return status;
  }
  metrics_->CountLookup(run.result(), run.took());
  return std::move(run.result());
}

std::optional<absl::StatusOr<LookupResult>> SemanticCache::TryLookup(const LookupRequest& request,
                                                                     const Call& call) {
  LookupRun run(this, request, call, /*may_embed=*/false);
  if (absl::Status status = run.Run(); !status.ok()) {
    metrics_->CountLookupError(run.result().category, absl::StatusCodeToString(status.code()));
    return status;
  }
  if (run.needs_embedding()) return std::nullopt;
  metrics_->CountLookup(run.result(), run.took());
  return std::move(run.result());
}

}  // namespace semcached
