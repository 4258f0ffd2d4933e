#include "service/data_service.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <string>
#include <utility>

#include "semcached/base/status.h"
#include "semcached/base/version.h"
#include "service/grpc_status.h"

namespace semcached {
namespace {

// A write may wait for a disk, a batch for all of its requests; no caller should for longer than
// this, unless the operator lets lookups take longer still.
constexpr absl::Duration kLongDeadline = absl::Seconds(5);
// Invalidation reads every entry's record.
constexpr absl::Duration kInvalidateDeadline = absl::Minutes(5);

grpc::ServerUnaryReactor* Finish(grpc::ServerUnaryReactor* reactor, const grpc::Status& status) {
  reactor->Finish(status);
  return reactor;
}

template <typename Batch>
absl::Status CheckBatch(const Batch& batch, int limit) {
  if (batch.requests_size() >= 1 && batch.requests_size() <= limit) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("requests has ", batch.requests_size(), " elements; allowed are 1 to ", limit));
}

// An element's own failure is in its result; only the caller's end ends the batch.
template <typename Result>
void SetError(const absl::Status& status, Result* result) {
  result->clear_response();
  result->set_code(static_cast<int>(status.code()));
  result->set_message(std::string(status.message()));
}

}  // namespace

DataService::DataService(ServerParts parts, RequestRules rules)
    : parts_(std::move(parts)),
      limits_(parts_.config->limits),
      long_deadline_(std::max(kLongDeadline, limits_.max_deadline)),
      rules_(std::move(rules)),
      queue_(parts_.workers, parts_.clock, limits_.max_deadline / 2),
      admission_(limits_.max_in_flight),
      waiters_(parts_.config->leases.max_waiters) {}

Call DataService::LookupCall(grpc::CallbackServerContext* context) const {
  return MakeCall(*parts_.clock, context, limits_.default_deadline, limits_.max_deadline);
}

grpc::Status DataService::Answer(const char* method, const absl::Status& status) {
  if (!status.ok()) {
    parts_.metrics
        ->AddCounter("semcached_bad_requests_total",
                     "Calls not answered with OK, by method and code.",
                     {{"method", method}, {"reason", absl::StatusCodeToString(status.code())}})
        .Add();
  }
  return ToGrpc(status);
}

grpc::ServerUnaryReactor* DataService::OnWorker(
    const char* method, grpc::CallbackServerContext* context, grpc::ServerUnaryReactor* reactor,
    std::function<absl::Status(const Call&)> work, absl::Duration fallback, absl::Duration most,
    const std::function<void()>& dropped, WorkQueue::Kind kind) {
  const auto refuse = [this, method, reactor, dropped](const absl::Status& why) {
    if (dropped) dropped();
    reactor->Finish(Answer(method, why));
  };
  if (!admission_.Enter()) {
    refuse(absl::ResourceExhaustedError(
        absl::StrCat("more than ", limits_.max_in_flight, " calls are at work; back off")));
    return reactor;
  }
  const Call call = MakeCall(*parts_.clock, context, fallback, most);
  const absl::Status queued = queue_.Submit(
      call, kind,
      [this, method, reactor, call, refuse, work = std::move(work)](const absl::Status& waited) {
        absl::Status status = waited;
        if (waited.ok()) status = work(call);
        admission_.Leave();
        if (!waited.ok()) return refuse(waited);
        reactor->Finish(Answer(method, status));
      });
  if (!queued.ok()) {
    admission_.Leave();
    refuse(queued);
  }
  return reactor;
}

absl::StatusOr<LookupRequest> DataService::Read(const Principal& caller,
                                                const v1::LookupRequest& request) const {
  ASSIGN_OR_RETURN(LookupRequest lookup, FromProto(rules_, request));
  RETURN_IF_ERROR(caller.CheckNamespace(lookup.scope.namespace_name));
  lookup.principal = caller.id();
  return lookup;
}

absl::StatusOr<InsertRequest> DataService::Read(const Principal& caller,
                                                const v1::InsertRequest& request) const {
  ASSIGN_OR_RETURN(InsertRequest insert, FromProto(rules_, request));
  // The scope of a lookup_id was checked when it was given, to this caller.
  if (insert.lookup_id.empty()) {
    RETURN_IF_ERROR(caller.CheckNamespace(insert.scope.namespace_name));
  }
  insert.principal = caller.id();
  return insert;
}

