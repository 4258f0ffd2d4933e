// What the commands of semcachectl share: a call, its errors in words, its response in print.
#ifndef SEMCACHED_SRC_MAIN_CTL_CALL_H_
#define SEMCACHED_SRC_MAIN_CTL_CALL_H_

#include <absl/status/status.h>
#include <absl/time/time.h>
#include <google/protobuf/duration.pb.h>
#include <grpcpp/grpcpp.h>

#include <functional>
#include <iostream>
#include <memory>
#include <string>

#include "main/client.h"
#include "main/ctl.h"
#include "main/ctl_print.h"
#include "semcached/base/status.h"
#include "semcached/v1/admin.grpc.pb.h"
#include "semcached/v1/policy.grpc.pb.h"
#include "semcached/v1/semantic_cache.grpc.pb.h"

namespace semcached {

inline constexpr absl::Duration kDeadline = absl::Seconds(10);
inline constexpr absl::Duration kLongDeadline = absl::Hours(1);

// With a remedy where nobody listens at `address`, or somebody else.
absl::Status FromGrpc(const grpc::Status& status, const std::string& address);

// InvalidArgument: a file of options.connection.
absl::StatusOr<std::unique_ptr<v1::SemanticCache::Stub>> DataStub(const CtlOptions& options);
std::unique_ptr<v1::AdminService::Stub> AdminStub(const CtlOptions& options);
std::unique_ptr<v1::PolicyService::Stub> PolicyStub(const CtlOptions& options);

google::protobuf::Duration ToProto(absl::Duration duration);

// Prints again and again, `rounds` times or for ever (0); over what was there before, on a
// terminal.
absl::Status Repeat(const CtlOptions& options, absl::Duration interval, int rounds,
                    const std::function<absl::Status()>& print);

template <typename Response>
void PrintResponse(const CtlOptions& options, const Response& response) {
  if (options.json) {
    std::cout << ToJson(response, true) << "\n";
  } else if constexpr (requires { Print(response); }) {
    Print(response);
  } else {
    std::cout << "ok\n";
  }
}

// Calls one method and prints its response.
template <typename Stub, typename Request, typename Response>
absl::Status CallAndPrint(const CtlOptions& options, const std::string& address, Stub& stub,
                          grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                       Response*),
                          const Request& request, absl::Duration deadline = kDeadline) {
  grpc::ClientContext context;
  SetDeadline(&context, deadline);
  Response response;
  RETURN_IF_ERROR(FromGrpc((stub.*method)(&context, request, &response), address));
  PrintResponse(options, response);
  return absl::OkStatus();
}

// The same over the data listener.
template <typename Request, typename Response>
absl::Status CallDataAndPrint(const CtlOptions& options,
                              grpc::Status (v1::SemanticCache::Stub::*method)(grpc::ClientContext*,
                                                                              const Request&,
                                                                              Response*),
                              const Request& request, absl::Duration deadline = kDeadline) {
  ASSIGN_OR_RETURN(const auto stub, DataStub(options));
  return CallAndPrint(options, options.target, *stub, method, request, deadline);
}

}  // namespace semcached

#endif  // SEMCACHED_SRC_MAIN_CTL_CALL_H_
