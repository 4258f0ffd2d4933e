// A trace in real time against a server that remembers texts. A second of the trace takes a
// hundredth of one.
#include "main/live_replay.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "main/client.h"
#include "semcached/base/mutex.h"
#include "semcached/v1/load.grpc.pb.h"
#include "semcached/v1/policy.grpc.pb.h"
#include "semcached/v1/semantic_cache.grpc.pb.h"
#include "support/temp_dir.h"

namespace semcached {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::SizeIs;

constexpr double kLoadFactor = 0.5;

class SomeCache final : public v1::SemanticCache::Service,
                        public v1::LoadService::Service,
                        public v1::PolicyService::Service {
 public:
  explicit SomeCache(const std::string& socket) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("unix:" + socket, grpc::InsecureServerCredentials());
    builder.RegisterService(static_cast<v1::SemanticCache::Service*>(this));
    builder.RegisterService(static_cast<v1::LoadService::Service*>(this));
    builder.RegisterService(static_cast<v1::PolicyService::Service*>(this));
    server_ = builder.BuildAndStart();
  }
  ~SomeCache() override { server_->Shutdown(); }

  grpc::Status Lookup(grpc::ServerContext* /*context*/, const v1::LookupRequest* request,
                      v1::LookupResponse* response) override {
    MutexLock lock(&mutex_);
    ++lookups_;
    changed_.SignalAll();
    while (lookups_ < held_back_until) changed_.Wait(&mutex_);
    if (fails) return {grpc::StatusCode::UNAVAILABLE, "a mishap"};
    namespaces_.insert(request->scope().namespace_());
    const std::string key = request->scope().namespace_() + " " + request->query();
    const auto found = answers_.find(forgetful ? "" : key);
    response->set_outcome(found == answers_.end() ? v1::OUTCOME_MISS : v1::OUTCOME_HIT_EXACT);
    if (found == answers_.end()) {
      response->set_lookup_id(key);
    } else {
      response->mutable_response()->set_body(found->second);
    }
    return grpc::Status::OK;
  }
  grpc::Status Insert(grpc::ServerContext* /*context*/, const v1::InsertRequest* request,
                      v1::InsertResponse* /*response*/) override {
    MutexLock lock(&mutex_);
    const std::string key = request->lookup_id().empty()
                                ? request->scope().namespace_() + " " + request->query()
                                : request->lookup_id();
    answers_[key] = wrong_answer.empty() ? request->response().body() : wrong_answer;
    if (request->has_ttl()) told_before_[request->query()] = request->ttl().seconds();
    return grpc::Status::OK;
  }
  grpc::Status ReportLoad(grpc::ServerContext* /*context*/, const v1::ReportLoadRequest* request,
                          v1::ReportLoadResponse* /*response*/) override {
    MutexLock lock(&mutex_);
    reports_.push_back(*request);
    return grpc::Status::OK;
  }
  grpc::Status ListPolicies(grpc::ServerContext* /*context*/,
                            const v1::ListPoliciesRequest* /*request*/,
                            v1::ListPoliciesResponse* response) override {
    v1::ModelLoad* const load = response->add_loads();
    load->set_model("replay");
    load->set_load_factor(kLoadFactor);
    return grpc::Status::OK;
  }

  std::map<std::string, int64_t> told_before() const {
    MutexLock lock(&mutex_);
    return told_before_;
  }
  std::vector<v1::ReportLoadRequest> reports() const {
    MutexLock lock(&mutex_);
    return reports_;
  }
  std::set<std::string> namespaces() const {
    MutexLock lock(&mutex_);
    return namespaces_;
  }

  // Set before the run.
  bool fails = false;             // every lookup
  bool forgetful = false;         // nothing is ever found
  int held_back_until = 0;        // lookups there must be before one is answered
  std::string wrong_answer = {};  // in place of what is inserted

 private:
  mutable Mutex mutex_;
  CondVar changed_;
  int lookups_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, std::string> answers_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, int64_t> told_before_ ABSL_GUARDED_BY(mutex_);  // TTL in s, by text
  std::vector<v1::ReportLoadRequest> reports_ ABSL_GUARDED_BY(mutex_);
  std::set<std::string> namespaces_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<grpc::Server> server_;
};

class LiveReplayTest : public ::testing::Test {
 protected:
  LiveReplayTest() {
    CategoryPolicy& policy = policies_.categories["code"];
    policy.category = "code";
    policy.ttl = absl::Hours(1);
    policies_.default_category = "code";
    for (const std::string text : {"reverse a list", "sort a list", "shuffle a list"}) {
      bank_.by_category["code"].push_back(bank_.intents.size());
      bank_.intents.push_back({"code", {text}});
      bank_.vectors[text] = {1, 0};
    }
    parts_.bank = &bank_;
    parts_.stream = &stream_;
    parts_.facts = &facts_;
    parts_.slots = 1;
    parts_.speed = {
        .input_token_seconds = 1e-9, .output_token_seconds = 1, .full_batch_slowdown = 1};
    parts_.identity = "test/2";
    server_.target = directory_ / "server.sock";
    server_.admin = directory_ / "server.sock";
    server_.speed = 100;
  }

  void AskAt(double second, size_t intent, int64_t output_tokens = 1) {
    Ask ask;
    ask.at = absl::Seconds(second);
    ask.intent = intent;
    ask.work = {ask.at, 0, output_tokens};
    (second < 0 ? stream_.history : stream_.trace).push_back(ask);
  }
  LiveRun Play() {
    auto live = ReplayLive(parts_, policies_, server_);
    EXPECT_TRUE(live.ok()) << live.status();
    return live.ok() ? *std::move(live) : LiveRun();
  }

