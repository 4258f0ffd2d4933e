#ifndef SEMCACHED_SRC_CACHE_LOOKUP_RUN_H_
#define SEMCACHED_SRC_CACHE_LOOKUP_RUN_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cache/audit.h"
#include "cache/category_cache.h"
#include "cache/exact_keys.h"
#include "cache/guarded_query.h"
#include "cache/judgement.h"
#include "cache/leases.h"
#include "semcached/cache/recorded_lookup.h"
#include "semcached/cache/semantic_cache.h"

namespace semcached {

// One lookup and all that it has learned so far. Lives on one thread.
class SemanticCache::LookupRun {
 public:
  // `may_be_overtaken`: an answer that is inserted beside this run ends it; see overtaken().
  LookupRun(SemanticCache* cache, const LookupRequest& request, const Call& call, bool may_embed,
            bool may_be_overtaken)
      : cache_(*cache),
        request_(request),
        call_(call),
        may_embed_(may_embed),
        may_be_overtaken_(may_be_overtaken),
        query_(TrimQuery(request.query)),
        policies_(cache->parts_.policies->Current()),
        started_(cache->parts_.clock->Monotonic()) {
    if (!query_.empty()) guarded_.emplace(query_, cache->parts_.store->hash_key());
    if (request.on_miss != OnMiss::kLease) return;
    scope_hash_ = ScopeHash(cache->parts_.store->hash_key(), request.scope);
    answers_before_ = cache->leases_->AnswersSoFar(scope_hash_);
  }

  // Ok: result() stands, unless needs_embedding().
  absl::Status Run();

  bool needs_embedding() const { return needs_embedding_; }
  // An answer was inserted beside this run, which was about to take a lease: look again.
  bool overtaken() const { return overtaken_; }
  LookupResult& result() { return result_; }

  // Once, when this run has become the answer: one that stops before the embedding is run again.
  void Count(const absl::Status& status);

 private:
  struct Refusal {
    std::string_view category;  // policies_ has it
    std::string reason;
  };

  MonotonicTime Now() const { return cache_.parts_.clock->Monotonic(); }
  absl::Status CheckRequest();
  bool Bypassed();
  // Whether the category's policy keeps out of this lookup, as it costs more than it saves.
  bool Loses(const CategoryInForce& category) const;
  void Bypass(const char* why);
  void SetCategory(const CategoryInForce& category, CategorySource source);

  // --- the exact path: no embedding, no classification, no search ---

  bool TryExact();

  // --- the vector, and the category from it ---

  absl::Status FindVectorAndCategory();
  // Takes the remembered vector of the query, or embeds it.
  absl::Status EmbedWith(const std::string& embedder);
  absl::Status Classify();
  absl::Status CheckDimension() const;

  // --- the index proposes, the document decides ---

  void RememberVector();
  absl::Status SearchAndCheck();
  // An audit costs a call of the model: the more load, the fewer.
  double AuditRate() const;
  Bench MakeBench();
  Bench MakeSemanticBench(bool every_guard);
  // Hashed once: of a text it does not depend on the vector, and without a text the vector is there
  // before anybody asks.
  Hash128 QueryKey();
  // `from`: candidates further away are not asked for.
  SearchResult Search(const Bench& bench, float from, CategoryCache* entries);
  // Without a proposal of the index: of an entry that the exact path found.
  Judgement Judge(const Bench& bench, CategoryCache* entries, EntryId id,
                  const Candidate* proposed);
  // What is past its TTL is served once, and under load as often as it is asked for.
  bool MayServe(const CategoryInForce& category, Judgement& judgement, CategoryCache* entries);
  void Serve(const CategoryInForce& category, Judgement judgement, CategoryCache* entries);
  void FinishSemanticHit(Judgement judgement, CategoryCache* entries);
  // A refusal is the reason of the miss, should it come to one; the first one is the nearest
  // entry's. What is merely too far is no refusal yet.
  void NoteRefusal(const Judgement& judgement, const CategoryInForce& category, float least);
  // `passed`: the verdict if nothing refuses it.
  void Explain(const Judgement& judgement, const char* passed);
  void TakeVerifier(Bench* bench);
  void CountVerified(const Judgement& judgement, float threshold);
  bool OnlyTooFar(const Judgement& judgement) const;
  // Tells the observer; with `audits` the insert that follows compares the answers.
  void NoteUnserved(const Audited& candidate, bool audits);
  // Whole, alive and of the scope; but not what somebody called wrong for this query, nor more than
  // a message holds.
  void KeepNearHit(Judgement* judgement);
  bool RecordsTexts() const {
    return cache_.options_.record_texts && category_->configured.store_query;
  }
  void Record(const Judgement& judgement);
  void FinishRecord(float threshold);
  void FinishMiss();
  // Takes the lease for the answer, or finds whom to wait for.
  void ClaimLease();
  // Whether the answer to that query, once it is there, would be one to this.
  bool WouldAnswer(const Bench& bench, const MissedQuery& leased);
  float Threshold(const CategoryInForce& category) const;

  SemanticCache& cache_;
  const LookupRequest& request_;
  const Call& call_;
  const bool may_embed_;
  const bool may_be_overtaken_;
  const std::string_view query_;
  const PoliciesPtr policies_;
  const MonotonicTime started_;

  const CategoryInForce* named_ = nullptr;     // by the request
  const CategoryInForce* category_ = nullptr;  // whose policy applies
  Embedding vector_;
  bool fresh_vector_ = false;  // made for this lookup, not remembered yet
  bool needs_embedding_ = false;
  Hash128 scope_hash_;           // with OnMiss::kLease
  uint64_t answers_before_ = 0;  // that had ended leases when this run began
  bool overtaken_ = false;
  std::optional<Hash128> query_key_;
  std::optional<GuardedQuery> guarded_;  // the query, if it has a text
  std::vector<Refusal> refusals_;
  std::shared_ptr<const VerifierSet> verifiers_;  // of this lookup
  std::optional<absl::Duration> verify_left_;     // of the time that they may take
  size_t near_hit_bytes_ = 0;
  Audited audited_;
  std::string identity_;          // of refused_
  std::optional<float> refused_;  // the similarity that the observer is told of, by Count()
  bool records_ = false;          // recorded_ is kept, by Count()
  RecordedLookup recorded_;
  LookupResult result_;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_CACHE_LOOKUP_RUN_H_
