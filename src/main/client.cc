#include "main/client.h"

#include <absl/time/clock.h>

#include <cstdlib>

namespace semcached {

std::string TargetOf(const std::string& address) {
  // Host and port have a colon between them, and paths of sockets have none.
  return address.find(':') == std::string::npos ? "unix:" + address : address;
}

std::shared_ptr<grpc::Channel> ConnectTo(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  // Each asks the server over a connection of its own, as separate gateways would.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(TargetOf(address), grpc::InsecureChannelCredentials(),
                                   arguments);
}

void SetDeadline(grpc::ClientContext* context, absl::Duration from_now) {
  context->set_deadline(absl::ToChronoTime(absl::Now() + from_now));
}

std::string FromEnvironment(const char* name, const std::string& fallback) {
  const char* value = std::getenv(name);
  return value == nullptr || *value == '\0' ? fallback : value;
}

}  // namespace semcached
