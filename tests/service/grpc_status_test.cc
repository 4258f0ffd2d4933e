#include "service/grpc_status.h"

#include <gtest/gtest.h>

namespace semcached {
namespace {

TEST(GrpcStatusTest, OkIsOk) { EXPECT_TRUE(ToGrpc(absl::OkStatus()).ok()); }

// docs/api.md promises these codes to gateways.
TEST(GrpcStatusTest, EveryCodeKeepsItsNameAndMessage) {
  const std::pair<absl::Status, grpc::StatusCode> pairs[] = {
      {absl::CancelledError("why"), grpc::CANCELLED},
      {absl::UnknownError("why"), grpc::UNKNOWN},
      {absl::InvalidArgumentError("why"), grpc::INVALID_ARGUMENT},
      {absl::DeadlineExceededError("why"), grpc::DEADLINE_EXCEEDED},
      {absl::NotFoundError("why"), grpc::NOT_FOUND},
      {absl::AlreadyExistsError("why"), grpc::ALREADY_EXISTS},
      {absl::PermissionDeniedError("why"), grpc::PERMISSION_DENIED},
      {absl::ResourceExhaustedError("why"), grpc::RESOURCE_EXHAUSTED},
      {absl::FailedPreconditionError("why"), grpc::FAILED_PRECONDITION},
      {absl::AbortedError("why"), grpc::ABORTED},
      {absl::UnimplementedError("why"), grpc::UNIMPLEMENTED},
      {absl::InternalError("why"), grpc::INTERNAL},
      {absl::UnavailableError("why"), grpc::UNAVAILABLE},
      {absl::DataLossError("why"), grpc::DATA_LOSS},
      {absl::UnauthenticatedError("why"), grpc::UNAUTHENTICATED},
  };
  for (const auto& [ours, theirs] : pairs) {
    EXPECT_EQ(ToGrpc(ours).error_code(), theirs) << ours;
    EXPECT_EQ(ToGrpc(ours).error_message(), "why");
  }
}

}  // namespace
}  // namespace semcached
