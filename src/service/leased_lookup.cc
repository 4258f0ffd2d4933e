// Lookups that may wait for an answer that another caller computes.

#include <algorithm>
#include <functional>
#include <utility>

#include "semcached/base/status.h"
#include "service/data_service.h"

namespace semcached {
namespace {

// What is left of a caller's deadline when its wait ends: its answer still has to reach it, and
// waits end by a clock of some hundredths of a second.
absl::Duration Margin(absl::Duration left) {
  return left == absl::InfiniteDuration() ? absl::ZeroDuration()
                                          : std::min(absl::Milliseconds(100), left / 2);
}

}  // namespace

grpc::ServerUnaryReactor* DataService::LookupOrWait(grpc::CallbackServerContext* context,
                                                    grpc::ServerUnaryReactor* reactor,
                                                    LookupRequest request, absl::Duration max_wait,
                                                    v1::LookupResponse* response) {
  const MonotonicTime now = parts_.clock->Monotonic();
  const absl::Duration forever = absl::InfiniteDuration();
  const absl::Duration left = MakeCall(*parts_.clock, context, forever, forever).Remaining();
  const MonotonicTime until = now + std::min(max_wait, left - Margin(left));
  // The work before a wait, an embedding perhaps, has the time of any other lookup at least.
  const absl::Duration work = std::max(max_wait, limits_.default_deadline);
  const Call call = MakeCall(*parts_.clock, context, work, work);
  const auto finish = [this, reactor, response,
                       explain = request.explain](absl::StatusOr<LookupResult> result) {
    const absl::Status status = result.status();
    if (result.ok()) ToProto(*std::move(result), explain, response);
    waiters_.Leave();
    reactor->Finish(Answer("Lookup", status));
  };
  const auto finish_or_wait = [this, until, context, finish](absl::StatusOr<LookupResult> result) {
    if (!result.ok() || result->awaits == nullptr) return finish(std::move(result));
    parts_.cache->Await(
        result->awaits, until, [context] { return context->IsCancelled(); }, finish);
  };
  if (auto result = parts_.cache->TryLookup(request, call); result.has_value()) {
    finish_or_wait(*std::move(result));
    return reactor;
  }
  const absl::Status queued = queue_.Submit(
      call, WorkQueue::Kind::kUsual,
      [this, request = std::move(request), call, finish_or_wait](const absl::Status& waited) {
        finish_or_wait(waited.ok() ? parts_.cache->Lookup(request, call) : waited);
      });
  if (!queued.ok()) finish(queued);
  return reactor;
}

grpc::ServerUnaryReactor* DataService::RenewLease(grpc::CallbackServerContext* context,
                                                  const v1::RenewLeaseRequest* request,
                                                  v1::RenewLeaseResponse* response) {
  grpc::ServerUnaryReactor* reactor = calls_.Begin();
  const auto renew = [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const PrincipalPtr caller, Admit(*parts_.access, *context, Right::kLookup));
    ASSIGN_OR_RETURN(const absl::Duration ttl,
                     parts_.cache->RenewLease(request->lease(), caller->id()));
    SetDuration(ttl, response->mutable_lease_ttl());
    return absl::OkStatus();
  };
  reactor->Finish(Answer("RenewLease", renew()));
  return reactor;
}

grpc::ServerUnaryReactor* DataService::AbandonLease(grpc::CallbackServerContext* context,
                                                    const v1::AbandonLeaseRequest* request,
                                                    v1::AbandonLeaseResponse* /*response*/) {
  grpc::ServerUnaryReactor* reactor = calls_.Begin();
  const auto abandon = [&]() -> absl::Status {
    ASSIGN_OR_RETURN(const PrincipalPtr caller, Admit(*parts_.access, *context, Right::kLookup));
    return parts_.cache->AbandonLease(request->lease(), caller->id());
  };
  reactor->Finish(Answer("AbandonLease", abandon()));
  return reactor;
}

}  // namespace semcached
