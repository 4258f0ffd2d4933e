#include "semcached/replay/replay.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "semcached/base/call.h"
#include "semcached/base/executor.h"
#include "semcached/base/metrics.h"
#include "semcached/base/mutex.h"
#include "semcached/base/random.h"
#include "semcached/base/status.h"
#include "semcached/cache/semantic_cache.h"
#include "semcached/embed/recent_embeddings.h"
#include "semcached/policy/miss_latency.h"
#include "semcached/policy/policy_manager.h"
#include "semcached/policy/reported_load.h"
#include "semcached/replay/manual_clock.h"
#include "semcached/replay/told.h"
#include "semcached/store/document_store.h"

namespace semcached {
namespace {

constexpr char kModel[] = "model";
constexpr absl::Duration kSecond = absl::Seconds(1);
constexpr absl::Duration kHistoryTick =
    absl::Hours(1);  // of the cache; lookups expire by themselves
constexpr uint64_t kIdSeed = 20251126;

// The same ids in every run. Thread-safe, as Random is.
class SeededRandom final : public Random {
 public:
  uint64_t Next() override {
    MutexLock lock(&mutex_);
    return dice_();
  }

 private:
  Mutex mutex_;
  std::mt19937_64 dice_ ABSL_GUARDED_BY(mutex_){kIdSeed};
};

// Runs every task before Submit returns.
class InlineExecutor final : public Executor {
 public:
  bool Submit(std::function<void()> task) override {
    task();
    return true;
  }
};

// A directory for one run's store: the real one keeps files. Gone with the object, so that its name
// matters to nobody.
class StoreDirectory {
 public:
  StoreDirectory() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "semcached-replay-XXXXXX").string();
    if (mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~StoreDirectory() {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
  }
  StoreDirectory(const StoreDirectory&) = delete;
  StoreDirectory& operator=(const StoreDirectory&) = delete;

  const std::string& path() const { return path_; }  // empty: it could not be made

 private:
  std::string path_;
};

// What has been answered of each intent, to say why the model was called again.
class Answers {
 public:
  explicit Answers(size_t intents)
      : last_(intents, -absl::InfiniteDuration()), at_model_(intents) {}

  void Asked(size_t intent) { ++at_model_[intent]; }
  void Came(size_t intent) { --at_model_[intent]; }
  void Touch(size_t intent, absl::Duration now) { last_[intent] = now; }

  CallCause CauseOf(size_t intent, absl::Duration now, absl::Duration ttl) const {
    if (at_model_[intent] > 0) return CallCause::kInFlight;
    if (last_[intent] == -absl::InfiniteDuration()) return CallCause::kNew;
    return now - last_[intent] >= ttl ? CallCause::kExpired : CallCause::kWords;
  }

 private:
  std::vector<absl::Duration> last_;  // by intent: of its last answer; where TTLs slide, use
  std::vector<int> at_model_;         // by intent
};

class Run {
 public:
  Run(const ReplayParts& parts, CategoryPolicySetPtr policies)
      : parts_(parts),
        policies_set_(std::move(policies)),
        reported_(parts.load),
        miss_latency_(parts.load),
        server_(parts.speed, parts.slots),
        answers_(parts.bank->intents.size()) {}

  absl::Status Make() {
    if (directory_.path().empty()) {
      return absl::UnavailableError("no directory can be made for the store of a replay");
    }
    StoreOptions options;
    options.path = directory_.path();
    ASSIGN_OR_RETURN(store_, OpenRocksDbStore(options));
    policies_ = std::make_unique<PolicyManager>(
        policies_set_, nullptr, parts_.load,
        std::vector<const LoadSensor*>{&reported_, &miss_latency_}, clock_, &metrics_);
    CacheParts cache;
    cache.clock = &clock_;
    cache.random = &random_;
    cache.store = store_.get();
    cache.policies = policies_.get();
    cache.recent_embeddings = &recent_;
    cache.builds = &builds_;
    cache.metrics = &metrics_;
    cache.on_model_latency = [this](std::string_view model, absl::Duration latency) {
      miss_latency_.Observe(model, latency, clock_.Monotonic());
    };
    cache_ = std::make_unique<SemanticCache>(CacheOptions(), std::move(cache));
    const std::atomic<bool> stop{false};
    return cache_->Recover(stop);
  }

