#ifndef SEMCACHED_TESTS_CACHE_CACHE_FIXTURE_H_
#define SEMCACHED_TESTS_CACHE_CACHE_FIXTURE_H_

#include <absl/strings/str_format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "semcached/base/mutex.h"
#include "semcached/cache/semantic_cache.h"
#include "support/fake_clock.h"
#include "support/fake_document_store.h"
#include "support/fake_embedder.h"
#include "support/manual_executor.h"
#include "support/vectors.h"

namespace semcached {

// The policies of a test, changed by it at will.
class FixedPolicySource final : public PolicySource {
 public:
  PoliciesPtr Current() const override {
    ReaderLock lock(&mutex_);
    return current_;
  }
  void Publish(Policies policies) {
    WriterLock lock(&mutex_);
    current_ = std::make_shared<const Policies>(std::move(policies));
  }

 private:
  mutable SharedMutex mutex_;
  PoliciesPtr current_ ABSL_GUARDED_BY(mutex_) = std::make_shared<const Policies>();
};

// Every random number is the next one.
class CountingRandom final : public Random {
 public:
  uint64_t Next() override { return ++last_; }
  // Chances are taken while numbers are small, and missed while they are large.
  void GoOnFrom(uint64_t number) { last_ = number; }

 private:
  std::atomic<uint64_t> last_{0};
};

// Writes down what it is told, e.g. "code axes/8 0.95 wrong feedback". Thread-safe.
class NotingObserver final : public HitObserver {
 public:
  void OnServed(std::string_view category, std::string_view identity, float similarity) override {
    MutexLock lock(&mutex_);
    served_.push_back(absl::StrFormat("%s %s %.2f", category, identity, similarity));
  }
  void OnRefused(std::string_view category, std::string_view identity, float similarity) override {
    MutexLock lock(&mutex_);
    refused_.push_back(absl::StrFormat("%s %s %.2f", category, identity, similarity));
  }
  void OnVerdict(std::string_view category, std::string_view identity, float similarity,
                 HitVerdict verdict, VerdictSource source) override {
    MutexLock lock(&mutex_);
    verdicts_.push_back(absl::StrFormat("%s %s %.2f %s %s", category, identity, similarity,
                                        Name(verdict), Name(source)));
  }

  std::vector<std::string> served() const {
    MutexLock lock(&mutex_);
    return served_;
  }
  std::vector<std::string> refused() const {
    MutexLock lock(&mutex_);
    return refused_;
  }
  std::vector<std::string> verdicts() const {
    MutexLock lock(&mutex_);
    return verdicts_;
  }

 private:
  mutable Mutex mutex_;
  std::vector<std::string> served_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> refused_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> verdicts_ ABSL_GUARDED_BY(mutex_);
};

// A cache over fakes, with the categories code (threshold 0.80), chat (0.60) and private (never
// cached), and verbs to tell stories with. Vectors come with the requests unless a test sends text.
class CacheTest : public ::testing::Test {
 protected:
  static constexpr char kIdentity[] = "axes/8";

  CacheTest() {
    CategoryPolicy code;
    code.category = "code";
    code.similarity_threshold = 0.80F;
    code.ttl = absl::Hours(1);
    Configure(code);
    CategoryPolicy chat = code;
    chat.category = "chat";
    chat.similarity_threshold = 0.60F;
    Configure(chat);
    CategoryPolicy secret;
    secret.category = "private";
    secret.allow_caching = false;
    Configure(secret);
    Start();
    Recover();
  }

  // Takes effect with Start() or Reload().
  void Configure(const CategoryPolicy& policy) {
    CategoryInForce& in_force = policies_.categories[policy.category];
    in_force.configured = policy;
    in_force.calm = {policy.similarity_threshold, policy.ttl, 0};
    policies_.default_category = "code";
  }
  CategoryPolicy& Policy(const std::string& category) {
    return policies_.categories.at(category).configured;
  }

