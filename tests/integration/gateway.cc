#include "integration/gateway.h"

#include <absl/strings/ascii.h>
#include <absl/time/clock.h>

namespace semcached {
namespace {

// The server's own default is meant for a gateway in a hurry, not for a machine that runs tests.
void BePatient(grpc::ClientContext* context) {
  context->set_deadline(absl::ToChronoTime(absl::Now() + kPatience));
}

}  // namespace

Gateway Gateway::As(const std::string& tenant) const {
  Gateway other = *this;
  other.tenant_ = tenant;
  return other;
}

Gateway Gateway::ForModel(const std::string& model) const {
  Gateway other = *this;
  other.model_ = model;
  return other;
}

Gateway Gateway::WithContext(const std::string& context) const {
  Gateway other = *this;
  other.context_ = context;
  return other;
}

Gateway Gateway::In(const std::string& category) const {
  Gateway other = *this;
  other.category_ = category;
  return other;
}

v1::LookupRequest Gateway::Question(const std::string& query) const {
  v1::LookupRequest request;
  request.mutable_scope()->set_namespace_(tenant_);
  request.mutable_scope()->set_model(model_);
  request.mutable_scope()->set_context(context_);
  request.set_query(query);
  request.set_category(category_);
  return request;
}

v1::InsertRequest Gateway::Telling(const std::string& query, const std::string& answer) const {
  v1::InsertRequest request;
  *request.mutable_scope() = Question(query).scope();
  request.set_query(query);
  request.set_category(category_);
  request.mutable_response()->set_body(answer);
  request.mutable_response()->set_content_type("text/plain");
  return request;
}

grpc::Status Gateway::TryLookup(const v1::LookupRequest& request,
                                v1::LookupResponse* response) const {
  grpc::ClientContext context;
  BePatient(&context);
  return server_.data().Lookup(&context, request, response);
}

grpc::Status Gateway::TryInsert(const v1::InsertRequest& request,
                                v1::InsertResponse* response) const {
  grpc::ClientContext context;
  BePatient(&context);
  return server_.data().Insert(&context, request, response);
}

v1::LookupResponse Gateway::Lookup(const v1::LookupRequest& request) const {
  v1::LookupResponse response;
  const grpc::Status status = TryLookup(request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message() << "\n" << server_.Log();
  return response;
}

v1::InsertResponse Gateway::Insert(const v1::InsertRequest& request) const {
  v1::InsertResponse response;
  const grpc::Status status = TryInsert(request, &response);
  EXPECT_TRUE(status.ok()) << status.error_message() << "\n" << server_.Log();
  return response;
}

std::string Gateway::Ask(const v1::LookupRequest& request) const {
  const v1::LookupResponse response = Lookup(request);
  switch (response.outcome()) {
    case v1::OUTCOME_HIT_EXACT:
      return "exact:" + response.response().body();
    case v1::OUTCOME_HIT_SEMANTIC:
      return "semantic:" + response.response().body();
    case v1::OUTCOME_MISS:
      return "miss:" +
             absl::AsciiStrToLower(
                 v1::MissReason_Name(response.miss_reason()).substr(sizeof("MISS_REASON_") - 1));
    case v1::OUTCOME_BYPASS:
      return "bypass";
    default:
      return "no outcome";
  }
}

std::string Gateway::Tell(const std::string& query, const std::string& answer) const {
  const v1::InsertResponse response = Insert(Telling(query, answer));
  EXPECT_EQ(response.result(), v1::InsertResponse::RESULT_STORED) << response.decline_reason();
  EXPECT_FALSE(response.entry_id().empty());
  return response.entry_id();
}

}  // namespace semcached