  absl::Status PlayHistory() {
    const std::vector<Ask>& asks = parts_.stream->history;
    if (!asks.empty()) begin_ = -asks.front().at;
    absl::Duration tick = begin_ - begin_;
    for (const Ask& ask : asks) {
      clock_.AdvanceTo(begin_ + ask.at);
      for (; tick < begin_ + ask.at; tick += kHistoryTick) cache_->Tick();
      ASSIGN_OR_RETURN(const LookupResult found, Look(ask));
      if (!IsHit(found) || found.stale) RETURN_IF_ERROR(Store(ask, found.lookup_id));
    }
    return absl::OkStatus();
  }

  absl::StatusOr<ReplayRun> PlayTrace() {
    const std::vector<Ask>& asks = parts_.stream->trace;
    run_.answered.resize(asks.size());
    lookup_ids_.resize(asks.size());
    absl::Duration second;
    for (size_t next = 0; next < asks.size();) {
      const absl::Duration until = std::min({asks[next].at, second, server_.NextDone()});
      clock_.AdvanceTo(begin_ + until);
      RETURN_IF_ERROR(TakeAnswers(until));
      if (second <= until) {
        Tick();
        second += kSecond;
      }
      for (; next < asks.size() && asks[next].at <= until; ++next) RETURN_IF_ERROR(Take(next));
    }
    return std::move(run_);
  }

 private:
  absl::StatusOr<LookupResult> Look(const Ask& ask) {
    const Intent& intent = parts_.bank->intents[ask.intent];
    LookupRequest request;
    request.scope = ScopeOf(ask);
    request.query = intent.texts[ask.text];
    request.embedding = {parts_.identity, parts_.bank->VectorOf(request.query)};
    request.category = intent.category;
    absl::StatusOr<LookupResult> found = cache_->Lookup(request, Call(clock_));
    if (found.ok() && IsHit(*found) && PolicyOf(ask).ttl_mode == TtlMode::kSliding) {
      answers_.Touch(ask.intent, clock_.Monotonic());
    }
    return found;
  }

  static bool IsHit(const LookupResult& found) {
    return found.outcome == Outcome::kHitExact || found.outcome == Outcome::kHitSemantic;
  }
  const CategoryPolicy& PolicyOf(const Ask& ask) const {
    return *policies_set_->Find(parts_.bank->intents[ask.intent].category);
  }

  // The model's answer to what was asked, as it is now.
  absl::Status Store(const Ask& ask, const std::string& lookup_id) {
    const Intent& intent = parts_.bank->intents[ask.intent];
    answers_.Touch(ask.intent, clock_.Monotonic());
    InsertRequest request;
    request.lookup_id = lookup_id;
    request.response.body = BodyOf({ask.intent, Fact(ask.intent)});
    absl::StatusOr<InsertResult> inserted = cache_->Insert(request, Call(clock_));
    // A model that takes longer than a lookup_id lives: the gateway sends all of it again.
    if (!absl::IsFailedPrecondition(inserted.status()) && !lookup_id.empty()) {
      return inserted.status();
    }
    request.lookup_id.clear();
    request.scope = ScopeOf(ask);
    request.query = intent.texts[ask.text];
    request.embedding = {parts_.identity, parts_.bank->VectorOf(request.query)};
    request.category = intent.category;
    return cache_->Insert(request, Call(clock_)).status();
  }

  static Scope ScopeOf(const Ask& ask) {
    return {absl::StrCat("tenant-", ask.tenant), kModel, "replay"};
  }

  int64_t Fact(size_t intent) const {
    const auto stays = parts_.facts->find(parts_.bank->intents[intent].category);
    if (stays == parts_.facts->end()) return 0;
    return FactAt(intent, clock_.Monotonic(), stays->second);
  }

