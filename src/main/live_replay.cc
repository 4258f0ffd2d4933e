#include "main/live_replay.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "main/calls_under_way.h"
#include "main/client.h"
#include "semcached/base/clock.h"
#include "semcached/base/mutex.h"
#include "semcached/base/random.h"
#include "semcached/base/status.h"
#include "semcached/replay/told.h"
#include "semcached/v1/load.grpc.pb.h"
#include "semcached/v1/policy.grpc.pb.h"
#include "semcached/v1/semantic_cache.grpc.pb.h"

namespace semcached {
namespace {

constexpr char kModel[] = "replay";
constexpr absl::Duration kSecond = absl::Seconds(1);
constexpr absl::Duration kPatience = absl::Seconds(10);

// One thread sends, and drives the model; gRPC's threads note what comes back.
class Live {
 public:
  Live(const ReplayParts& parts, const CategoryPolicySet& policies, const LiveServer& server)
      : parts_(parts),
        policies_(policies),
        server_(server),
        asks_(parts.stream->trace),
        run_name_(absl::StrFormat("replay-%016x", SystemRandom().Next())),
        begin_(parts.stream->history.empty() ? absl::ZeroDuration()
                                             : -parts.stream->history.front().at),
        model_(parts.speed, parts.slots),
        lookup_ids_(asks_.size()) {
    const auto data = ConnectTo(server.target);
    cache_ = v1::SemanticCache::NewStub(data);
    load_ = v1::LoadService::NewStub(data);
    policy_ = v1::PolicyService::NewStub(ConnectTo(server.admin));
    live_.run.answered.resize(asks_.size());
  }

  absl::Status TellHistory() {
    for (const auto& [key, kept] : StillAlive()) {
      v1::InsertRequest request;
      Describe(*kept.ask, &request);
      request.mutable_response()->set_body(
          BodyOf({kept.ask->intent, Fact(*kept.ask, kept.ask->at)}));
      request.mutable_ttl()->set_seconds(absl::ToInt64Seconds(kept.ends_at));
      v1::InsertResponse response;
      grpc::ClientContext context;
      SetDeadline(&context, kPatience);
      const grpc::Status status = cache_->Insert(&context, request, &response);
      if (status.ok()) continue;
      return absl::UnavailableError(absl::StrCat("cannot insert what was asked before at ",
                                                 server_.target, ": ", status.error_message()));
    }
    return absl::OkStatus();
  }

  LiveRun PlayTrace() ABSL_LOCKS_EXCLUDED(mutex_) {
    begun_ = SystemClock().Monotonic();
    absl::Duration second;
    for (size_t next = 0; next < asks_.size();) {
      const absl::Duration now = Now();
      for (const ModelServer::Done& done : model_.AdvanceTo(now)) TakeAnswer(done);
      for (const size_t number : TakeMissed()) model_.Submit(number, asks_[number].work, now);
      for (; second <= now; second += kSecond) Report();
      for (; next < asks_.size() && asks_[next].at <= now; ++next) {
        latest_ = std::max(latest_, (Now() - asks_[next].at) / server_.speed);
        Look(next);
      }
      if (next < asks_.size()) Sleep(std::min({asks_[next].at, second, model_.NextDone()}));
    }
    calls_.Await();
    MutexLock lock(&mutex_);
    live_.run.utilization = std::move(utilization_);
    live_.latest = latest_;
    return std::move(live_);
  }

 private:
  template <typename Request, typename Response>
  struct Call {
    grpc::ClientContext context;
    Request request;
    Response response;
  };

