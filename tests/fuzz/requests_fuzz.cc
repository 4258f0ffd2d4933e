// Requests as any caller may send them, through conversion and validation to a cache in memory.
//
// Whatever comes: an answer is the one that was inserted, of the scope and category that were asked
// for, neither deleted nor past its caller's TTL; a refusal is the caller's mistake; and what is
// answered can be sent.
#include <google/protobuf/stubs/logging.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "fuzz/fuzz.h"
#include "fuzz/requests_world.h"
#include "fuzz/steps.h"
#include "semcached/base/log.h"
#include "semcached/base/utf8.h"
#include "semcached/cache/recorded_lookup.h"
#include "semcached/cache/semantic_cache.h"
#include "semcached/policy/reported_load.h"
#include "service/convert.h"
#include "support/fake_clock.h"
#include "support/fake_document_store.h"
#include "support/fake_embedder.h"
#include "support/manual_executor.h"

namespace semcached {
namespace {

constexpr char kPrincipal[] = "fuzz";
constexpr int kMostSteps = 64;
constexpr absl::Duration kLongestWait = absl::Hours(48);

template <typename Proto>
void RequireSendable(const Proto& proto) {
  Require(Proto().ParseFromString(proto.SerializeAsString()), "what is answered can be sent");
}

void RequireTheirMistake(const absl::Status& status) {
  Require(IsValidUtf8(std::string(status.message())), "an error can be sent");
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kResourceExhausted:
      return;
    default:
      std::fprintf(stderr, "%s\n", status.ToString().c_str());
      Require(false, "what is refused is the caller's mistake");
  }
}

bool SameResponse(const Response& a, const Response& b) {
  return a.body == b.body && a.content_type == b.content_type && a.metadata == b.metadata;
}

// A cache, those who call it, and what they were told.
class Scene {
 public:
  explicit Scene(uint8_t switches) : policies_(switches) {
    options_.max_response_bytes = 1 << 10;
    options_.record_share = (switches & kRecordSwitch) != 0 ? 1 : 0;
    options_.record_texts = true;
    rules_.limits.max_query_bytes = 512;
    rules_.limits.max_scope_bytes = 64;
    rules_.dimensions[embedder_.identity()] = embedder_.dimension();
    Start();
  }
  ~Scene() { Stop(); }
  Scene(const Scene&) = delete;
  Scene& operator=(const Scene&) = delete;

  void Do(Step step, const std::string& message) {
    switch (step) {
      case Step::kLookup:
        return With<v1::LookupRequest>(message, [&](auto* proto) { Lookup(*proto); });
      case Step::kInsert:
        return With<v1::InsertRequest>(message, [&](auto* proto) { Insert(proto); });
      case Step::kInvalidate:
        return With<v1::InvalidateRequest>(message, [&](auto* proto) { Invalidate(proto); });
      case Step::kDelete:
        return With<v1::DeleteRequest>(message, [&](auto* proto) { Delete(proto); });
      case Step::kFeedback:
        return With<v1::ReportFeedbackRequest>(message, [&](auto* proto) { Report(proto); });
      case Step::kReportLoad:
        return With<v1::ReportLoadRequest>(message, [&](auto* proto) { ReportLoad(*proto); });
      case Step::kImport:
        return With<v1::ExportedEntry>(message, [&](auto* proto) { Import(*proto); });
      case Step::kRenewLease:
        return With<v1::RenewLeaseRequest>(message, [&](auto* proto) {
          NameLatest(latest_lookup_, proto->mutable_lease());
          Refused(cache_->RenewLease(proto->lease(), kPrincipal).status());
        });
      case Step::kAbandonLease:
        return With<v1::AbandonLeaseRequest>(message, [&](auto* proto) {
          NameLatest(latest_lookup_, proto->mutable_lease());
          Refused(cache_->AbandonLease(proto->lease(), kPrincipal));
        });
      case Step::kWait:
        return With<google::protobuf::Duration>(message, [&](auto* proto) { Wait(*proto); });
      case Step::kExport:
        return Export();
      case Step::kRestart:
        Stop();
        return Start();
    }
  }