  absl::Status Take(size_t number) {
    const Ask& ask = parts_.stream->trace[number];
    Answered& answered = run_.answered[number];
    ASSIGN_OR_RETURN(LookupResult found, Look(ask));
    answered.hit = IsHit(found);
    if (answered.hit) {
      ASSIGN_OR_RETURN(const Told told, ToldBy(found.response.body));
      answered.wrong = told.intent != ask.intent;
      answered.outdated = !answered.wrong && told.fact != Fact(ask.intent);
      answered.stale = found.stale;
    }
    answered.model_call = !answered.hit || (found.stale && !found.defer_refresh);
    if (!answered.model_call) return absl::OkStatus();
    answered.cause = answers_.CauseOf(ask.intent, clock_.Monotonic(), PolicyOf(ask).ttl);
    answers_.Asked(ask.intent);
    lookup_ids_[number] = std::move(found.lookup_id);
    server_.Submit(number, ask.work, ask.at);
    return absl::OkStatus();
  }

  absl::Status TakeAnswers(absl::Duration until) {
    for (const ModelServer::Done& done : server_.AdvanceTo(until)) {
      const Ask& ask = parts_.stream->trace[done.request];
      run_.answered[done.request].latency =
          static_cast<float>(absl::ToDoubleSeconds(done.at - ask.at));
      answers_.Came(ask.intent);
      RETURN_IF_ERROR(Store(ask, std::exchange(lookup_ids_[done.request], {})));
    }
    return absl::OkStatus();
  }

  void Tick() {
    LoadReport report;
    report.in_flight = server_.in_flight();
    report.queued = server_.queued();
    report.limit = server_.slots();
    // Names and counts are right by construction.
    reported_.Report(kModel, report, clock_.Monotonic()).IgnoreError();
    policies_->Tick();
    cache_->Tick();
    run_.utilization.push_back(server_.Utilization());
    run_.load_factor.push_back(LoadFactor());
  }

  // Of the model, whether a category follows it or not.
  double LoadFactor() const {
    double highest = 0;
    for (const CategoryView& category : policies_->Views().categories) {
      for (const EffectiveView& view : category.effective) {
        highest = std::max(highest, view.load_factor);
      }
    }
    return highest;
  }

  const ReplayParts parts_;
  const CategoryPolicySetPtr policies_set_;
  const StoreDirectory directory_;
  ManualClock clock_;
  SeededRandom random_;
  Metrics metrics_;
  RecentEmbeddings recent_{0, HashKey{}};
  InlineExecutor builds_;
  ReportedLoad reported_;
  MissLatency miss_latency_;
  ModelServer server_;
  Answers answers_;
  std::unique_ptr<DocumentStore> store_;
  std::unique_ptr<PolicyManager> policies_;
  std::unique_ptr<SemanticCache> cache_;
  absl::Duration begin_;                 // of the trace, by the clock
  std::vector<std::string> lookup_ids_;  // of those at the model
  ReplayRun run_;
};

}  // namespace

absl::StatusOr<ReplayRun> Replay(const ReplayParts& parts, CategoryPolicySetPtr policies) {
  Run run(parts, std::move(policies));
  RETURN_IF_ERROR(run.Make());
  RETURN_IF_ERROR(run.PlayHistory());
  return run.PlayTrace();
}

ReplayRun ReplayWithoutCache(const ReplayParts& parts) {
  const std::vector<Ask>& asks = parts.stream->trace;
  ReplayRun run;
  run.answered.resize(asks.size());
  ModelServer server(parts.speed, parts.slots);
  const auto take_answers = [&](absl::Duration now) {
    for (const ModelServer::Done& done : server.AdvanceTo(now)) {
      run.answered[done.request].latency =
          static_cast<float>(absl::ToDoubleSeconds(done.at - asks[done.request].at));
    }
  };
  absl::Duration second;
  for (size_t next = 0; next < asks.size(); ++next) {
    for (; second <= asks[next].at; second += kSecond) {
      take_answers(second);
      run.utilization.push_back(server.Utilization());
      run.load_factor.push_back(0);
    }
    take_answers(asks[next].at);
    server.Submit(next, asks[next].work, asks[next].at);
    run.answered[next].model_call = true;
  }
  return run;
}

}  // namespace semcached