  struct Kept {
    const Ask* ask = nullptr;  // whose answer it is
    absl::Duration ends_at;    // of the trace, so that it is also what is left at its begin
  };
  // By tenant and text.
  std::map<std::pair<int64_t, std::string>, Kept> StillAlive() const {
    std::map<std::pair<int64_t, std::string>, Kept> all;
    for (const Ask& ask : parts_.stream->history) {
      const CategoryPolicy& policy = *policies_.Find(IntentOf(ask).category);
      Kept& kept = all[{ask.tenant, IntentOf(ask).texts[ask.text]}];
      const bool expired = kept.ask == nullptr || ask.at >= kept.ends_at;
      if (expired) kept.ask = &ask;
      if (expired || policy.ttl_mode == TtlMode::kSliding) kept.ends_at = ask.at + policy.ttl;
    }
    std::erase_if(all, [](const auto& named) { return named.second.ends_at < kSecond; });
    return all;
  }

  const Intent& IntentOf(const Ask& ask) const { return parts_.bank->intents[ask.intent]; }

  int64_t Fact(const Ask& ask, absl::Duration at) const {
    const auto stays = parts_.facts->find(IntentOf(ask).category);
    return stays == parts_.facts->end() ? 0 : FactAt(ask.intent, begin_ + at, stays->second);
  }

  // The time of the trace.
  absl::Duration Now() const { return (SystemClock().Monotonic() - begun_) * server_.speed; }

  // What was asked, for lookups and for inserts without a lookup.
  template <typename Request>
  void Describe(const Ask& ask, Request* request) const {
    const std::string& text = IntentOf(ask).texts[ask.text];
    v1::Scope* const scope = request->mutable_scope();
    scope->set_namespace_(absl::StrCat(run_name_, "-tenant-", ask.tenant));
    scope->set_model(kModel);
    scope->set_context("replay");
    request->set_query(text);
    request->set_category(IntentOf(ask).category);
    const std::vector<float>& vector = parts_.bank->VectorOf(text);
    request->mutable_embedding()->set_identity(parts_.identity);
    request->mutable_embedding()->mutable_values()->Assign(vector.begin(), vector.end());
  }

  // Returns at once. `ended` is told the status later, on one of gRPC's threads.
  template <typename Sends, typename CallPtr, typename Ended>
  void Send(Sends sends, CallPtr call, Ended ended) ABSL_LOCKS_EXCLUDED(mutex_) {
    SetDeadline(&call->context, kPatience);
    sends(&call->context, &call->request, &call->response,
          [this, call, ended](const grpc::Status& status) {
            ended(status);
            MutexLock lock(&mutex_);
            if (!status.ok() && ++live_.failed == 1) live_.first_failure = status.error_message();
            changed_.Signal();
          });
  }

  void Look(size_t number) {
    auto call = calls_.Begin<Call<v1::LookupRequest, v1::LookupResponse>>();
    Describe(asks_[number], &call->request);
    Send([this](auto... with) { cache_->async()->Lookup(with...); }, call,
         [this, call, number](const grpc::Status& /*status*/) {
           NoteFound(number, call->response);
         });
  }

  // Of a lookup that failed, nothing: a miss.
  void NoteFound(size_t number, const v1::LookupResponse& found) ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    Judge(number, found);
    Answered& answered = live_.run.answered[number];
    answered.model_call = !answered.hit || (answered.stale && !found.defer_refresh());
    if (!answered.model_call) return;
    if (!answered.hit) lookup_ids_[number] = found.lookup_id();  // that of a hit is for feedback
    missed_.push_back(number);
  }

  void Judge(size_t number, const v1::LookupResponse& found) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const Ask& ask = asks_[number];
    Answered& answered = live_.run.answered[number];
    answered.hit =
        found.outcome() == v1::OUTCOME_HIT_EXACT || found.outcome() == v1::OUTCOME_HIT_SEMANTIC;
    if (!answered.hit) return;
    const absl::StatusOr<Told> told = ToldBy(found.response().body());
    answered.wrong = !told.ok() || told->intent != ask.intent;
    answered.outdated = !answered.wrong && told->fact < Fact(ask, ask.at);
    answered.stale = found.stale();
  }

