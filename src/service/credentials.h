#ifndef SEMCACHED_SRC_SERVICE_CREDENTIALS_H_
#define SEMCACHED_SRC_SERVICE_CREDENTIALS_H_

#include <grpcpp/security/server_credentials.h>

#include <memory>

#include "semcached/config/server_config.h"

namespace semcached {

// What the TCP listener demands of a connection: TLS as configured, whose files are read again when
// they change, or nothing.
std::shared_ptr<grpc::ServerCredentials> TcpCredentials(const TlsConfig& tls);

}  // namespace semcached

#endif  // SEMCACHED_SRC_SERVICE_CREDENTIALS_H_
