#ifndef SEMCACHED_SRC_SERVICE_POLICY_SERVICE_H_
#define SEMCACHED_SRC_SERVICE_POLICY_SERVICE_H_

#include "semcached/service/server.h"
#include "semcached/v1/policy.grpc.pb.h"

namespace semcached {

// Shows policies and what moves them, on the admin listener.
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
  grpc::Status SetLoad(grpc::ServerContext* context, const v1::SetLoadRequest* request,
                       v1::SetLoadResponse* response) override;
  grpc::Status ClearLoad(grpc::ServerContext* context, const v1::ClearLoadRequest* request,
                         v1::ClearLoadResponse* response) override;

 private:
  const ServerParts parts_;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_SERVICE_POLICY_SERVICE_H_
