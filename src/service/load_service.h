#ifndef SEMCACHED_SRC_SERVICE_LOAD_SERVICE_H_
#define SEMCACHED_SRC_SERVICE_LOAD_SERVICE_H_

#include <atomic>

#include "semcached/service/server.h"
#include "semcached/v1/load.grpc.pb.h"
#include "service/calls_at_work.h"

namespace semcached {

// Takes gateways' reports of their models' load. Thread-safe; answers on gRPC's own threads.
class LoadServiceImpl final : public v1::LoadService::CallbackService {
 public:
  explicit LoadServiceImpl(const ServerParts& parts)
      : access_(parts.access), load_(parts.reported_load), clock_(parts.clock) {}

  grpc::ServerUnaryReactor* ReportLoad(grpc::CallbackServerContext* context,
                                       const v1::ReportLoadRequest* request,
                                       v1::ReportLoadResponse* response) override;
  grpc::ServerReadReactor<v1::ReportLoadRequest>* StreamLoad(
      grpc::CallbackServerContext* context, v1::ReportLoadResponse* response) override;

  // Whether no report is at work and no stream open.
  bool IsIdle() const { return calls_.IsIdle() && streams_.load(std::memory_order_relaxed) == 0; }

 private:
  const AccessControl* const access_;
  ReportedLoad* const load_;
  const Clock* const clock_;
  CallsAtWork calls_;
  std::atomic<int> streams_{0};
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_SERVICE_LOAD_SERVICE_H_
