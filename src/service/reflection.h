#ifndef SEMCACHED_SRC_SERVICE_REFLECTION_H_
#define SEMCACHED_SRC_SERVICE_REFLECTION_H_

#include <grpcpp/server_builder.h>

namespace semcached {

// Whether the server of `builder` tells everybody who reaches it what its services are. Without
// this call it does: gRPC's library registers itself with every server of a program that links it.
void SetReflection(bool on, grpc::ServerBuilder* builder);

}  // namespace semcached

#endif  // SEMCACHED_SRC_SERVICE_REFLECTION_H_
