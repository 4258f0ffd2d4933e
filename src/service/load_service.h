#ifndef SEMCACHED_SRC_SERVICE_LOAD_SERVICE_H_
#define SEMCACHED_SRC_SERVICE_LOAD_SERVICE_H_

#include <atomic>

#include "semcached/service/server.h"
#include "semcached/v1/load.grpc.pb.h"

namespace semcached {

// Takes gateways' reports of their models' load. Thread-safe; answers on gRPC's own threads.
class LoadServiceImpl final : public v1::LoadService::CallbackService {
 public:
  explicit LoadServiceImpl(const ServerParts& parts)
      : load_(parts.reported_load), clock_(parts.clock) {}

  grpc::ServerUnaryReactor* ReportLoad(grpc::CallbackServerContext* context,
                                       const v1::ReportLoadRequest* request,
                                       v1::ReportLoadResponse* response) override;
  grpc::ServerReadReactor<v1::ReportLoadRequest>* StreamLoad(
      grpc::CallbackServerContext* context, v1::ReportLoadResponse* response) override;

  // Whether no stream is open.
  bool IsIdle() const { return streams_.load(std::memory_order_relaxed) == 0; }

 private:
  ReportedLoad* const load_;
  const Clock* const clock_;
  std::atomic<int> streams_{0};
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_SERVICE_LOAD_SERVICE_H_
