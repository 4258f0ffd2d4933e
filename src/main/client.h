#ifndef SEMCACHED_SRC_MAIN_CLIENT_H_
#define SEMCACHED_SRC_MAIN_CLIENT_H_

#include <absl/status/statusor.h>
#include <absl/time/time.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

namespace semcached {

// A gRPC target from what a user types: "unix:PATH", a path, or host:port.
std::string TargetOf(const std::string& address);

// How a client shows who it is, and to whom it talks. Files in PEM; empty: none.
struct ConnectionOptions {
  std::string token_file;  // its first line is the bearer token of every call
  std::string ca_file;     // who signs the server's certificate; one of the three: TLS
  std::string certificate_file;
  std::string key_file;
};

// A channel. Messages may be as large as the server allows. InvalidArgument: a file that cannot be
// read, or a token that nobody could send.
absl::StatusOr<std::shared_ptr<grpc::Channel>> ConnectTo(const std::string& address,
                                                         const ConnectionOptions& options);
// Without any of these.
std::shared_ptr<grpc::Channel> ConnectTo(const std::string& address);

void SetDeadline(grpc::ClientContext* context, absl::Duration from_now);

// The value of an environment variable, or `fallback`.
std::string FromEnvironment(const char* name, const std::string& fallback);

}  // namespace semcached

#endif  // SEMCACHED_SRC_MAIN_CLIENT_H_
