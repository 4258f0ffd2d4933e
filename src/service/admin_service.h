#ifndef SEMCACHED_SRC_SERVICE_ADMIN_SERVICE_H_
#define SEMCACHED_SRC_SERVICE_ADMIN_SERVICE_H_

#include "semcached/service/server.h"
#include "semcached/v1/admin.grpc.pb.h"
#include "semcached/v1/policy.grpc.pb.h"
#include "service/convert.h"

namespace semcached {

// The admin plane: few calls, by people and scripts, so that plain blocking handlers do. Its Unix
// socket is the right to use it.
class AdminServiceImpl final : public v1::AdminService::Service {
 public:
  AdminServiceImpl(ServerParts parts, RequestRules rules);

  grpc::Status GetStats(grpc::ServerContext* context, const v1::GetStatsRequest* request,
                        v1::GetStatsResponse* response) override;
  grpc::Status Flush(grpc::ServerContext* context, const v1::FlushRequest* request,
                     v1::FlushResponse* response) override;
  grpc::Status Export(grpc::ServerContext* context, const v1::ExportRequest* request,
                      grpc::ServerWriter<v1::ExportedEntry>* writer) override;
  grpc::Status Import(grpc::ServerContext* context, grpc::ServerReader<v1::ExportedEntry>* reader,
                      v1::ImportResponse* response) override;

 private:
  absl::Status CheckCategory(const std::string& category) const;

  const ServerParts parts_;
  const RequestRules rules_;
  const MonotonicTime started_;
};

class PolicyServiceImpl final : public v1::PolicyService::Service {
 public:
  explicit PolicyServiceImpl(ServerParts parts);

  grpc::Status ListPolicies(grpc::ServerContext* context, const v1::ListPoliciesRequest* request,
                            v1::ListPoliciesResponse* response) override;
  grpc::Status ListPolicyEvents(grpc::ServerContext* context,
                                const v1::ListPolicyEventsRequest* request,
                                v1::ListPolicyEventsResponse* response) override;
  grpc::Status ReloadPolicies(grpc::ServerContext* context,
                              const v1::ReloadPoliciesRequest* request,
                              v1::ReloadPoliciesResponse* response) override;
  grpc::Status FreezePolicies(grpc::ServerContext* context,
                              const v1::FreezePoliciesRequest* request,
                              v1::FreezePoliciesResponse* response) override;

 private:
  const ServerParts parts_;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_SERVICE_ADMIN_SERVICE_H_
