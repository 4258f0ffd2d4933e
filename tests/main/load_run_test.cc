#include "main/load_run.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>

#include "semcached/v1/semantic_cache.grpc.pb.h"
#include "support/temp_dir.h"

namespace semcached {
namespace {

using ::testing::Each;
using ::testing::Gt;
using ::testing::HasSubstr;

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
    const bool fills = inserts_++ < entries;
    response->set_result(fills || mishap == Mishap::kNone ? v1::InsertResponse::RESULT_STORED
                                                          : v1::InsertResponse::RESULT_DECLINED);
    return grpc::Status::OK;
  }

  Mishap mishap = Mishap::kNone;
  int entries = 0;

 private:
  std::atomic<int> lookups_{0};
  std::atomic<int> inserts_{0};
  std::unique_ptr<grpc::Server> server_;
};

class LoadRunTest : public ::testing::Test {
 protected:
  LoadRunTest() {
    options_.target = directory_ / "server.sock";
    options_.workload.name = "a test";
    options_.workload.entries = server_.entries = 3;
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

TEST_F(LoadRunTest, AServerThatIsNotThereIsNamed) {
  options_.workload.exact_hit = 1;
  options_.target = directory_ / "nowhere.sock";
  EXPECT_THAT(MeasureLoad(options_).status().message(), HasSubstr("nowhere.sock"));
}

}  // namespace
}  // namespace semcached
