// The semantic half of a lookup: the index proposes, the judge decides, one is served.

#include <algorithm>
#include <utility>

#include "cache/blocked_pairs.h"
#include "cache/cache_metrics.h"
#include "cache/lookup_recorder.h"
#include "cache/lookup_run.h"
#include "cache/lookup_tickets.h"
#include "semcached/base/status.h"
#include "semcached/cache/verifier_keeper.h"

namespace semcached {
namespace {

// The nearest may have expired or be refused by a guard; the next ones are tried, but not for ever.
constexpr size_t kMaxCandidates = 8;

// How far below the threshold an audit asks whether an answer would have been right.
constexpr float kAuditReach = 0.10F;

// Of all near hits of one answer: examples must not outgrow what a client takes as one message.
constexpr size_t kMostNearHitBytes = 1 << 20;

// Below this nothing is served, whatever a verifier says: a budget's evidence is by similarity, and
// a minimum that an operator set is one.
float LeastFor(const CategoryPolicy& policy, float threshold) {
  if (policy.false_hit_budget.has_value()) return threshold;
  const bool adapts = policy.adaptation.mode != AdaptationMode::kOff;
  return adapts ? policy.adaptation.min_similarity_threshold : 0;
}

}  // namespace

void SemanticCache::LookupRun::RememberVector() {
  if (!fresh_vector_ || request_.no_store) return;
  cache_.parts_.recent_embeddings->Remember(
      request_.scope.namespace_name, vector_.identity, query_,
      std::make_shared<const std::vector<float>>(vector_.values));
}

absl::Status SemanticCache::LookupRun::SearchAndCheck() {
  const std::shared_ptr<CategoryCache> entries = cache_.FindCategory(result_.category);
  const bool recorded = !request_.no_store && cache_.recorder_->Samples();
  const bool audits =
      !request_.no_store && !request_.explain && Happens(AuditRate(), cache_.parts_.random);
  // Who wants to see more than an answer sees all that is near, refused or not.
  const bool wide = request_.explain || recorded || request_.near_hits > 0;
  const bool watches = audits || category_->configured.false_hit_budget.has_value();

  Bench bench = MakeSemanticBench(wide || watches);
  const float threshold = bench.nearness.threshold;
  result_.similarity_threshold = threshold;
  float from = bench.nearness.least;
  if (watches) from = std::min(from, threshold - kAuditReach);
  if (wide) from = -1;
  const SearchResult search = Search(bench, from, entries.get());
  RETURN_IF_ERROR(call_.Check());

  std::optional<Judgement> answer;
  std::optional<Audited> near_miss;
  for (const Candidate& candidate : search.candidates) {
    Judgement judgement = Judge(bench, entries.get(), candidate.id, &candidate);
    if (judgement.verified) CountVerified(judgement, threshold);
    if (recorded) Record(judgement);
    if (answer.has_value()) {
      if (request_.explain) Explain(judgement, "would be served");
      continue;
    }
    const bool serves = MayServe(*category_, judgement, entries.get());
    if (request_.explain) Explain(judgement, "served");
    if (serves) {
      answer = std::move(judgement);
      if (!wide) break;
      bench.verifier = nullptr;  // what comes behind is only shown
      continue;
    }
    NoteRefusal(judgement, *category_, bench.nearness.least);
    if (watches && !near_miss.has_value() && OnlyTooFar(judgement)) {
      near_miss = Audited{judgement.id, judgement.similarity, VerdictSource::kNearMiss};
    }
    if (result_.near_hits.size() < request_.near_hits) KeepNearHit(&judgement);
  }
  if (answer.has_value() && audits) {
    near_miss = Audited{answer->id, answer->similarity, VerdictSource::kAudit};
    result_.miss_reason = MissReason::kAudit;
    NoteUnserved(*near_miss, true);
  } else if (answer.has_value()) {
    result_.near_hits.clear();
    FinishSemanticHit(*std::move(answer), entries.get());
  } else if (result_.miss_reason == MissReason::kNone) {
    if (near_miss.has_value()) NoteUnserved(*near_miss, audits);
    result_.miss_reason = result_.nearest_similarity.has_value() ? MissReason::kBelowThreshold
                                                                 : MissReason::kNoCandidate;
    if (!cache_.warm_) result_.miss_reason = MissReason::kWarming;
  }
  if (recorded) FinishRecord(threshold);
  return absl::OkStatus();
}

double SemanticCache::LookupRun::AuditRate() const {
  return category_->configured.audit_rate * (1 - category_->For(request_.scope.model).load_factor);
}

Bench SemanticCache::LookupRun::MakeBench() {
  Bench bench;
  bench.store = cache_.parts_.store;
  bench.blocked = cache_.blocked_pairs_.get();
  bench.request = &request_;
  bench.query = query_;
  bench.query_key = QueryKey();
  bench.now = Now();
  return bench;
}

Bench SemanticCache::LookupRun::MakeSemanticBench(bool every_guard) {
  Bench bench = MakeBench();
  bench.category = category_;
  bench.guarded = guarded_.has_value() ? &*guarded_ : nullptr;
  bench.identity = vector_.identity;
  bench.vector = vector_.values;
  const float threshold = Threshold(*category_);
  bench.nearness = {threshold, threshold, every_guard};
  TakeVerifier(&bench);
  return bench;
}

Hash128 SemanticCache::LookupRun::QueryKey() {
  if (!query_key_.has_value()) {
    query_key_ = ExactKey(cache_.parts_.store->hash_key(), request_.scope, query_, vector_);
  }
  return *query_key_;
}

SearchResult SemanticCache::LookupRun::Search(const Bench& bench, float from,
                                              CategoryCache* entries) {
  if (entries == nullptr) {
    result_.answered_by = Name(IndexStructure::kNone);
    return {};
  }
  const MonotonicTime before = Now();
  const Hash128 scope = ScopeHash(cache_.parts_.store->hash_key(), request_.scope);
  const size_t limit = std::max(kMaxCandidates, request_.near_hits);
  SearchResult search = entries->Search(vector_.identity, scope, bench.vector, from, limit);
  result_.search_time += Now() - before;
  result_.answered_by = Name(search.answered_by);
  if (search.nearest_similarity >= -1 && search.answered_by != IndexStructure::kNone) {
    result_.nearest_similarity = search.nearest_similarity;
  }
  return search;
}

Judgement SemanticCache::LookupRun::Judge(const Bench& bench, CategoryCache* entries, EntryId id,
                                          const Candidate* proposed) {
  const MonotonicTime before = Now();
  Judgement judgement = JudgeErased(id, proposed == nullptr ? 1 : proposed->similarity);
  if (const std::optional<EntryMeta> entry = entries->Find(id)) {
    judgement =
        proposed == nullptr ? JudgeExact(bench, *entry) : JudgeSemantic(bench, *entry, *proposed);
  }
  result_.check_time += Now() - before;
  return judgement;
}

bool SemanticCache::LookupRun::MayServe(const CategoryInForce& category, Judgement& judgement,
                                        CategoryCache* entries) {
  if (judgement.refusal != MissReason::kNone) return false;
  if (judgement.liveness != Liveness::kStale) return true;
  if (category.For(request_.scope.model).serve_stale || entries->ClaimStale(judgement.id)) {
    return true;
  }
  judgement.refusal = MissReason::kExpired;
  judgement.counted_as = "expired";
  judgement.verdict = "has expired and was served stale once";
  return false;
}

void SemanticCache::LookupRun::Serve(const CategoryInForce& category, Judgement judgement,
                                     CategoryCache* entries) {
  // A use of what is past its TTL must not bring it back to life.
  if (judgement.liveness == Liveness::kAlive) entries->Touch(judgement.id, Now());
  result_.entry_id = judgement.id;
  result_.similarity = judgement.similarity;
  result_.age = judgement.age;
  result_.stale = judgement.liveness == Liveness::kStale;
  result_.defer_refresh = result_.stale && category.For(request_.scope.model).serve_stale;
  result_.response = std::move(judgement.document->response);
  result_.miss_reason = MissReason::kNone;
}

void SemanticCache::LookupRun::FinishSemanticHit(Judgement judgement, CategoryCache* entries) {
  const ServedHit hit{judgement.id, QueryKey(), judgement.document->entry.exact_key,
                      judgement.similarity};
  Serve(*category_, std::move(judgement), entries);
  result_.outcome = Outcome::kHitSemantic;
  if (cache_.parts_.hit_observer != nullptr) {
    cache_.parts_.hit_observer->OnServed(result_.category, vector_.identity, hit.similarity);
  }
  if (request_.no_store) return;
  result_.lookup_id = cache_.hit_tickets_->Issue(
      {request_.principal, {}, "", {vector_.identity, {}}, result_.category, {}, {}, hit, false});
}

void SemanticCache::LookupRun::NoteRefusal(const Judgement& judgement,
                                           const CategoryInForce& category, float least) {
  // What the store has lost, or holds damaged, can never be served: it need not be found again.
  if (judgement.lost) {
    // A deletion that goes on beside this has taken it out of memory already.
    const bool indexed = cache_.Remove(judgement.id).value_or(false);
    if (indexed && !judgement.damaged) {
      cache_.metrics_->CountRepaired(Divergence::kIndexWithoutDocument, 1);
    }
  }
  if (judgement.refusal == MissReason::kBelowThreshold) return;
  const bool gone = judgement.lost && !judgement.damaged;
  if (!gone && (judgement.lost || judgement.counted_as == "unreadable")) {
    cache_.metrics_->CountStoreError("get");
  }
  // It would have been too far in any case.
  if (std::max(judgement.proposed, judgement.similarity) < least) return;
  refusals_.push_back({category.configured.category, judgement.counted_as});
  if (result_.miss_reason == MissReason::kNone) result_.miss_reason = judgement.refusal;
}

void SemanticCache::LookupRun::Explain(const Judgement& judgement, const char* passed) {
  const bool passes = judgement.refusal == MissReason::kNone;
  result_.candidates.push_back({judgement.id, judgement.similarity, judgement.age,
                                passes ? passed : judgement.verdict, judgement.guards});
}

// The category's verifier, if it has one and the policy wants it asked.
void SemanticCache::LookupRun::TakeVerifier(Bench* bench) {
  const VerifierPolicy& policy = category_->configured.verifier;
  if (cache_.parts_.verifiers == nullptr || policy.mode == VerifierMode::kOff) return;
  verifiers_ = cache_.parts_.verifiers->Current();
  bench->verifier = verifiers_->Find(result_.category, vector_.identity);
  if (bench->verifier == nullptr) return;
  bench->least_similarity = std::max(request_.min_similarity.value_or(0),
                                     LeastFor(category_->configured, bench->nearness.threshold));
  bench->nearness.least = static_cast<float>(
      LeastSearched(bench->nearness.threshold, bench->least_similarity, bench->verifier->rule));
  bench->clock = cache_.parts_.clock;
  bench->verify_left = &verify_left_.emplace(policy.time_budget);
}

void SemanticCache::LookupRun::CountVerified(const Judgement& judgement, float threshold) {
  const VerifyDecision& decision = *judgement.verified;
  const bool near = judgement.similarity >= threshold;
  const char* what = near ? "kept" : "left";
  if (decision.accept != near) what = near ? "turned_down" : "let_in";
  if (decision.reason == VerifyReason::kNoAnswer) what = "no_answer";
  cache_.metrics_->CountVerified(result_.category, Name(category_->configured.verifier.mode), what);
}

// What an audit may ask of below the threshold: all but its distance speaks for it.
bool SemanticCache::LookupRun::OnlyTooFar(const Judgement& judgement) const {
  if (judgement.refusal != MissReason::kBelowThreshold || !judgement.guards.empty()) return false;
  if (judgement.verified.has_value() && !judgement.verified->accept) return false;
  if (!judgement.document.has_value()) return false;
  const CategoryPolicy& policy = category_->configured;
  const bool guards_ran = guarded_.has_value() && StoredTextOf(*judgement.document).any();
  return guards_ran || policy.guards.empty() || policy.guards_without_text;
}

void SemanticCache::LookupRun::NoteUnserved(const Audited& candidate, bool audits) {
  if (audits) audited_ = candidate;
  refused_ = candidate.similarity;
  identity_ = vector_.identity;  // the vector itself goes with the ticket
}

void SemanticCache::LookupRun::KeepNearHit(Judgement* judgement) {
  if (!judgement->document.has_value() || judgement->refusal == MissReason::kFeedback) return;
  if (judgement->liveness != Liveness::kAlive) return;
  near_hit_bytes_ += judgement->document->response.body.size();
  if (near_hit_bytes_ > kMostNearHitBytes) return;
  result_.near_hits.push_back({judgement->id, judgement->similarity, judgement->age,
                               std::move(judgement->document->query),
                               std::move(judgement->document->response)});
}

void SemanticCache::LookupRun::Record(const Judgement& judgement) {
  if (!judgement.document.has_value()) return;  // expired, or not to be read
  RecordedCandidate candidate;
  candidate.similarity = judgement.similarity;
  candidate.age = judgement.age;
  candidate.caller_ttl = judgement.caller_ttl;
  candidate.blocked = judgement.refusal == MissReason::kFeedback;
  const StoredText cached = StoredTextOf(*judgement.document);
  candidate.without_text = !guarded_.has_value() || !cached.any();
  if (!candidate.without_text) {
    for (const GuardRefusal& refusal : guarded_->Ask(kAllGuards, /*every_guard=*/true, cached)) {
      candidate.refusing.push_back(refusal.guard);
    }
    if (RecordsTexts()) candidate.query = std::string(cached.query.value_or(""));
  }
  recorded_.candidates.push_back(std::move(candidate));
}

void SemanticCache::LookupRun::FinishRecord(float threshold) {
  recorded_.time = cache_.parts_.clock->Wall();
  recorded_.category = result_.category;
  recorded_.model = request_.scope.model;
  recorded_.embedding_identity = vector_.identity;
  recorded_.outcome = result_.outcome;
  recorded_.similarity_threshold = threshold;
  recorded_.min_similarity = request_.min_similarity.value_or(0);
  recorded_.max_age = request_.max_age;
  if (RecordsTexts()) recorded_.query = std::string(query_);
  records_ = true;
}

void SemanticCache::LookupRun::FinishMiss() {
  if (request_.no_store) return;
  // What an audit measures was an answer: nobody waits for another one.
  if (request_.on_miss == OnMiss::kLease && result_.miss_reason != MissReason::kAudit) {
    ClaimLease();
    if (result_.awaits != nullptr || overtaken_) return;
  }
  const bool leased = !result_.lease.empty();
  result_.lookup_id = leased ? result_.lease : cache_.tickets_->NewId();
  cache_.tickets_->Issue(result_.lookup_id, {request_.principal,
                                             request_.scope,
                                             std::string(query_),
                                             std::move(vector_),
                                             result_.category,
                                             {},
                                             audited_,
                                             std::nullopt,
                                             leased});
}

float SemanticCache::LookupRun::Threshold(const CategoryInForce& category) const {
  float threshold = category.For(request_.scope.model).similarity_threshold;
  // What evidence of one embedder allows says nothing of another's vectors.
  const CategoryPolicy& policy = category.configured;
  if (policy.false_hit_budget.has_value() && !vector_.identity.empty()) {
    const Embedder* own = cache_.FindEmbedder(policy.embedding);
    if (own == nullptr || own->identity() != vector_.identity) {
      threshold = std::max(threshold, policy.similarity_threshold);
    }
  }
  return std::max(threshold, request_.min_similarity.value_or(0.0F));
}

}  // namespace semcached
