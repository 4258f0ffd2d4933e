#include "text/text_lookups.h"

#include <absl/strings/str_cat.h>
#include <absl/time/time.h>

#include <atomic>
#include <chrono>
#include <latch>
#include <random>
#include <thread>

#include "main/client.h"
#include "semcached/base/status.h"

namespace semcached::text {
namespace {

using Clock = std::chrono::steady_clock;

constexpr absl::Duration kDeadline = absl::Seconds(30);
constexpr char kCategory[] = "factual";
constexpr size_t kBodyBytes = 2'000;

double Seconds(Clock::time_point since) {
  return std::chrono::duration<double>(Clock::now() - since).count();
}

void SetScope(v1::Scope* scope) {
  scope->set_namespace_("bench");
  scope->set_model("bench-model");
}

absl::Status ToAbsl(const grpc::Status& status, const std::string& what) {
  if (status.ok()) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(what, ": ", status.error_message(), " (code ",
                                             static_cast<int>(status.error_code()), ")"));
}

}  // namespace

TextLookups::TextLookups(const std::string& address, size_t callers) {
  for (size_t i = 0; i < callers; ++i) {
    callers_.push_back(v1::SemanticCache::NewStub(ConnectTo(address)));
  }
}

absl::Status TextLookups::Fill(size_t entries) {
  v1::GetServerInfoResponse info;
  grpc::ClientContext info_context;
  SetDeadline(&info_context, kDeadline);
  RETURN_IF_ERROR(ToAbsl(callers_[0]->GetServerInfo(&info_context, {}, &info), "GetServerInfo"));
  const auto& embedder = info.embedding_identities(0);
  std::mt19937_64 random(1);
  std::normal_distribution<float> normal;
  for (size_t i = 0; i < entries; ++i) {
    v1::InsertRequest request;
    SetScope(request.mutable_scope());
    request.set_category(kCategory);
    request.set_query(absl::StrCat("entry ", i));
    request.mutable_response()->set_body(std::string(kBodyBytes, 'x'));
    request.mutable_embedding()->set_identity(embedder.identity());
    for (int32_t component = 0; component < embedder.dimension(); ++component) {
      request.mutable_embedding()->add_values(normal(random));
    }
    v1::InsertResponse response;
    grpc::ClientContext context;
    SetDeadline(&context, kDeadline);
    RETURN_IF_ERROR(ToAbsl(callers_[0]->Insert(&context, request, &response), "Insert"));
    if (response.result() == v1::InsertResponse::RESULT_DECLINED) {
      return absl::UnavailableError(absl::StrCat("Insert: declined: ", response.decline_reason()));
    }
  }
  return absl::OkStatus();
}

absl::Status TextLookups::Ask(Stub& stub, const std::string& text) {
  v1::LookupRequest request;
  SetScope(request.mutable_scope());
  request.set_category(kCategory);
  request.set_query(text);
  v1::LookupResponse response;
  grpc::ClientContext context;
  SetDeadline(&context, kDeadline);
  RETURN_IF_ERROR(ToAbsl(stub.Lookup(&context, request, &response), "Lookup"));
  if (response.outcome() == v1::OUTCOME_MISS &&
      (response.miss_reason() == v1::MISS_REASON_BELOW_THRESHOLD ||
       response.miss_reason() == v1::MISS_REASON_NO_CANDIDATE)) {
    return absl::OkStatus();
  }
  return absl::UnavailableError(absl::StrCat(
      "\"", text, "\" was to miss by its vector, and did not: ",
      v1::Outcome_Name(response.outcome()), " ", v1::MissReason_Name(response.miss_reason())));
}

absl::Status TextLookups::OneAfterTheOther(absl::Span<const std::string> texts,
                                           std::vector<double>* micros) {
  for (const std::string& text : texts) {
    const Clock::time_point begin = Clock::now();
    RETURN_IF_ERROR(Ask(*callers_[0], text));
    micros->push_back(Seconds(begin) * 1e6);
  }
  return absl::OkStatus();
}

absl::StatusOr<double> TextLookups::AtOnce(absl::Span<const std::string> texts) {
  std::atomic<size_t> next{0};
  std::vector<absl::Status> failures(callers_.size());
  std::latch begin(1);
  std::vector<std::thread> threads;
  threads.reserve(callers_.size());
  for (size_t caller = 0; caller < callers_.size(); ++caller) {
    threads.emplace_back([&, caller] {
      begin.wait();
      for (size_t i = next++; i < texts.size() && failures[caller].ok(); i = next++) {
        failures[caller] = Ask(*callers_[caller], texts[i]);
      }
    });
  }
  const Clock::time_point begun = Clock::now();
  begin.count_down();
  for (std::thread& thread : threads) thread.join();
  const double seconds = Seconds(begun);
  for (const absl::Status& failure : failures) RETURN_IF_ERROR(failure);
  return static_cast<double>(texts.size()) / seconds;
}

}  // namespace semcached::text
