#ifndef SEMCACHED_SRC_MAIN_CLIENT_H_
#define SEMCACHED_SRC_MAIN_CLIENT_H_

#include <absl/time/time.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

namespace semcached {

// A gRPC target from what a user types: "unix:PATH", a path, or host:port.
std::string TargetOf(const std::string& address);

// A plain channel. Messages may be as large as the server allows.
std::shared_ptr<grpc::Channel> ConnectTo(const std::string& address);

void SetDeadline(grpc::ClientContext* context, absl::Duration from_now);

// The value of an environment variable, or `fallback`.
std::string FromEnvironment(const char* name, const std::string& fallback);

}  // namespace semcached

#endif  // SEMCACHED_SRC_MAIN_CLIENT_H_
