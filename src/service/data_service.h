#ifndef SEMCACHED_SRC_SERVICE_DATA_SERVICE_H_
#define SEMCACHED_SRC_SERVICE_DATA_SERVICE_H_

#include <functional>

#include "semcached/service/server.h"
#include "semcached/v1/semantic_cache.grpc.pb.h"
#include "service/admission.h"
#include "service/caller.h"
#include "service/calls_at_work.h"
#include "service/convert.h"
#include "service/work_queue.h"

namespace semcached {

// The data plane. A lookup that needs no embedding is answered on gRPC's own thread, since it takes
// microseconds; what may take longer goes to the workers, by WorkQueue.
class DataService final : public v1::SemanticCache::CallbackService {
 public:
  DataService(ServerParts parts, RequestRules rules);

  grpc::ServerUnaryReactor* Lookup(grpc::CallbackServerContext* context,
                                   const v1::LookupRequest* request,
                                   v1::LookupResponse* response) override;
  grpc::ServerUnaryReactor* BatchLookup(grpc::CallbackServerContext* context,
                                        const v1::BatchLookupRequest* request,
                                        v1::BatchLookupResponse* response) override;
  grpc::ServerUnaryReactor* Insert(grpc::CallbackServerContext* context,
                                   const v1::InsertRequest* request,
                                   v1::InsertResponse* response) override;
  grpc::ServerUnaryReactor* BatchInsert(grpc::CallbackServerContext* context,
                                        const v1::BatchInsertRequest* request,
                                        v1::BatchInsertResponse* response) override;
  grpc::ServerUnaryReactor* Delete(grpc::CallbackServerContext* context,
                                   const v1::DeleteRequest* request,
                                   v1::DeleteResponse* response) override;
  grpc::ServerUnaryReactor* Invalidate(grpc::CallbackServerContext* context,
                                       const v1::InvalidateRequest* request,
                                       v1::InvalidateResponse* response) override;
  grpc::ServerUnaryReactor* ReportFeedback(grpc::CallbackServerContext* context,
                                           const v1::ReportFeedbackRequest* request,
                                           v1::ReportFeedbackResponse* response) override;
  grpc::ServerUnaryReactor* RenewLease(grpc::CallbackServerContext* context,
                                       const v1::RenewLeaseRequest* request,
                                       v1::RenewLeaseResponse* response) override;
  grpc::ServerUnaryReactor* AbandonLease(grpc::CallbackServerContext* context,
                                         const v1::AbandonLeaseRequest* request,
                                         v1::AbandonLeaseResponse* response) override;
  grpc::ServerUnaryReactor* GetServerInfo(grpc::CallbackServerContext* context,
                                          const v1::GetServerInfoRequest* request,
                                          v1::GetServerInfoResponse* response) override;

  // Whether every call that came has been answered, down to the last byte sent.
  bool IsIdle() const { return calls_.IsIdle(); }

 private:
  // Runs `work` on a worker and finishes the call with what it returns. If it does not come to
  // that, `dropped` is called. Returns `reactor`.
  grpc::ServerUnaryReactor* OnWorker(const char* method, grpc::CallbackServerContext* context,
                                     grpc::ServerUnaryReactor* reactor,
                                     std::function<absl::Status(const Call&)> work,
                                     absl::Duration fallback, absl::Duration most,
                                     const std::function<void()>& dropped = nullptr,
                                     WorkQueue::Kind kind = WorkQueue::Kind::kUsual);
  // A bad request is counted by method before it is answered.
  grpc::Status Answer(const char* method, const absl::Status& status);
  Call LookupCall(grpc::CallbackServerContext* context) const;

  // With on_miss LEASE, and a place among those that may wait. Holds no thread while it waits.
  grpc::ServerUnaryReactor* LookupOrWait(grpc::CallbackServerContext* context,
                                         grpc::ServerUnaryReactor* reactor, LookupRequest request,
                                         absl::Duration max_wait, v1::LookupResponse* response);

  // Converted, checked, and within the namespaces of `caller`.
  absl::StatusOr<LookupRequest> Read(const Principal& caller,
                                     const v1::LookupRequest& request) const;
  absl::StatusOr<InsertRequest> Read(const Principal& caller,
                                     const v1::InsertRequest& request) const;
  absl::StatusOr<InvalidateRequest> Read(const Principal& caller,
                                         const v1::InvalidateRequest& request) const;
  absl::StatusOr<PrincipalPtr> AdmitDeletion(const grpc::ServerContextBase& context) const;
  // NotFound: the entry is in a namespace that is not the caller's, or not there; it cannot tell
  // which.
  absl::Status CheckEntry(const Principal& caller, EntryId id) const;

  absl::Status LookupOne(const Principal& caller, const v1::LookupRequest& request,
                         const Call& call, v1::LookupResponse* response);
  absl::Status InsertOne(const Principal& caller, const v1::InsertRequest& request,
                         const Call& call, v1::InsertResponse* response);
  absl::StatusOr<PrincipalPtr> AdmitReport(const grpc::ServerContextBase& context);

  const ServerParts parts_;
  const LimitsConfig limits_;
  const absl::Duration long_deadline_;
  const RequestRules rules_;
  CallsAtWork calls_;
  WorkQueue queue_;
  Admission admission_;
  Admission waiters_;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_SERVICE_DATA_SERVICE_H_