  const TempDir directory_;
  SomeCache cache_{directory_ / "server.sock"};
  CategoryPolicySet policies_;
  QuestionBank bank_;
  AskStream stream_;
  std::map<std::string, absl::Duration> facts_;
  ReplayParts parts_;
  LiveServer server_;
};

TEST_F(LiveReplayTest, AMissGoesToTheModelAndEveryCallIsAnswered) {
  for (int i = 0; i < 3; ++i) AskAt(i, static_cast<size_t>(i));
  const LiveRun live = Play();
  EXPECT_EQ(live.failed, 0);
  ASSERT_THAT(live.run.answered, SizeIs(3));
  for (const Answered& answered : live.run.answered) {
    EXPECT_TRUE(answered.model_call);
    EXPECT_FALSE(answered.hit);
  }
  EXPECT_THAT(cache_.namespaces(), SizeIs(1));
}

TEST_F(LiveReplayTest, WhatWasAskedBeforeIsAHitForAsLongAsItLives) {
  AskAt(-4000, 0);  // the TTL is an hour
  AskAt(-3000, 1);
  AskAt(-100, 1);  // an answer that is used gets no older, and no younger
  AskAt(0, 0);
  AskAt(0, 1);
  const LiveRun live = Play();
  EXPECT_FALSE(live.run.answered[0].hit);
  EXPECT_TRUE(live.run.answered[1].hit);
  EXPECT_FALSE(live.run.answered[1].wrong);
  EXPECT_FALSE(live.run.answered[1].model_call);
  EXPECT_EQ(cache_.told_before(), (std::map<std::string, int64_t>{{"sort a list", 600}}));
}

TEST_F(LiveReplayTest, ATtlThatSlidesCountsFromTheLastUse) {
  policies_.categories["code"].ttl_mode = TtlMode::kSliding;
  AskAt(-3000, 1);
  AskAt(-100, 1);
  AskAt(0, 1);
  Play();
  EXPECT_EQ(cache_.told_before(), (std::map<std::string, int64_t>{{"sort a list", 3500}}));
}

TEST_F(LiveReplayTest, AnAnswerOfTheModelIsAHitAfterwards) {
  AskAt(0, 0);
  AskAt(200, 0);
  const LiveRun live = Play();
  EXPECT_TRUE(live.run.answered[0].model_call);
  EXPECT_TRUE(live.run.answered.back().hit);
  EXPECT_GE(live.run.answered[0].latency, 1);
}

TEST_F(LiveReplayTest, NothingWaitsForAnythingElse) {
  cache_.held_back_until = 4;
  for (int i = 0; i < 4; ++i) AskAt(i, 0);
  const LiveRun live = Play();
  EXPECT_EQ(live.failed, 0);
  EXPECT_THAT(live.run.answered, SizeIs(4));
}

TEST_F(LiveReplayTest, AnotherQuestionsAnswerIsWrongAndAnOlderFactOutdated) {
  AskAt(-100, 0);
  AskAt(0, 0);
  cache_.wrong_answer = "2 0";
  EXPECT_TRUE(Play().run.answered[0].wrong);
  cache_.wrong_answer.clear();
  facts_["code"] = absl::Seconds(50);
  const LiveRun live = Play();
  EXPECT_FALSE(live.run.answered[0].wrong);
  EXPECT_TRUE(live.run.answered[0].outdated);
}

TEST_F(LiveReplayTest, AFailedLookupGoesToTheModelAndIsCounted) {
  cache_.fails = true;
  AskAt(0, 0);
  AskAt(1, 0);
  const LiveRun live = Play();
  EXPECT_EQ(live.failed, 2);
  EXPECT_THAT(live.first_failure, HasSubstr("a mishap"));
  EXPECT_TRUE(live.run.answered[0].model_call);
  EXPECT_TRUE(live.run.answered[1].model_call);
}

TEST_F(LiveReplayTest, TheLoadIsReportedEachSecondAndTheLoadFactorRead) {
  cache_.forgetful = true;
  parts_.slots = 2;
  for (int i = 0; i < 20; ++i) AskAt(0.5 * i, 0, 1000);
  const LiveRun live = Play();
  EXPECT_GE(live.run.utilization.size(), 10U);
  ASSERT_EQ(live.run.load_factor.size(), live.run.utilization.size());
  EXPECT_THAT(live.run.load_factor, Each(kLoadFactor));
  EXPECT_EQ(live.run.utilization.front(), 0);
  const std::vector<v1::ReportLoadRequest> reports = cache_.reports();
  ASSERT_EQ(reports.size(), live.run.utilization.size());
  bool full = false;
  for (const v1::ReportLoadRequest& report : reports) {
    EXPECT_EQ(report.model(), "replay");
    EXPECT_EQ(report.limit(), 2);
    EXPECT_LE(report.in_flight(), 2);
    full |= report.in_flight() == 2;
  }
  EXPECT_TRUE(full);
}

TEST_F(LiveReplayTest, AServerThatIsNotThereIsNamed) {
  AskAt(-100, 0);
  AskAt(0, 0);
  server_.target = directory_ / "nowhere.sock";
  EXPECT_THAT(ReplayLive(parts_, policies_, server_).status().message(), HasSubstr("nowhere.sock"));
}

}  // namespace
}  // namespace semcached
