#ifndef SEMCACHED_SRC_SERVICE_GRPC_STATUS_H_
#define SEMCACHED_SRC_SERVICE_GRPC_STATUS_H_

#include <absl/status/status.h>
#include <grpcpp/support/status.h>

namespace semcached {

// The one place where our errors become gRPC's: the codes have the same numbers.
grpc::Status ToGrpc(const absl::Status& status);

}  // namespace semcached

#endif  // SEMCACHED_SRC_SERVICE_GRPC_STATUS_H_
