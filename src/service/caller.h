#ifndef SEMCACHED_SRC_SERVICE_CALLER_H_
#define SEMCACHED_SRC_SERVICE_CALLER_H_

#include <grpcpp/server_context.h>

#include "semcached/access/access_control.h"

namespace semcached {

// Who sent a call, by its header `authorization` or its certificate. Fails as
// AccessControl::Identify().
absl::StatusOr<PrincipalPtr> CallerOf(const AccessControl& access,
                                      const grpc::ServerContextBase& context);

// The same, if it may do this `requests` times now. Fails as Principal::Use() too.
absl::StatusOr<PrincipalPtr> Admit(const AccessControl& access,
                                   const grpc::ServerContextBase& context, Right right,
                                   int requests = 1);

}  // namespace semcached

#endif  // SEMCACHED_SRC_SERVICE_CALLER_H_
