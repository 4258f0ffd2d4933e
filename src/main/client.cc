#include "main/client.h"

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <grpcpp/support/client_interceptor.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>
#include <vector>

#include "semcached/base/status.h"

namespace semcached {
namespace {

// Adds the header to every call. Call credentials would not go over a Unix socket.
class Bearer final : public grpc::experimental::Interceptor {
 public:
  explicit Bearer(const std::string& header) : header_(header) {}
  void Intercept(grpc::experimental::InterceptorBatchMethods* methods) override {
    if (methods->QueryInterceptionHookPoint(
            grpc::experimental::InterceptionHookPoints::PRE_SEND_INITIAL_METADATA)) {
      methods->GetSendInitialMetadata()->insert({"authorization", header_});
    }
    methods->Proceed();
  }

 private:
  const std::string& header_;
};

class BearerFactory final : public grpc::experimental::ClientInterceptorFactoryInterface {
 public:
  explicit BearerFactory(const std::string& token) : header_("Bearer " + token) {}
  grpc::experimental::Interceptor* CreateClientInterceptor(
      grpc::experimental::ClientRpcInfo* /*info*/) override {
    return new Bearer(header_);
  }

 private:
  const std::string header_;
};

// Whether what goes there leaves no machine.
bool StaysHere(const std::string& address) {
  for (const char* local : {"unix:", "127.", "localhost:", "[::1]:"}) {
    if (address.rfind(local, 0) == 0) return true;
  }
  return address.find(':') == std::string::npos;  // the path of a socket
}

absl::StatusOr<std::string> ReadIfNamed(const std::string& path) {
  if (path.empty()) return "";
  std::ifstream file(path, std::ios::binary);
  std::string content(std::istreambuf_iterator<char>(file), {});
  if (!file || content.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("cannot read ", path, ", or it is empty"));
  }
  return content;
}

absl::StatusOr<std::string> ReadToken(const std::string& path) {
  ASSIGN_OR_RETURN(std::string token, ReadIfNamed(path));
  token.resize(std::min(token.find_first_of("\r\n"), token.size()));
  // gRPC ends the process at a header of other bytes.
  const bool sendable = std::all_of(token.begin(), token.end(),
                                    [](unsigned char byte) { return byte > ' ' && byte < 0x7f; });
  if (!token.empty() && sendable) return token;
  return absl::InvalidArgumentError(
      absl::StrCat("the first line of ", path, " is no token: printable ASCII without blanks"));
}

}  // namespace

std::string TargetOf(const std::string& address) {
  // Host and port have a colon between them, and paths of sockets have none.
  return address.find(':') == std::string::npos ? "unix:" + address : address;
}

absl::StatusOr<std::shared_ptr<grpc::Channel>> ConnectTo(const std::string& address,
                                                         const ConnectionOptions& options) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  // Each asks the server over a connection of its own, as separate gateways would.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  std::vector<std::unique_ptr<grpc::experimental::ClientInterceptorFactoryInterface>> interceptors;
  if (!options.token_file.empty()) {
    ASSIGN_OR_RETURN(std::string token, ReadToken(options.token_file));
    interceptors.push_back(std::make_unique<BearerFactory>(std::move(token)));
  }
  std::shared_ptr<grpc::ChannelCredentials> credentials = grpc::InsecureChannelCredentials();
  const bool tls_wanted =
      !options.ca_file.empty() || !options.certificate_file.empty() || !options.key_file.empty();
  if (!options.token_file.empty() && !tls_wanted && !StaysHere(address)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the token would go to ", address,
                     " in clear; name who signs its certificate (--ca-file)"));
  }
  if (tls_wanted) {
    grpc::SslCredentialsOptions tls;
    ASSIGN_OR_RETURN(tls.pem_root_certs, ReadIfNamed(options.ca_file));
    ASSIGN_OR_RETURN(tls.pem_cert_chain, ReadIfNamed(options.certificate_file));
    ASSIGN_OR_RETURN(tls.pem_private_key, ReadIfNamed(options.key_file));
    credentials = grpc::SslCredentials(tls);
  }
  return grpc::experimental::CreateCustomChannelWithInterceptors(
      TargetOf(address), credentials, arguments, std::move(interceptors));
}

std::shared_ptr<grpc::Channel> ConnectTo(const std::string& address) {
  return *ConnectTo(address, ConnectionOptions());
}

void SetDeadline(grpc::ClientContext* context, absl::Duration from_now) {
  context->set_deadline(absl::ToChronoTime(absl::Now() + from_now));
}

std::string FromEnvironment(const char* name, const std::string& fallback) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? fallback : value;
}

}  // namespace semcached