 private:
  struct Told {
    Scope scope;
    std::string category;
    Response response;
    std::optional<absl::Duration> ttl;
    std::vector<std::string> tags;
    bool deleted = false;
  };

  void Start() {
    CacheParts parts;
    parts.clock = &clock_;
    parts.random = &random_;
    parts.store = &store_;
    parts.policies = &policies_;
    parts.embedders["default"] = &embedder_;
    parts.recent_embeddings = &recent_;
    parts.builds = &builds_;
    parts.resumes = &resumes_;
    metrics_ = std::make_unique<Metrics>();
    parts.metrics = metrics_.get();
    cache_ = std::make_unique<SemanticCache>(options_, std::move(parts));
    const std::atomic<bool> stop{false};
    Require(cache_->Recover(stop).ok(), "a store is recovered");
  }

  void Stop() {
    cache_->CloseLeases();
    resumes_.RunAll();
    Require(waiting_ == 0, "who waits is told in the end");
    cache_.reset();
    misses_.clear();
    hits_.clear();
  }

  template <typename Proto, typename Work>
  static void With(const std::string& message, Work work) {
    Proto proto;
    if (proto.ParseFromString(message)) work(&proto);
  }

  // Ids cannot be guessed: "#" stands for the latest one.
  static void NameLatest(const std::string& latest, std::string* id) {
    if (*id == "#") *id = latest;
  }

  // True for an error, which must be one that a caller can mend.
  static bool Refused(const absl::Status& status) {
    if (status.ok()) return false;
    RequireTheirMistake(status);
    return true;
  }

  void Lookup(const v1::LookupRequest& proto) {
    absl::StatusOr<LookupRequest> request = FromProto(rules_, proto);
    const absl::StatusOr<absl::Duration> max_wait = MaxWait(LeasesConfig(), proto);
    if (Refused(request.status()) || Refused(max_wait.status())) return;
    request->principal = kPrincipal;
    auto result = cache_->Lookup(*request, Call(clock_));
    if (!result.ok() || result->awaits == nullptr) return Judge(*request, std::move(result));
    ++waiting_;
    cache_->Await(result->awaits, clock_.Monotonic() + *max_wait, nullptr,
                  [this, request = *request](absl::StatusOr<LookupResult> awaited) {
                    --waiting_;
                    Judge(request, std::move(awaited));
                  });
  }

  void Judge(const LookupRequest& request, absl::StatusOr<LookupResult> result) {
    if (Refused(result.status())) return;
    const bool hit =
        result->outcome == Outcome::kHitExact || result->outcome == Outcome::kHitSemantic;
    if (hit) JudgeHit(request, *result);
    Require(result->near_hits.size() <= request.near_hits, "as many near hits as were asked for");
    for (const NearHit& near : result->near_hits) {
      JudgeEntry(request, result->category, near.id, near.response, near.age);
    }
    Require(!request.no_store || (result->lookup_id.empty() && result->lease.empty()),
            "no_store keeps nothing");
    if (result->outcome == Outcome::kMiss && !result->lookup_id.empty()) {
      misses_[result->lookup_id] = request.scope;
    }
    if (!result->lookup_id.empty()) latest_lookup_ = result->lookup_id;
    v1::LookupResponse response;
    ToProto(*std::move(result), request.explain, &response);
    RequireSendable(response);
  }

  void JudgeHit(const LookupRequest& request, const LookupResult& result) {
    JudgeEntry(request, result.category, result.entry_id, result.response, result.age);
    if (!result.lookup_id.empty()) hits_[result.lookup_id] = result.entry_id;
    Require(!request.bypass, "who asks for no answer gets none");
    Require(result.category != "private", "what may not be cached is not served");
    Require(result.age < request.max_age, "an answer is no older than was asked for");
    Require(result.similarity && *result.similarity <= 1.01F, "a similarity is one");
    const float least = std::max(request.min_similarity.value_or(0), *result.similarity_threshold);
    Require(result.outcome == Outcome::kHitExact || *result.similarity >= least, "near enough");
  }

