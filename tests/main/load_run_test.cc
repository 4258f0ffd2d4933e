#include "main/load_run.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "semcached/base/mutex.h"
#include "semcached/v1/semantic_cache.grpc.pb.h"
#include "support/temp_dir.h"

namespace semcached {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Gt;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;

// What becomes of every third lookup, of the warm-up as of the run.
enum class Mishap { kNone, kFails, kAnswersWrongly };

class SomeServer final : public v1::SemanticCache::Service {
 public:
  explicit SomeServer(const std::string& socket) {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("unix:" + socket, grpc::InsecureServerCredentials());
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }
  ~SomeServer() override { server_->Shutdown(); }

  grpc::Status Lookup(grpc::ServerContext* /*context*/, const v1::LookupRequest* request,
                      v1::LookupResponse* response) override {
    const bool third = lookups_++ % 3 == 2;
    if (third && mishap == Mishap::kFails) return {grpc::StatusCode::UNAVAILABLE, "a mishap"};
    const std::string entry = request->query().substr(request->query().rfind(' ') + 1);
    response->set_outcome(v1::OUTCOME_HIT_EXACT);
    response->mutable_response()->set_body((third ? "another" : entry) + " body");
    if (mishap == Mishap::kNone) response->mutable_response()->set_body(entry + " body");
    return grpc::Status::OK;
  }
  grpc::Status Insert(grpc::ServerContext* /*context*/, const v1::InsertRequest* /*request*/,
                      v1::InsertResponse* response) override {
    response->set_result(mishap == Mishap::kNone ? v1::InsertResponse::RESULT_STORED
                                                 : v1::InsertResponse::RESULT_DECLINED);
    return grpc::Status::OK;
  }
  grpc::Status GetServerInfo(grpc::ServerContext* /*context*/,
                             const v1::GetServerInfoRequest* /*request*/,
                             v1::GetServerInfoResponse* response) override {
    response->mutable_limits()->set_max_batch_count(2);
    response->mutable_limits()->set_max_message_bytes(1 << 20);
    return grpc::Status::OK;
  }
  grpc::Status BatchInsert(grpc::ServerContext* /*context*/, const v1::BatchInsertRequest* request,
                           v1::BatchInsertResponse* response) override {
    MutexLock lock(&mutex_);
    largest_batch_ = std::max(largest_batch_, request->requests_size());
    for (const v1::InsertRequest& one : request->requests()) {
      v1::InsertResult* result = response->add_results();
      if (refuses_fill) {
        result->set_code(grpc::StatusCode::RESOURCE_EXHAUSTED);
        result->set_message("no room");
        continue;
      }
      if (late_fills_ > 0) {
        --late_fills_;
        result->set_code(grpc::StatusCode::DEADLINE_EXCEEDED);
        continue;
      }
      result->mutable_response()->set_result(v1::InsertResponse::RESULT_STORED);
      filled_.emplace(one.query());
      ++inserts_by_namespace_[one.category() + "/" + one.scope().namespace_()];
    }
    return grpc::Status::OK;
  }

  std::set<std::string> filled() const {
    MutexLock lock(&mutex_);
    return filled_;
  }
  std::map<std::string, int> inserts_by_namespace() const {
    MutexLock lock(&mutex_);
    return inserts_by_namespace_;
  }
  void BeLate(int inserts) {
    MutexLock lock(&mutex_);
    late_fills_ = inserts;
  }
  int largest_batch() const {
    MutexLock lock(&mutex_);
    return largest_batch_;
  }

  Mishap mishap = Mishap::kNone;
  bool refuses_fill = false;

 private:
  std::atomic<int> lookups_{0};
  mutable Mutex mutex_;
  std::set<std::string> filled_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, int> inserts_by_namespace_ ABSL_GUARDED_BY(mutex_);
  int late_fills_ ABSL_GUARDED_BY(mutex_) = 0;
  int largest_batch_ ABSL_GUARDED_BY(mutex_) = 0;
  std::unique_ptr<grpc::Server> server_;
};

class LoadRunTest : public ::testing::Test {
 protected:
  LoadRunTest() {
    options_.target = directory_ / "server.sock";
    options_.workload.name = "a test";
    options_.workload.entries = 3;
    options_.calls = 60;
    options_.warm_up_calls = 30;
    options_.dimension = 8;
  }

  RunFigures Figures() {
    const auto figures = MeasureLoad(options_);
    EXPECT_TRUE(figures.ok()) << figures.status();
    return figures.ok() ? figures->front().runs.front() : RunFigures();
  }