absl::StatusOr<InvalidateRequest> DataService::Read(const Principal& caller,
                                                    const v1::InvalidateRequest& request) const {
  ASSIGN_OR_RETURN(InvalidateRequest invalidate, FromProto(rules_, request));
  if (caller.Has(Right::kAdmin) && caller.config().all_namespaces) return invalidate;
  if (!invalidate.namespace_name.has_value()) {
    return absl::PermissionDeniedError(absl::StrCat(
        caller.name(), " may delete in its own namespaces only; name one in the request"));
  }
  RETURN_IF_ERROR(caller.CheckNamespace(*invalidate.namespace_name));
  return invalidate;
}

absl::StatusOr<PrincipalPtr> DataService::AdmitDeletion(
    const grpc::ServerContextBase& context) const {
  ASSIGN_OR_RETURN(PrincipalPtr caller, CallerOf(*parts_.access, context));
  RETURN_IF_ERROR(caller->Use(caller->Has(Right::kAdmin) ? Right::kAdmin : Right::kInsert));
  return caller;
}

absl::Status DataService::CheckEntry(const Principal& caller, EntryId id) const {
  if (caller.config().all_namespaces) return absl::OkStatus();
  const absl::StatusOr<std::string> name = parts_.cache->NamespaceOf(id);
  if (name.ok() && caller.CheckNamespace(*name).ok()) return absl::OkStatus();
  // The state of the store tells nothing of an entry, and "not found" would end what is to be done.
  if (absl::IsUnavailable(name.status())) return name.status();
  return absl::NotFoundError(absl::StrCat("there is no entry ", FormatEntryId(id)));
}

grpc::ServerUnaryReactor* DataService::Lookup(grpc::CallbackServerContext* context,
                                              const v1::LookupRequest* request,
                                              v1::LookupResponse* response) {
  grpc::ServerUnaryReactor* reactor = calls_.Begin();
  const absl::StatusOr<PrincipalPtr> caller = Admit(*parts_.access, *context, Right::kLookup);
  if (!caller.ok()) return Finish(reactor, Answer("Lookup", caller.status()));
  absl::StatusOr<LookupRequest> lookup = Read(**caller, *request);
  if (!lookup.ok()) return Finish(reactor, Answer("Lookup", lookup.status()));
  // Who may not insert cannot keep what a lease promises.
  if (!(*caller)->Has(Right::kInsert)) lookup->on_miss = OnMiss::kReturn;
  if (lookup->on_miss == OnMiss::kLease) {
    const absl::StatusOr<absl::Duration> max_wait = MaxWait(parts_.config->leases, *request);
    if (!max_wait.ok()) return Finish(reactor, Answer("Lookup", max_wait.status()));
    if (waiters_.Enter()) {
      return LookupOrWait(context, reactor, *std::move(lookup), *max_wait, response);
    }
    lookup->on_miss = OnMiss::kReturn;
  }
  const bool explain = lookup->explain;
  if (auto result = parts_.cache->TryLookup(*lookup, LookupCall(context)); result.has_value()) {
    if (result->ok()) ToProto(*std::move(*result), explain, response);
    return Finish(reactor, Answer("Lookup", result->status()));
  }
  return OnWorker(
      "Lookup", context, reactor,
      [this, lookup = *std::move(lookup), explain, response](const Call& call) -> absl::Status {
        ASSIGN_OR_RETURN(LookupResult result, parts_.cache->Lookup(lookup, call));
        ToProto(std::move(result), explain, response);
        return absl::OkStatus();
      },
      limits_.default_deadline, limits_.max_deadline);
}

