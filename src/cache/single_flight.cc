// Single flight, by meaning: the first to miss takes the lease for the answer, and those whose
// query it would answer wait for it and then look again. What they are given has passed the checks
// of any other hit.

#include <algorithm>
#include <utility>

#include "cache/blocked_pairs.h"
#include "cache/cache_metrics.h"
#include "cache/leases.h"
#include "cache/lookup_run.h"
#include "cache/lookup_tickets.h"
#include "semcached/base/status.h"
#include "semcached/index/similarity.h"

namespace semcached {
namespace {

// Looked up again in one go, so that one task of many does not keep others from the thread.
constexpr size_t kResumedAtOnce = 32;

}  // namespace

bool SemanticCache::LookupRun::WouldAnswer(const Bench& bench, const MissedQuery& leased) {
  if (vector_.values.size() != leased.embedding.values.size() || vector_.values.empty()) {
    return false;
  }
  if (vector_.identity != leased.embedding.identity) return false;
  QueryPair pair;
  pair.similarity = DotProduct(vector_.values, leased.embedding.values);
  if (!(pair.similarity >= bench.nearness.least)) return false;
  pair.query = bench.guarded;
  // As the document will have it.
  if (leased.guard_text.has_value()) {
    pair.cached.guard_text = *leased.guard_text;
  } else if (category_->configured.store_query && !leased.query.empty()) {
    pair.cached.query = leased.query;
  }
  pair.blocked = cache_.blocked_pairs_->Contains(bench.query_key, leased.exact_key);
  return AcceptPair(bench, pair, leased.embedding.values).refusal == MissReason::kNone;
}

void SemanticCache::LookupRun::ClaimLease() {
  auto missed = std::make_shared<MissedQuery>();
  missed->principal = request_.principal;
  missed->category = result_.category;
  missed->scope = request_.scope;
  missed->scope_hash = scope_hash_;
  missed->exact_key = QueryKey();
  missed->query = std::string(query_);
  missed->guard_text = GuardTextFor(category_->configured, query_, cache_.parts_.store->hash_key());
  missed->embedding = vector_;
  const Bench bench = MakeSemanticBench(/*every_guard=*/false);
  LeaseTable::Claim claim = cache_.leases_->TakeOrFind(
      cache_.tickets_->NewId(), missed, answers_before_,
      [&](const MissedQuery& leased) { return WouldAnswer(bench, leased); }, Now());
  switch (claim.kind) {
    case LeaseTable::Claim::Kind::kTaken:
      result_.lease = std::move(claim.lease);
      result_.lease_ttl = cache_.options_.leases.ttl;
      return;
    case LeaseTable::Claim::Kind::kHeld: {
      auto awaited = std::make_shared<AwaitedLease>();
      awaited->lease = std::move(claim.lease);
      awaited->request = request_;
      awaited->request.category = result_.category;
      awaited->request.embedding = vector_;
      awaited->category_source = result_.category_source;
      result_.awaits = std::move(awaited);
      return;
    }
    case LeaseTable::Claim::Kind::kLookAgain:
      overtaken_ = may_be_overtaken_;
      return;
    case LeaseTable::Claim::Kind::kNone:
      return;
  }
}

void SemanticCache::Await(std::shared_ptr<const AwaitedLease> awaited, MonotonicTime until,
                          std::function<bool()> cancelled, Answered done) {
  const MonotonicTime since = parts_.clock->Monotonic();
  const std::string lease = awaited->lease;
  LeaseTable::Waiter waiter;
  waiter.until = until;
  waiter.cancelled = cancelled;
  waiter.bytes = sizeof(AwaitedLease) + awaited->request.query.size() +
                 awaited->request.embedding.values.size() * sizeof(float);
  // Shared, as a task that is copied must not copy what it is to call.
  const auto shared = std::make_shared<Answered>(std::move(done));
  waiter.wake = [this, awaited = std::move(awaited), until, cancelled = std::move(cancelled), since,
                 shared](WaitEnd end) {
    metrics_->CountWait(Name(end), parts_.clock->Monotonic() - since);
    if (end == WaitEnd::kCancelled) {
      (*shared)(absl::CancelledError("the caller cancelled"));
      return;
    }
    LookupRequest request = awaited->request;
    if (!MayWaitOn(end)) request.on_miss = OnMiss::kReturn;
    // Gone with a reload meanwhile: who named none is classified anew.
    if (awaited->category_source != CategorySource::kRequest &&
        parts_.policies->Current()->Find(request.category) == nullptr) {
      request.category.clear();
    }
    absl::StatusOr<LookupResult> result =
        Lookup(request, Call(*parts_.clock, absl::InfiniteDuration(), cancelled));
    if (result.ok() && result->awaits != nullptr) {
      AwaitedLease next = *result->awaits;
      next.category_source = awaited->category_source;
      Await(std::make_shared<const AwaitedLease>(std::move(next)), until, cancelled,
            std::move(*shared));
      return;
    }
    if (result.ok()) result->category_source = awaited->category_source;
    (*shared)(std::move(result));
  };
  if (leases_->Wait(lease, waiter)) {
    ResumeWoken();
  } else {
    waiter.wake(WaitEnd::kClosed);
  }
}

void SemanticCache::ResumeWoken() {
  // One task at a time: each who waits on would else ask for another one.
  if (parts_.resumes == nullptr || !leases_->ClaimWaking()) return;
  const bool queued = parts_.resumes->Submit([this] {
    for (LeaseTable::Woken& woken : leases_->TakeWoken(kResumedAtOnce)) {
      woken.waiter.wake(woken.end);
    }
    leases_->EndWaking();
    ResumeWoken();
  });
  if (!queued) leases_->EndWaking();  // the next tick asks again
}

absl::StatusOr<absl::Duration> SemanticCache::RenewLease(const std::string& lease,
                                                         std::string_view principal) {
  return leases_->Renew(lease, principal, parts_.clock->Monotonic());
}

absl::Status SemanticCache::AbandonLease(const std::string& lease, std::string_view principal) {
  RETURN_IF_ERROR(leases_->End(lease, principal, WaitEnd::kAbandoned));
  ResumeWoken();
  return absl::OkStatus();
}

void SemanticCache::GiveUpLease(const std::string& lease, std::string_view principal) {
  leases_->End(lease, principal, WaitEnd::kDeclined).IgnoreError();
  ResumeWoken();
}

void SemanticCache::TickLeases() {
  leases_->Tick(parts_.clock->Monotonic());
  ResumeWoken();
}

void SemanticCache::CloseLeases() {
  leases_->Close();
  ResumeWoken();
}

}  // namespace semcached
