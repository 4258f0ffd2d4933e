#include "main/ctl_call.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <google/protobuf/util/time_util.h>
#include <unistd.h>

namespace semcached {

absl::Status FromGrpc(const grpc::Status& status, const std::string& address) {
  if (status.ok()) return absl::OkStatus();
  std::string message = status.error_message();
  if (status.error_code() == grpc::UNIMPLEMENTED && message.empty()) {
    message = absl::StrCat("the listener at ", address,
                           " does not know this call; --target is the data listener's address, "
                           "--admin the admin listener's");
  } else if (message.empty()) {
    message =
        absl::StrCat("the call ended with ",
                     absl::StatusCodeToString(static_cast<absl::StatusCode>(status.error_code())));
  } else if (absl::StrContains(message, "failed to connect")) {
    absl::StrAppend(&message, "; does semcached listen at ", address,
                    "? (--target and --admin say where to look)");
  }
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), message);
}

absl::StatusOr<std::unique_ptr<v1::SemanticCache::Stub>> DataStub(const CtlOptions& options) {
  ASSIGN_OR_RETURN(const auto channel, ConnectTo(options.target, options.connection));
  return v1::SemanticCache::NewStub(channel);
}
std::unique_ptr<v1::AdminService::Stub> AdminStub(const CtlOptions& options) {
  return v1::AdminService::NewStub(ConnectTo(options.admin));
}
std::unique_ptr<v1::PolicyService::Stub> PolicyStub(const CtlOptions& options) {
  return v1::PolicyService::NewStub(ConnectTo(options.admin));
}

google::protobuf::Duration ToProto(absl::Duration duration) {
  return google::protobuf::util::TimeUtil::NanosecondsToDuration(
      absl::ToInt64Nanoseconds(duration));
}

absl::Status Repeat(const CtlOptions& options, absl::Duration interval, int rounds,
                    const std::function<absl::Status()>& print) {
  for (int round = 0; rounds == 0 || round < rounds; ++round) {
    if (round > 0) absl::SleepFor(interval);
    if (!options.json && isatty(STDOUT_FILENO) != 0) std::cout << "\033[H\033[2J";
    RETURN_IF_ERROR(print());
    std::cout.flush();
  }
  return absl::OkStatus();
}

}  // namespace semcached