absl::Status DataService::LookupOne(const Principal& caller, const v1::LookupRequest& request,
                                    const Call& call, v1::LookupResponse* response) {
  ASSIGN_OR_RETURN(const LookupRequest lookup, Read(caller, request));
  if (lookup.on_miss == OnMiss::kLease) {
    return absl::InvalidArgumentError("on_miss LEASE does not go in a batch; send Lookup");
  }
  ASSIGN_OR_RETURN(LookupResult result, parts_.cache->Lookup(lookup, call));
  ToProto(std::move(result), lookup.explain, response);
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* DataService::BatchLookup(grpc::CallbackServerContext* context,
                                                   const v1::BatchLookupRequest* request,
                                                   v1::BatchLookupResponse* response) {
  grpc::ServerUnaryReactor* reactor = calls_.Begin();
  const absl::StatusOr<PrincipalPtr> caller =
      Admit(*parts_.access, *context, Right::kLookup, request->requests_size());
  if (!caller.ok()) return Finish(reactor, Answer("BatchLookup", caller.status()));
  if (absl::Status status = CheckBatch(*request, limits_.max_batch); !status.ok()) {
    return Finish(reactor, Answer("BatchLookup", status));
  }
  return OnWorker(
      "BatchLookup", context, reactor,
      [this, caller = *caller, request, response](const Call& call) {
        for (const v1::LookupRequest& one : request->requests()) {
          v1::LookupResult* result = response->add_results();
          const absl::Status status = LookupOne(*caller, one, call, result->mutable_response());
          if (!status.ok()) SetError(status, result);
        }
        return call.Check();
      },
      limits_.default_deadline * request->requests_size(), long_deadline_);
}

absl::Status DataService::InsertOne(const Principal& caller, const v1::InsertRequest& request,
                                    const Call& call, v1::InsertResponse* response) {
  absl::StatusOr<InsertRequest> insert = Read(caller, request);
  if (!insert.ok()) {
    // Who waits for this answer waits for nothing.
    parts_.cache->GiveUpLease(request.lookup_id(), caller.id());
    return insert.status();
  }
  ASSIGN_OR_RETURN(const InsertResult result, parts_.cache->Insert(*std::move(insert), call));
  ToProto(result, response);
  return absl::OkStatus();
}

grpc::ServerUnaryReactor* DataService::Insert(grpc::CallbackServerContext* context,
                                              const v1::InsertRequest* request,
                                              v1::InsertResponse* response) {
  grpc::ServerUnaryReactor* reactor = calls_.Begin();
  const absl::StatusOr<PrincipalPtr> caller = Admit(*parts_.access, *context, Right::kInsert);
  if (!caller.ok()) return Finish(reactor, Answer("Insert", caller.status()));
  return OnWorker(
      "Insert", context, reactor,
      [this, caller = *caller, request, response](const Call& call) {
        return InsertOne(*caller, *request, call, response);
      },
      long_deadline_, long_deadline_,
      [this, caller = *caller, request] {
        parts_.cache->GiveUpLease(request->lookup_id(), caller->id());
      });
}

grpc::ServerUnaryReactor* DataService::BatchInsert(grpc::CallbackServerContext* context,
                                                   const v1::BatchInsertRequest* request,
                                                   v1::BatchInsertResponse* response) {
  grpc::ServerUnaryReactor* reactor = calls_.Begin();
  const absl::StatusOr<PrincipalPtr> caller =
      Admit(*parts_.access, *context, Right::kInsert, request->requests_size());
  if (!caller.ok()) return Finish(reactor, Answer("BatchInsert", caller.status()));
  if (absl::Status status = CheckBatch(*request, limits_.max_batch); !status.ok()) {
    return Finish(reactor, Answer("BatchInsert", status));
  }
  return OnWorker(
      "BatchInsert", context, reactor,
      [this, caller = *caller, request, response](const Call& call) {
        for (const v1::InsertRequest& one : request->requests()) {
          v1::InsertResult* result = response->add_results();
          const absl::Status status = InsertOne(*caller, one, call, result->mutable_response());
          if (!status.ok()) SetError(status, result);
        }
        return absl::OkStatus();  // what was stored is worth telling, however late
      },
      long_deadline_, long_deadline_,
      [this, caller = *caller, request] {
        for (const v1::InsertRequest& one : request->requests()) {
          parts_.cache->GiveUpLease(one.lookup_id(), caller->id());
        }
      });
}

grpc::ServerUnaryReactor* DataService::Delete(grpc::CallbackServerContext* context,
                                              const v1::DeleteRequest* request,
                                              v1::DeleteResponse* /*response*/) {
  grpc::ServerUnaryReactor* reactor = calls_.Begin();
  const absl::StatusOr<PrincipalPtr> caller = AdmitDeletion(*context);
  if (!caller.ok()) return Finish(reactor, Answer("Delete", caller.status()));
  return OnWorker(
      "Delete", context, reactor,
      [this, caller = *caller, request](const Call&) -> absl::Status {
        ASSIGN_OR_RETURN(const EntryId id, ParseEntryId(request->entry_id()));
        RETURN_IF_ERROR(CheckEntry(*caller, id));
        return parts_.cache->Delete(id);
      },
      long_deadline_, long_deadline_);
}

grpc::ServerUnaryReactor* DataService::Invalidate(grpc::CallbackServerContext* context,
                                                  const v1::InvalidateRequest* request,
                                                  v1::InvalidateResponse* response) {
  grpc::ServerUnaryReactor* reactor = calls_.Begin();
  const absl::StatusOr<PrincipalPtr> caller = AdmitDeletion(*context);
  if (!caller.ok()) return Finish(reactor, Answer("Invalidate", caller.status()));
  return OnWorker(
      "Invalidate", context, reactor,
      [this, caller = *caller, request, response](const Call& call) -> absl::Status {
        ASSIGN_OR_RETURN(const InvalidateRequest invalidate, Read(*caller, *request));
        ASSIGN_OR_RETURN(const int64_t count, parts_.cache->Invalidate(invalidate, call));
        response->set_count(count);
        return absl::OkStatus();
      },
      kInvalidateDeadline, kInvalidateDeadline, nullptr, WorkQueue::Kind::kRare);
}

absl::StatusOr<PrincipalPtr> DataService::AdmitReport(const grpc::ServerContextBase& context) {
  ASSIGN_OR_RETURN(PrincipalPtr caller, Admit(*parts_.access, context, Right::kFeedback));
  if (!parts_.config->feedback.data_listener) {
    return absl::PermissionDeniedError(
        "this listener takes no feedback; use the admin listener, or set feedback.data_listener");
  }
  return caller;
}

grpc::ServerUnaryReactor* DataService::ReportFeedback(grpc::CallbackServerContext* context,
                                                      const v1::ReportFeedbackRequest* request,
                                                      v1::ReportFeedbackResponse* response) {
  grpc::ServerUnaryReactor* reactor = calls_.Begin();
  const absl::StatusOr<PrincipalPtr> caller = AdmitReport(*context);
  if (!caller.ok()) return Finish(reactor, Answer("ReportFeedback", caller.status()));
  return OnWorker(
      "ReportFeedback", context, reactor,
      [this, caller = *caller, request, response](const Call&) -> absl::Status {
        ASSIGN_OR_RETURN(Feedback feedback, FromProto(*request));
        feedback.principal = caller->id();
        if (feedback.entry_id != 0) RETURN_IF_ERROR(CheckEntry(*caller, feedback.entry_id));
        if (!caller->TakeReport()) {
          return absl::ResourceExhaustedError(absl::StrCat(
              "more than ", parts_.config->feedback.max_rate, " reports a second; back off"));
        }
        ASSIGN_OR_RETURN(const FeedbackResult result, parts_.cache->Report(feedback));
        ToProto(result, response);
        return absl::OkStatus();
      },
      long_deadline_, long_deadline_);
}

grpc::ServerUnaryReactor* DataService::GetServerInfo(grpc::CallbackServerContext* context,
                                                     const v1::GetServerInfoRequest* /*request*/,
                                                     v1::GetServerInfoResponse* response) {
  grpc::ServerUnaryReactor* reactor = calls_.Begin();
  // Whoever is known may ask, whatever its rights.
  if (const auto caller = CallerOf(*parts_.access, *context); !caller.ok()) {
    return Finish(reactor, Answer("GetServerInfo", caller.status()));
  }
  response->set_version(kVersion);
  response->set_format_version(kStoreFormatVersion);
  for (const auto& [name, embedder] : parts_.embedders) {
    auto* identity = response->add_embedding_identities();
    identity->set_embedder(name);
    identity->set_identity(embedder->identity());
    identity->set_dimension(static_cast<int>(embedder->dimension()));
  }
  auto* limits = response->mutable_limits();
  limits->set_max_message_bytes(limits_.max_message_bytes);
  limits->set_max_response_bytes(limits_.max_response_bytes);
  limits->set_max_query_bytes(limits_.max_query_bytes);
  limits->set_max_scope_bytes(limits_.max_scope_bytes);
  limits->set_max_batch_count(limits_.max_batch);
  SetDuration(limits_.default_deadline, limits->mutable_default_deadline());
  SetDuration(limits_.max_deadline, limits->mutable_max_deadline());
  response->set_warm_ratio(parts_.cache->WarmRatio());
  return Finish(reactor, grpc::Status::OK);
}

}  // namespace semcached