  void JudgeEntry(const LookupRequest& request, const std::string& category, EntryId id,
                  const Response& response, absl::Duration age) {
    const auto found = told_.find(id);
    Require(found != told_.end(), "an answer was inserted");
    const Told& told = found->second;
    Require(told.scope == request.scope, "an answer is of the scope that was asked for");
    Require(told.category == category, "an answer is of its category");
    Require(request.category.empty() || category == request.category, "of the one asked for");
    Require(SameResponse(told.response, response), "an answer is what was inserted");
    Require(!told.deleted, "what was deleted is served no more");
    Require(age >= absl::ZeroDuration() && (!told.ttl || age < *told.ttl), "a TTL is kept");
  }

  void Insert(v1::InsertRequest* proto) {
    NameLatest(latest_lookup_, proto->mutable_lookup_id());
    absl::StatusOr<InsertRequest> request = FromProto(rules_, *proto);
    if (request.ok()) return Tell(*std::move(request));
    RequireTheirMistake(request.status());
    cache_->GiveUpLease(proto->lookup_id(), kPrincipal);
  }

  void Import(const v1::ExportedEntry& proto) {
    absl::StatusOr<InsertRequest> request = FromProto(rules_, proto, clock_.Wall());
    if (!Refused(request.status())) Tell(*std::move(request));
  }

  void Tell(InsertRequest request) {
    request.principal = kPrincipal;
    const std::string lookup_id = request.lookup_id;
    Told told{request.scope, "", request.response, request.ttl, request.tags};
    const absl::StatusOr<InsertResult> result = cache_->Insert(std::move(request), Call(clock_));
    if (Refused(result.status())) return;
    v1::InsertResponse response;
    ToProto(*result, &response);
    RequireSendable(response);
    if (result->kind == InsertResult::Kind::kDeclined) return;
    Require(result->category != "private", "what may not be cached is not stored");
    if (!lookup_id.empty()) {
      const auto miss = misses_.find(lookup_id);
      Require(miss != misses_.end(), "an unknown lookup stores nothing");
      told.scope = miss->second;
    }
    told.category = result->category;
    Require(told_.emplace(result->entry_id, std::move(told)).second, "an id is given once");
    latest_entry_ = response.entry_id();
  }

  void Forget(EntryId id) {
    const auto found = told_.find(id);
    if (found != told_.end()) found->second.deleted = true;
  }

  void Delete(v1::DeleteRequest* proto) {
    NameLatest(latest_entry_, proto->mutable_entry_id());
    const absl::StatusOr<EntryId> id = ParseEntryId(proto->entry_id());
    if (Refused(id.status()) || Refused(cache_->Delete(*id))) return;
    Require(told_.count(*id) > 0, "what is deleted was there");
    Forget(*id);
  }

  void Invalidate(v1::InvalidateRequest* proto) {
    for (std::string& id : *proto->mutable_entries()) NameLatest(latest_entry_, &id);
    const absl::StatusOr<InvalidateRequest> request = FromProto(rules_, *proto);
    if (Refused(request.status())) return;
    const absl::StatusOr<int64_t> count = cache_->Invalidate(*request, Call(clock_));
    if (Refused(count.status())) return;
    Require(*count >= 0 && *count <= static_cast<int64_t>(told_.size()), "no more than there are");
    if (request->dry_run || request->inserted_before || !request->near_query.empty()) return;
    for (auto& [id, told] : told_) {
      const auto holds = [](const auto& list, const auto& one) {
        return std::find(list.begin(), list.end(), one) != list.end();
      };
      if (!request->entries.empty() && !holds(request->entries, id)) continue;
      if (!request->category.empty() && request->category != told.category) continue;
      if (request->namespace_name && *request->namespace_name != told.scope.namespace_name)
        continue;
      if (request->model && *request->model != told.scope.model) continue;
      if (!request->tag.empty() && !holds(told.tags, request->tag)) continue;
      told.deleted = true;
    }
  }

