// The life of a lookup: the exact path, the vector, the category. The semantic half is in
// lookup_search.cc.

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

#include "cache/cache_metrics.h"
#include "cache/lookup_recorder.h"
#include "cache/lookup_run.h"
#include "semcached/base/lock_waits.h"
#include "semcached/base/status.h"

namespace semcached {
namespace {

// Of a lookup that would take a lease, while answers to others keep coming in its scope.
constexpr int kMostLooks = 4;

// Share of the lookups of a losing category that go on, to see whether it still loses.
constexpr double kStillTried = 0.05;
constexpr char kLoses[] = "the category costs more time than it saves (when_losing: bypass)";

}  // namespace

absl::Status SemanticCache::LookupRun::Run() {
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

absl::Status SemanticCache::LookupRun::CheckRequest() {
  if (query_.empty() && request_.embedding.values.empty()) {
    return absl::InvalidArgumentError("nothing to look up by: send query, embedding or both");
  }
  if (request_.category.empty()) {
    if (!cache_.options_.require_category) return absl::OkStatus();
    return absl::InvalidArgumentError(
        "category is empty; this server is configured with require_category: name it");
  }
  ASSIGN_OR_RETURN(named_, policies_->Get(request_.category));
  return absl::OkStatus();
}

bool SemanticCache::LookupRun::Bypassed() {
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
  if (named_ != nullptr && Loses(*named_)) {
    SetCategory(*named_, CategorySource::kRequest);
    Bypass(kLoses);
    return true;
  }
  return false;
}

bool SemanticCache::LookupRun::Loses(const CategoryInForce& category) const {
  return category.bypassed_as_losing && !request_.explain &&
         !Happens(kStillTried, cache_.parts_.random);
}

void SemanticCache::LookupRun::Bypass(const char* why) {
  result_.outcome = Outcome::kBypass;
  result_.bypass_reason = why;
}

void SemanticCache::LookupRun::SetCategory(const CategoryInForce& category, CategorySource source) {
  category_ = &category;
  result_.category = category.configured.category;
  result_.category_source = source;
}

bool SemanticCache::LookupRun::TryExact() {
  Bench bench = MakeBench();
  ExactKeys::FoundList found = cache_.exact_keys_->Find(bench.query_key);
  std::reverse(found.begin(), found.end());  // the newest first
  for (const ExactKeys::Found& entry : found) {
    if (named_ != nullptr && entry.category != request_.category) continue;
    const CategoryInForce* category = policies_->Find(entry.category);
    if (category == nullptr || !category->configured.allow_caching) continue;
    const std::shared_ptr<CategoryCache> entries = cache_.FindCategory(entry.category);
    if (entries == nullptr) continue;
    bench.category = category;
    Judgement judgement = Judge(bench, entries.get(), entry.id, /*proposed=*/nullptr);
    if (!MayServe(*category, judgement, entries.get())) {
      NoteRefusal(judgement, *category, 0);
      continue;
    }
    Serve(*category, std::move(judgement), entries.get());
    SetCategory(*category, named_ != nullptr ? CategorySource::kRequest : CategorySource::kEntry);
    result_.outcome = Outcome::kHitExact;
    result_.similarity_threshold = Threshold(*category);
    return true;
  }
  return false;
}

absl::Status SemanticCache::LookupRun::FindVectorAndCategory() {
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

absl::Status SemanticCache::LookupRun::EmbedWith(const std::string& embedder) {
  const Embedder* found = cache_.FindEmbedder(embedder);
  if (found == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat(
        "embedder \"", embedder, "\" is not configured; send the embedding with the request"));
  }
  if (const auto recent = cache_.parts_.recent_embeddings->Find(request_.scope.namespace_name,
                                                                found->identity(), query_)) {
    vector_ = {found->identity(), *recent};
    return absl::OkStatus();
  }
  if (!may_embed_) {
    needs_embedding_ = true;
    return absl::OkStatus();
  }
  const MonotonicTime before = Now();
  ASSIGN_OR_RETURN(
      vector_, cache_.Embed(request_.scope.namespace_name, embedder, std::string(query_), call_));
  result_.embed_time += Now() - before;
  fresh_vector_ = true;
  return absl::OkStatus();
}

absl::Status SemanticCache::LookupRun::Classify() {
  if (vector_.values.empty()) {
    // It may be as private as any other: what cannot be classified is not kept.
    Bypass("the embedder cannot tell this query from others; name its category");
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const Classified classified, cache_.Classify(*policies_, vector_));
  SetCategory(*classified.category, classified.source);
  if (!category_->configured.allow_caching) {
    Bypass("the query was classified as one not to cache");
  } else if (Loses(*category_)) {
    Bypass(kLoses);
  }
  return absl::OkStatus();
}

absl::Status SemanticCache::LookupRun::CheckDimension() const {
  const std::shared_ptr<CategoryCache> entries = cache_.FindCategory(result_.category);
  const size_t dimension = entries == nullptr ? 0 : entries->DimensionOf(vector_.identity);
  if (dimension == 0 || dimension == vector_.values.size()) return absl::OkStatus();
  // Not the right one: who made up this identity first may be another tenant.
  return absl::InvalidArgumentError(absl::StrCat(
      "embedding has ", vector_.values.size(), " components; others of identity \"",
      vector_.identity, "\" in category \"", result_.category, "\" have another number"));
}

void SemanticCache::LookupRun::Count(const absl::Status& status) {
  CacheMetrics& metrics = *cache_.metrics_;
  for (const auto& [category, reason] : refusals_) metrics.CountRejected(category, reason);
  if (status.ok()) {
    metrics.CountLookup(result_, Now() - started_);
  } else {
    metrics.CountLookupError(result_.category, absl::StatusCodeToString(status.code()));
  }
  if (refused_.has_value() && cache_.parts_.hit_observer != nullptr) {
    cache_.parts_.hit_observer->OnRefused(result_.category, identity_, *refused_);
  }
  if (records_) cache_.recorder_->Add(std::move(recorded_));
}

// Tells how long a lookup waited for locks, once it has taken the last of them.
class SemanticCache::CountedWaits {
 public:
  explicit CountedWaits(SemanticCache* cache)
      : metrics_(*cache->metrics_), waits_(cache->parts_.clock) {}
  ~CountedWaits() { metrics_.CountLockWaits(waits_.waits()); }
  CountedWaits(const CountedWaits&) = delete;
  CountedWaits& operator=(const CountedWaits&) = delete;

 private:
  CacheMetrics& metrics_;
  const LockWaits waits_;
};

std::optional<absl::StatusOr<LookupResult>> SemanticCache::LookUp(const LookupRequest& request,
                                                                  const Call& call,
                                                                  bool may_embed) {
  const CountedWaits counted(this);
  for (int looks = 1;; ++looks) {
    LookupRun run(this, request, call, may_embed, /*may_be_overtaken=*/looks < kMostLooks);
    const absl::Status status = run.Run();
    if (status.ok() && run.needs_embedding()) return std::nullopt;
    if (status.ok() && run.overtaken()) continue;
    // One that waits is counted when it has come to something.
    if (!status.ok() || run.result().awaits == nullptr) run.Count(status);
    if (!status.ok()) return status;
    return std::move(run.result());
  }
}

absl::StatusOr<LookupResult> SemanticCache::Lookup(const LookupRequest& request, const Call& call) {
  return *LookUp(request, call, /*may_embed=*/true);
}

std::optional<absl::StatusOr<LookupResult>> SemanticCache::TryLookup(const LookupRequest& request,
                                                                     const Call& call) {
  return LookUp(request, call, /*may_embed=*/false);
}

}  // namespace semcached