  const TempDir directory_;
  SomeServer server_{directory_ / "server.sock"};
  LoadOptions options_;
};

TEST_F(LoadRunTest, EveryCallIsMeasured) {
  options_.workload.exact_hit = 1;
  options_.callers = 3;
  const RunFigures figures = Figures();
  EXPECT_EQ(figures.micros.size(), 60);
  EXPECT_THAT(figures.micros, Each(Gt(0)));
  EXPECT_EQ(figures.hits, 60);
  EXPECT_EQ(figures.failed, 0);
  EXPECT_EQ(figures.wrong, 0);
}

TEST_F(LoadRunTest, AFailedCallHasNoLatency) {
  options_.workload.exact_hit = 1;
  server_.mishap = Mishap::kFails;
  const RunFigures figures = Figures();
  EXPECT_EQ(figures.micros.size(), 40);
  EXPECT_EQ(figures.hits, 40);
  EXPECT_EQ(figures.failed, 20 + 10);
}

TEST_F(LoadRunTest, ADeclinedInsertHasFailed) {
  options_.workload.insert = 1;
  server_.mishap = Mishap::kFails;
  const RunFigures figures = Figures();
  EXPECT_TRUE(figures.micros.empty());
  EXPECT_EQ(figures.failed, 60 + 30);
  EXPECT_EQ(figures.Percentile(0.99), 0);
}

TEST_F(LoadRunTest, WrongAnswersOfTheWarmUpCount) {
  options_.workload.exact_hit = 1;
  server_.mishap = Mishap::kAnswersWrongly;
  EXPECT_EQ(Figures().wrong, 20 + 10);
}

TEST_F(LoadRunTest, EachCallerWarmsUp) {
  options_.workload.exact_hit = 1;
  options_.callers = 9;
  options_.warm_up_calls = 0;
  server_.mishap = Mishap::kFails;
  EXPECT_EQ(Figures().failed, (9 + 60) / 3);
}

TEST_F(LoadRunTest, EachEntryIsFilledInOnceByManyCallers) {
  options_.workload.exact_hit = 1;
  options_.workload.entries = 101;
  options_.fill_callers = 4;
  Figures();
  EXPECT_THAT(server_.filled(), SizeIs(101));
  EXPECT_EQ(server_.largest_batch(), 2);
}

TEST_F(LoadRunTest, EntriesAreSpreadOverCategoriesAndNamespaces) {
  options_.workload.categories = {"a", "b"};
  options_.workload.namespaces = 3;
  options_.workload.entries = 12;
  options_.tenant = "t";
  options_.fill = FillMode::kOnly;
  const auto figures = MeasureLoad(options_);
  ASSERT_TRUE(figures.ok()) << figures.status();
  EXPECT_THAT(figures->front().runs, IsEmpty());
  EXPECT_GT(figures->front().fill_seconds, 0);
  EXPECT_THAT(server_.inserts_by_namespace(),
              ElementsAre(Pair("a/t-0", 2), Pair("a/t-1", 2), Pair("a/t-2", 2), Pair("b/t-0", 2),
                          Pair("b/t-1", 2), Pair("b/t-2", 2)));
}

TEST_F(LoadRunTest, WhatIsThereIsNotFilledInAgain) {
  options_.workload.exact_hit = 1;
  options_.tenant = "t";
  options_.fill = FillMode::kNever;
  EXPECT_EQ(Figures().hits, 60);
  EXPECT_THAT(server_.filled(), IsEmpty());
}

TEST_F(LoadRunTest, WhatIsLateIsFilledInAgain) {
  options_.workload.exact_hit = 1;
  server_.BeLate(5);
  EXPECT_EQ(Figures().hits, 60);
  EXPECT_THAT(server_.filled(), SizeIs(3));
}

TEST_F(LoadRunTest, AnEntryThatIsRefusedEndsTheFilling) {
  options_.workload.exact_hit = 1;
  server_.refuses_fill = true;
  EXPECT_THAT(MeasureLoad(options_).status().message(), HasSubstr("no room"));
}

TEST_F(LoadRunTest, AServerThatIsNotThereIsNamed) {
  options_.workload.exact_hit = 1;
  options_.target = directory_ / "nowhere.sock";
  EXPECT_THAT(MeasureLoad(options_).status().message(), HasSubstr("nowhere.sock"));
}

}  // namespace
}  // namespace semcached