  void Report(v1::ReportFeedbackRequest* proto) {
    NameLatest(latest_entry_, proto->mutable_entry_id());
    NameLatest(latest_lookup_, proto->mutable_lookup_id());
    absl::StatusOr<Feedback> feedback = FromProto(*proto);
    if (Refused(feedback.status())) return;
    feedback->principal = kPrincipal;
    const absl::StatusOr<FeedbackResult> result = cache_->Report(*feedback);
    if (Refused(result.status()) || !result->quarantined) return;
    Forget(feedback->entry_id);
    if (feedback->entry_id == 0) Forget(hits_[feedback->lookup_id]);
  }

  void ReportLoad(const v1::ReportLoadRequest& proto) {
    const absl::StatusOr<LoadReport> report = FromProto(proto);
    if (Refused(report.status())) return;
    if (Refused(load_.Report(proto.model(), *report, clock_.Monotonic()))) return;
    const auto utilization = load_.Utilization(proto.model(), clock_.Monotonic());
    Require(!utilization || (std::isfinite(*utilization) && *utilization >= 0),
            "a utilization is finite, 0 or more");
  }

  void Wait(const google::protobuf::Duration& proto) {
    const absl::StatusOr<absl::Duration> wait = ToDuration("wait", proto);
    if (Refused(wait.status())) return;
    clock_.Advance(std::clamp(*wait, absl::ZeroDuration(), kLongestWait));
    cache_->Tick();
    cache_->TickLeases();
    resumes_.RunAll();
  }

  void Export() {
    const absl::Status status = cache_->ForEachLive("", [&](const Document& document) {
      Require(told_.count(document.entry.id) > 0, "what is exported was inserted");
      v1::ExportedEntry exported;
      ToProto(document, &exported);
      RequireSendable(exported);
      Require(FromProto(rules_, exported, clock_.Wall()).ok(), "what is exported can be imported");
      return true;
    });
    Require(status.ok(), "all can be exported");
    for (const RecordedLookup& lookup : cache_->RecordedLookups()) {
      v1::RecordedLookup recorded;
      ToProto(lookup, &recorded);
      RequireSendable(recorded);
    }
  }

  FakeClock clock_;
  CountingRandom random_;
  FakeDocumentStore store_;
  FakeEmbedder embedder_{"words@fuzz", 8};
  RecentEmbeddings recent_{16, HashKey{}};
  InlineExecutor builds_;
  ManualExecutor resumes_;
  const FixedPolicies policies_;
  ReportedLoad load_{LoadConfig()};
  CacheOptions options_;
  RequestRules rules_;
  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<SemanticCache> cache_;

  std::map<EntryId, Told> told_;
  std::map<std::string, Scope> misses_;  // by lookup_id
  std::map<std::string, EntryId> hits_;
  std::string latest_entry_;
  std::string latest_lookup_;
  int waiting_ = 0;
};

}  // namespace
}  // namespace semcached

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace semcached;
  [[maybe_unused]] static const bool quiet = [] {
    google::protobuf::SetLogHandler(nullptr);
    ConfigureLog(LogFormat::kText, LogLevel::kError);
    return true;
  }();
  if (size == 0) return 0;
  Scene scene(data[0]);
  std::string_view rest = AsText(data, size).substr(1);
  for (int i = 0; i < kMostSteps && rest.size() >= 3; ++i) {
    const auto byte = [&](size_t at) { return static_cast<uint8_t>(rest[at]); };
    const auto step = static_cast<Step>(byte(0) % kStepKinds);
    const size_t length = byte(1) + 256U * byte(2);
    const std::string message(rest.substr(3, length));
    rest.remove_prefix(std::min(rest.size(), 3 + length));
    scene.Do(step, message);
  }
  return 0;
}