  // A process starts: memory is empty, the store is what it was.
  void Start() {
    cache_.reset();
    source_.Publish(policies_);
    CacheParts parts;
    parts.clock = &clock_;
    parts.random = &random_;
    parts.store = &store_;
    parts.policies = &source_;
    parts.embedders["default"] = &embedder_;
    parts.recent_embeddings = &recent_;
    parts.builds = &builds_;
    parts.resumes = &resumes_;
    parts.metrics = &metrics_;
    parts.on_model_latency = [this](std::string_view model, absl::Duration latency) {
      MutexLock lock(&latencies_mutex_);  // threads of a test may insert at once
      latencies_.emplace_back(std::string(model), latency);
    };
    parts.on_lease = [this](std::string_view model, int change) {
      MutexLock lock(&leases_mutex_);
      leases_[std::string(model)] += change;
    };
    parts.hit_observer = &observer_;
    parts.verifiers = verifiers_;
    cache_ = std::make_unique<SemanticCache>(options_, std::move(parts));
  }
  void Recover() {
    const std::atomic<bool> stop{false};
    ASSERT_TRUE(cache_->Recover(stop).ok());
  }
  void Restart() {
    Start();
    Recover();
  }
  void Reload() {
    for (auto& [name, in_force] : policies_.categories) {
      in_force.calm = {in_force.configured.similarity_threshold, in_force.configured.ttl, 0};
    }
    source_.Publish(policies_);
    if (cache_->FollowPolicies()) Recover();
  }
  void Advance(absl::Duration by) { clock_.Advance(by); }

  static LookupRequest Ask(const std::string& query, std::vector<float> vector = {},
                           const std::string& tenant = "acme") {
    LookupRequest request;
    request.scope = {tenant, "model-1", "context-1"};
    request.query = query;
    if (!vector.empty()) request.embedding = {kIdentity, std::move(vector)};
    request.category = "code";
    return request;
  }
  static InsertRequest Tell(const std::string& query, std::vector<float> vector,
                            const std::string& answer, const std::string& tenant = "acme") {
    InsertRequest request;
    request.scope = {tenant, "model-1", "context-1"};
    request.query = query;
    if (!vector.empty()) request.embedding = {kIdentity, std::move(vector)};
    request.category = "code";
    request.response.body = answer;
    return request;
  }

  LookupResult Lookup(const LookupRequest& request) {
    const auto result = cache_->Lookup(request, Call(clock_));
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? *result : LookupResult();
  }
  InsertResult Insert(const InsertRequest& request) {
    const auto result = cache_->Insert(request, Call(clock_));
    EXPECT_TRUE(result.ok()) << result.status();
    return result.ok() ? *result : InsertResult();
  }
  // "exact:BODY", "semantic:BODY", "miss:REASON" or "bypass".
  std::string Answer(const LookupRequest& request) {
    const LookupResult result = Lookup(request);
    switch (result.outcome) {
      case Outcome::kHitExact:
        return "exact:" + result.response.body;
      case Outcome::kHitSemantic:
        return "semantic:" + result.response.body;
      case Outcome::kMiss:
        return std::string("miss:") + Name(result.miss_reason);
      case Outcome::kBypass:
        return "bypass";
    }
    return "";
  }

  // What a metric stands at; "" if there is none of it.
  std::string Value(const std::string& series) const {
    const std::string page = "\n" + metrics_.Render();
    const size_t at = page.find("\n" + series + " ");
    if (at == std::string::npos) return "";
    const size_t begin = at + series.size() + 2;
    return page.substr(begin, page.find('\n', begin) - begin);
  }
  std::string Repaired(const std::string& direction) const {
    return Value("semcached_divergence_repaired_total{direction=\"" + direction + "\"}");
  }

  FakeClock clock_;
  CountingRandom random_;
  FakeDocumentStore store_;
  FakeEmbedder embedder_;
  RecentEmbeddings recent_{100, HashKey{}};
  InlineExecutor builds_;
  ManualExecutor resumes_;
  Metrics metrics_;
  NotingObserver observer_;
  const VerifierSource* verifiers_ = nullptr;
  FixedPolicySource source_;
  Policies policies_;
  CacheOptions options_;
  Mutex latencies_mutex_;
  std::vector<std::pair<std::string, absl::Duration>> latencies_;  // read once threads are joined
  Mutex leases_mutex_;
  std::map<std::string, int> leases_;  // as latencies_; held, by model
  std::unique_ptr<SemanticCache> cache_;
};

}  // namespace semcached

#endif  // SEMCACHED_TESTS_CACHE_CACHE_FIXTURE_H_
