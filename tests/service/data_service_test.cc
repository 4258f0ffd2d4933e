// When a call of the data plane is over: what a stop waits for.
#include "service/data_service.h"

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>

#include "cache/cache_fixture.h"
#include "support/temp_dir.h"

namespace semcached {
namespace {

class DataServiceTest : public CacheTest {
 protected:
  DataServiceTest() {
    ServerParts parts;
    parts.config = &config_;
    parts.clock = &clock_;
    parts.access = &access_;
    parts.cache = cache_.get();
    parts.workers = &workers_;
    parts.metrics = &metrics_;
    service_ = std::make_unique<DataService>(parts, RequestRules());
    const std::string address = "unix:" + directory_ / "data.sock";
    grpc::ServerBuilder builder;
    builder.AddListeningPort(address, grpc::InsecureServerCredentials());
    builder.RegisterService(service_.get());
    server_ = builder.BuildAndStart();
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);  // keeps the window at 64 KiB
    stub_ = v1::SemanticCache::NewStub(
        grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments));
  }

  static v1::LookupRequest Question(const std::string& query) {
    v1::LookupRequest request;
    request.mutable_scope()->set_namespace_("acme");
    request.mutable_scope()->set_model("model-1");
    request.mutable_scope()->set_context("context-1");
    request.set_query(query);
    request.set_category("code");
    return request;
  }

  // Ends every call.
  void StopServer() {
    server_->Shutdown();
    server_->Wait();
  }

  const TempDir directory_;
  ServerConfig config_;
  AccessControl access_{kDataPrincipal, /*report_rate=*/20, &clock_};
  ManualExecutor workers_;
  std::unique_ptr<DataService> service_;
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::SemanticCache::Stub> stub_;
};

TEST_F(DataServiceTest, ALookupThatWaitsForTheDiskIsAtWork) {
  Insert(Tell("q", {1, 0, 0, 0, 0, 0, 0, 0}, "a"));
  EXPECT_TRUE(service_->IsIdle());
  store_.HoldReads();
  v1::LookupResponse response;
  grpc::Status status;
  std::thread caller([&] {
    grpc::ClientContext context;
    status = stub_->Lookup(&context, Question("q"), &response);
  });
  store_.AwaitHeldRead();
  EXPECT_FALSE(service_->IsIdle());
  store_.LetReadsGo();
  caller.join();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.response().body(), "a");
  StopServer();
  EXPECT_TRUE(service_->IsIdle());
}

TEST_F(DataServiceTest, AnAnswerThatIsNotReadYetIsAtWork) {
  const std::string answer(config_.limits.max_response_bytes, 'a');
  Insert(Tell("q", {1, 0, 0, 0, 0, 0, 0, 0}, answer));
  v1::BatchLookupRequest request;
  *request.add_requests() = Question("q");
  grpc::ClientContext context;
  grpc::CompletionQueue queue;
  const auto call = stub_->PrepareAsyncBatchLookup(&context, request, &queue);
  call->StartCall();
  call->ReadInitialMetadata(nullptr);  // and no more: the answer fills the window and stays
  while (workers_.RunAll() == 0) std::this_thread::yield();
  EXPECT_FALSE(service_->IsIdle());

  v1::BatchLookupResponse response;
  grpc::Status status;
  void* tag = nullptr;
  bool ok = false;
  ASSERT_TRUE(queue.Next(&tag, &ok));
  call->Finish(&response, &status, nullptr);
  ASSERT_TRUE(queue.Next(&tag, &ok));
  EXPECT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(response.results_size(), 1);
  EXPECT_EQ(response.results(0).response().response().body(), answer);
  StopServer();
  EXPECT_TRUE(service_->IsIdle());
}

// Else they would wait until the lease runs out, for an answer that its holder has thrown away.
TEST_F(DataServiceTest, OfARefusedInsertNobodyWaitsForTheAnswer) {
  v1::LookupRequest question = Question("q");
  question.mutable_embedding()->set_identity(kIdentity);
  for (int i = 0; i < 8; ++i) question.mutable_embedding()->add_values(i == 0 ? 1 : 0);
  question.set_on_miss(v1::ON_MISS_LEASE);
  v1::LookupResponse found;
  {
    grpc::ClientContext context;
    ASSERT_TRUE(stub_->Lookup(&context, question, &found).ok());
  }
  ASSERT_EQ(cache_->Stats().leases.held, 1);

  workers_.SetFull(true);
  v1::InsertRequest insert;
  insert.set_lookup_id(found.lookup_id());
  insert.mutable_response()->set_body("a");
  grpc::ClientContext context;
  v1::InsertResponse response;
  EXPECT_EQ(stub_->Insert(&context, insert, &response).error_code(), grpc::RESOURCE_EXHAUSTED);
  EXPECT_EQ(cache_->Stats().leases.held, 0);
}

TEST_F(DataServiceTest, ARefusedCallIsOver) {
  grpc::ClientContext context;
  v1::BatchLookupResponse response;
  EXPECT_EQ(stub_->BatchLookup(&context, {}, &response).error_code(), grpc::INVALID_ARGUMENT);
  StopServer();
  EXPECT_TRUE(service_->IsIdle());
}

}  // namespace
}  // namespace semcached
