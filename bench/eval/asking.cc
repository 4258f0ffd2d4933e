#include "eval/asking.h"

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <iostream>
#include <thread>

#include "main/client.h"
#include "semcached/v1/semantic_cache.grpc.pb.h"

namespace semcached::eval {
namespace {

constexpr size_t kBatch = 32;
constexpr absl::Duration kBatchDeadline = absl::Seconds(60);
constexpr absl::Duration kProgressInterval = absl::Seconds(10);
constexpr char kModel[] = "eval-model";

using Stub = v1::SemanticCache::Stub;

absl::Status Failed(const char* call, int code, const std::string& message) {
  return absl::UnavailableError(absl::StrCat(call, " failed (code ", code, "): ", message));
}

// Runs `send` on every batch [begin, end); the first failure ends it.
absl::Status InBatches(const std::string& address, const std::string& what, size_t count,
                       int threads,
                       const std::function<absl::Status(Stub&, size_t, size_t)>& send) {
  std::atomic<size_t> next{0};
  std::atomic<bool> stopped{false};
  std::vector<absl::Status> failures(static_cast<size_t>(threads));
  const absl::Time started = absl::Now();
  const auto work = [&](size_t thread) {
    const auto stub = v1::SemanticCache::NewStub(ConnectTo(address));
    absl::Time told = absl::Now();
    while (!stopped) {
      const size_t begin = next.fetch_add(kBatch);
      if (begin >= count) return;
      failures[thread] = send(*stub, begin, std::min(begin + kBatch, count));
      if (!failures[thread].ok()) stopped = true;
      if (thread != 0 || absl::Now() - told < kProgressInterval) continue;
      told = absl::Now();
      std::cerr << "  " << what << ": " << begin << " of " << count << std::endl;
    }
  };
  std::vector<std::thread> workers;
  workers.reserve(static_cast<size_t>(threads));
  for (int i = 0; i < threads; ++i) workers.emplace_back(work, static_cast<size_t>(i));
  for (std::thread& worker : workers) worker.join();
  for (const absl::Status& failure : failures) {
    if (!failure.ok()) return failure;
  }
  std::cerr << what << ": " << count << " in "
            << absl::ToDoubleSeconds(absl::Trunc(absl::Now() - started, absl::Milliseconds(100)))
            << " s" << std::endl;
  return absl::OkStatus();
}

void SetScope(const Question& question, v1::Scope* scope) {
  scope->set_namespace_(question.tenant);
  scope->set_model(kModel);
}

Reply ToReply(const v1::LookupResponse& response) {
  Reply reply;
  reply.exact = response.outcome() == v1::OUTCOME_HIT_EXACT;
  reply.semantic = response.outcome() == v1::OUTCOME_HIT_SEMANTIC;
  reply.bypass = response.outcome() == v1::OUTCOME_BYPASS;
  reply.category = response.category();
  reply.body = response.response().body();
  if (response.explanation().candidates_size() > 0) {
    const v1::Candidate& nearest = response.explanation().candidates(0);
    reply.similarity = nearest.similarity();
    reply.verdict = nearest.verdict();
  } else if (response.has_nearest_similarity()) {
    reply.similarity = response.nearest_similarity();
  }
  return reply;
}

}  // namespace

absl::StatusOr<std::vector<Stored>> InsertAll(const std::string& address, const std::string& what,
                                              const std::vector<Question>& questions, int threads) {
  std::vector<Stored> stored(questions.size());
  const auto send = [&](Stub& stub, size_t begin, size_t end) {
    v1::BatchInsertRequest request;
    for (size_t i = begin; i < end; ++i) {
      v1::InsertRequest* insert = request.add_requests();
      SetScope(questions[i], insert->mutable_scope());
      insert->set_category(questions[i].category);
      insert->set_query(questions[i].text);
      insert->mutable_response()->set_body(questions[i].body);
    }
    grpc::ClientContext context;
    SetDeadline(&context, kBatchDeadline);
    v1::BatchInsertResponse response;
    const grpc::Status status = stub.BatchInsert(&context, request, &response);
    if (!status.ok()) return Failed("BatchInsert", status.error_code(), status.error_message());
    for (int i = 0; i < response.results_size(); ++i) {
      const v1::InsertResult& result = response.results(i);
      if (result.code() != 0) return Failed("insert", result.code(), result.message());
      if (result.response().result() == v1::InsertResponse::RESULT_DECLINED) continue;
      stored[begin + static_cast<size_t>(i)] = result.response().category();
    }
    return absl::OkStatus();
  };
  const absl::Status sent = InBatches(address, what, questions.size(), threads, send);
  if (!sent.ok()) return sent;
  return stored;
}

absl::StatusOr<std::vector<Reply>> LookUpAll(const std::string& address, const std::string& what,
                                             const std::vector<Question>& questions, int threads) {
  std::vector<Reply> replies(questions.size());
  const auto send = [&](Stub& stub, size_t begin, size_t end) {
    v1::BatchLookupRequest request;
    for (size_t i = begin; i < end; ++i) {
      v1::LookupRequest* lookup = request.add_requests();
      SetScope(questions[i], lookup->mutable_scope());
      lookup->set_category(questions[i].category);
      lookup->set_query(questions[i].text);
      lookup->set_explain(true);
    }
    grpc::ClientContext context;
    SetDeadline(&context, kBatchDeadline);
    v1::BatchLookupResponse response;
    const grpc::Status status = stub.BatchLookup(&context, request, &response);
    if (!status.ok()) return Failed("BatchLookup", status.error_code(), status.error_message());
    for (int i = 0; i < response.results_size(); ++i) {
      const v1::LookupResult& result = response.results(i);
      if (result.code() != 0) return Failed("lookup", result.code(), result.message());
      replies[begin + static_cast<size_t>(i)] = ToReply(result.response());
    }
    return absl::OkStatus();
  };
  const absl::Status sent = InBatches(address, what, questions.size(), threads, send);
  if (!sent.ok()) return sent;
  return replies;
}

}  // namespace semcached::eval