  std::vector<size_t> TakeMissed() ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    return std::exchange(missed_, {});
  }

  void TakeAnswer(const ModelServer::Done& done) ABSL_LOCKS_EXCLUDED(mutex_) {
    const Ask& ask = asks_[done.request];
    auto call = calls_.Begin<Call<v1::InsertRequest, v1::InsertResponse>>();
    {
      MutexLock lock(&mutex_);
      live_.run.answered[done.request].latency =
          static_cast<float>(absl::ToDoubleSeconds(done.at - ask.at));
      call->request.set_lookup_id(lookup_ids_[done.request]);
    }
    if (call->request.lookup_id().empty()) Describe(ask, &call->request);
    call->request.mutable_response()->set_body(BodyOf({ask.intent, Fact(ask, done.at)}));
    Send([this](auto... with) { cache_->async()->Insert(with...); }, call,
         [](const grpc::Status& /*status*/) {});
  }

  // Tells the load of the model, and asks what the server makes of it.
  void Report() ABSL_LOCKS_EXCLUDED(mutex_) {
    auto report = calls_.Begin<Call<v1::ReportLoadRequest, v1::ReportLoadResponse>>();
    report->request.set_model(kModel);
    report->request.set_in_flight(model_.in_flight());
    report->request.set_queued(model_.queued());
    report->request.set_limit(model_.slots());
    Send([this](auto... with) { load_->async()->ReportLoad(with...); }, report,
         [](const grpc::Status& /*status*/) {});
    const size_t second = utilization_.size();
    utilization_.push_back(model_.Utilization());
    {
      MutexLock lock(&mutex_);
      std::vector<double>& load_factor = live_.run.load_factor;
      load_factor.push_back(load_factor.empty() ? 0 : load_factor.back());
    }
    auto look = calls_.Begin<Call<v1::ListPoliciesRequest, v1::ListPoliciesResponse>>();
    // The loads come whatever the category, and one has less to tell than all.
    look->request.set_category(policies_.default_category);
    Send([this](auto... with) { policy_->async()->ListPolicies(with...); }, look,
         [this, look, second](const grpc::Status& /*status*/) {
           for (const v1::ModelLoad& load : look->response.loads()) {
             if (load.model() == kModel) NoteLoadFactor(second, load.load_factor());
           }
         });
  }

  void NoteLoadFactor(size_t second, double load_factor) ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    live_.run.load_factor[second] = load_factor;
  }

  // Until this time of the trace, or until something goes to the model.
  void Sleep(absl::Duration until) ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    while (missed_.empty()) {
      const absl::Duration left = (until - Now()) / server_.speed;
      if (left <= absl::ZeroDuration()) return;
      changed_.WaitFor(&mutex_, absl::ToChronoNanoseconds(left));
    }
  }

  const ReplayParts parts_;
  const CategoryPolicySet& policies_;
  const LiveServer server_;
  const std::vector<Ask>& asks_;
  const std::string run_name_;
  const absl::Duration begin_;  // of the trace, since the begin of the history: when facts change
  std::unique_ptr<v1::SemanticCache::Stub> cache_;
  std::unique_ptr<v1::LoadService::Stub> load_;
  std::unique_ptr<v1::PolicyService::Stub> policy_;

  // Of the thread that sends.
  MonotonicTime begun_;
  ModelServer model_;
  std::vector<double> utilization_;
  absl::Duration latest_;

  Mutex mutex_;
  CondVar changed_;
  LiveRun live_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> lookup_ids_ ABSL_GUARDED_BY(mutex_);  // of misses, by arrival
  std::vector<size_t> missed_ ABSL_GUARDED_BY(mutex_);           // not at the model yet
  CallsUnderWay calls_;                                          // that end before the rest goes
};

}  // namespace

absl::StatusOr<LiveRun> ReplayLive(const ReplayParts& parts, const CategoryPolicySet& policies,
                                   const LiveServer& server) {
  Live live(parts, policies, server);
  RETURN_IF_ERROR(live.TellHistory());
  return live.PlayTrace();
}

}  // namespace semcached
