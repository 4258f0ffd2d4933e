#include "fault/traffic.h"

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>

#include <chrono>
#include <random>

namespace semcached {
namespace {

constexpr int kQuestions = 400;  // of each tenant in each category
constexpr std::chrono::seconds kDeadline{2};

void SetDeadline(grpc::ClientContext* context) {
  context->set_deadline(std::chrono::system_clock::now() + kDeadline);
}

void SetScope(const Question& question, v1::Scope* scope) {
  scope->set_namespace_(question.tenant);
  scope->set_model("model");
}

void SetEmbedding(const Question& question, v1::Embedding* embedding) {
  embedding->set_identity("fault/64");
  const std::vector<float> vector = question.Vector();
  embedding->mutable_values()->Assign(vector.begin(), vector.end());
}

}  // namespace

Question RandomQuestion(uint64_t random) {
  static constexpr const char* kTenants[] = {"acme", "umbrella", "initech"};
  static constexpr const char* kCategories[] = {"process", "durable", "memory"};
  return {kTenants[random % 3], kCategories[random / 3 % 3],
          static_cast<int64_t>(random / 9 % kQuestions)};
}

void Add(const Findings& more, Findings* to) {
  to->lookups += more.lookups;
  to->hits += more.hits;
  to->wrong += more.wrong;
  to->came_back += more.came_back;
  to->lost += more.lost;
  to->failed += more.failed;
  for (const auto& [code, count] : more.failures) to->failures[code] += count;
  to->inserts += more.inserts;
  for (const auto& [code, count] : more.refused) to->refused[code] += count;
  for (const std::string& note : more.wrong_notes) Findings::Note(note, &to->wrong_notes);
  for (const std::string& note : more.came_back_notes) {
    Findings::Note(note, &to->came_back_notes);
  }
  for (const std::string& note : more.lost_notes) Findings::Note(note, &to->lost_notes);
}

v1::LookupRequest Caller::Request(const Question& question, By by) const {
  v1::LookupRequest request;
  SetScope(question, request.mutable_scope());
  request.set_category(question.category);
  if (by != By::kVector) request.set_query(question.Text());
  if (by != By::kText) SetEmbedding(question, request.mutable_embedding());
  return request;
}

bool Caller::Lookup(const Question& question, By by, Findings* findings, std::string* body) const {
  grpc::ClientContext context;
  SetDeadline(&context);
  v1::LookupResponse response;
  const Before before = oracle_.Now(question);
  // A text alone cannot be embedded here, so that such a lookup hits exactly or fails.
  const grpc::Status status = server_.data().Lookup(&context, Request(question, by), &response);
  if (!status.ok()) {
    ++findings->failed;
    ++findings->failures[status.error_code()];
    return false;
  }
  ++findings->lookups;
  if (response.outcome() == v1::OUTCOME_MISS) return false;
  ++findings->hits;
  if (const auto why = oracle_.Judge(question, before, response.response().body())) {
    const bool came_back = *why == kDeleted;
    ++(came_back ? findings->came_back : findings->wrong);
    Findings::Note(absl::StrCat("wrong answer to \"", question.Text(), "\": ", *why),
                   came_back ? &findings->came_back_notes : &findings->wrong_notes);
  }
  if (body != nullptr) *body = response.response().body();
  return true;
}

Inserted Caller::Insert(const Question& question, absl::Duration ttl) const {
  v1::InsertRequest request;
  SetScope(question, request.mutable_scope());
  request.set_query(question.Text());
  SetEmbedding(question, request.mutable_embedding());
  request.set_category(question.category);
  const int64_t version = oracle_.Begin(question, ttl == absl::InfiniteDuration());
  absl::Time dead_from = absl::InfiniteFuture();
  if (ttl != absl::InfiniteDuration()) {
    request.mutable_ttl()->set_seconds(absl::ToInt64Seconds(ttl));
    // The server counts from when it stores the answer, which is before this call ends.
    dead_from = absl::Now() + ttl + absl::FromChrono(kDeadline);
  }
  request.mutable_response()->set_body(Payload(question, version, dead_from));
  grpc::ClientContext context;
  SetDeadline(&context);
  v1::InsertResponse response;
  Inserted inserted;
  inserted.status = server_.data().Insert(&context, request, &response);
  inserted.stored =
      inserted.status.ok() && response.result() != v1::InsertResponse::RESULT_DECLINED;
  if (inserted.stored) oracle_.Acknowledge(question);
  inserted.expires = absl::FromUnixSeconds(response.expire_time().seconds());
  return inserted;
}

void Caller::Delete(const Question& question) const {
  grpc::ClientContext looking;
  SetDeadline(&looking);
  v1::LookupResponse found;
  if (!server_.data().Lookup(&looking, Request(question, By::kBoth), &found).ok()) return;
  if (found.entry_id().empty()) return;
  oracle_.BeginDelete(question);
  v1::DeleteRequest request;
  request.set_entry_id(found.entry_id());
  grpc::ClientContext context;
  SetDeadline(&context);
  v1::DeleteResponse response;
  if (server_.data().Delete(&context, request, &response).ok()) {
    oracle_.AcknowledgeDelete(question);
  }
}

void Caller::LookForAll(Findings* findings) const {
  for (const Question& question : oracle_.MustBeThere()) {
    if (question.category == "memory") continue;  // it may be gone with the process
    for (const By by : {By::kBoth, By::kVector}) {
      if (Lookup(question, by, findings)) continue;
      ++findings->lost;
      Findings::Note(absl::StrCat("lost: \"", question.Text(), "\"",
                                  by == By::kVector ? " (by its vector)" : ""),
                     &findings->lost_notes);
      break;
    }
  }
}

Traffic::Traffic(FaultServer* server, Oracle* oracle, uint64_t seed, int threads)
    : caller_(server, oracle), findings_(static_cast<size_t>(threads)) {
  for (int i = 0; i < threads; ++i) {
    const auto at = static_cast<size_t>(i);
    threads_.emplace_back([this, seed, at] { Run(seed * 1000 + at, &findings_[at]); });
  }
}

void Traffic::Run(uint64_t seed, Findings* findings) {
  std::mt19937_64 random(seed);
  // A question has one thread that writes it: the order of its writes is known then.
  const uint64_t threads = findings_.size();
  const uint64_t own = seed % 1000;
  while (!stopping_) {
    Question question = RandomQuestion(random());
    const uint64_t what = random() % 100;
    if (what < 50) {
      caller_.Lookup(question, what < 25 ? By::kVector : By::kBoth, findings);
    } else {
      question.number -= question.number % static_cast<int64_t>(threads);
      question.number += static_cast<int64_t>(own);
      if (what < 95) {
        const bool briefly = what < 60;
        const Inserted inserted =
            caller_.Insert(question, briefly ? absl::Seconds(1) : absl::InfiniteDuration());
        ++findings->inserts;
        if (!inserted.status.ok()) ++findings->refused[inserted.status.error_code()];
      } else {
        caller_.Delete(question);
      }
    }
    ++calls_;
  }
}

Findings Traffic::Stop() {
  stopping_ = true;
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
  Findings all;
  for (const Findings& one : findings_) Add(one, &all);
  findings_.clear();
  return all;
}

}  // namespace semcached
