#include "service/caller.h"

#include <grpc/grpc_security_constants.h>
#include <grpcpp/security/auth_context.h>

#include "semcached/base/status.h"

namespace semcached {

absl::StatusOr<PrincipalPtr> CallerOf(const AccessControl& access,
                                      const grpc::ServerContextBase& context) {
  if (PrincipalPtr everybody = access.Everybody(); everybody != nullptr) return everybody;
  Shown shown;
  const auto header = context.client_metadata().find("authorization");
  if (header != context.client_metadata().end()) {
    shown.authorization = {header->second.data(), header->second.size()};
    return access.Identify(shown);
  }
  const auto peer = context.auth_context();
  if (peer != nullptr && peer->IsPeerAuthenticated()) {
    for (const grpc::string_ref& name : peer->FindPropertyValues(GRPC_X509_SAN_PROPERTY_NAME)) {
      shown.certificates.emplace_back(name.data(), name.size());
    }
  }
  return access.Identify(shown);
}

absl::StatusOr<PrincipalPtr> Admit(const AccessControl& access,
                                   const grpc::ServerContextBase& context, Right right,
                                   int requests) {
  ASSIGN_OR_RETURN(PrincipalPtr caller, CallerOf(access, context));
  RETURN_IF_ERROR(caller->Use(right, requests));
  return caller;
}

}  // namespace semcached
