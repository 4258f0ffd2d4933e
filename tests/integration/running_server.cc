#include "integration/running_server.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/substitute.h>
#include <absl/time/clock.h>
#include <grpcpp/generic/generic_stub.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <signal.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "integration/metric.h"

namespace semcached {
namespace {

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? absl::StrCat(name, "-is-not-set") : value;
}

std::shared_ptr<grpc::Channel> Connected(const std::string& target) {
  grpc::ChannelArguments arguments;
  // Not the connection of another server that was at this address before.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
}

std::string CodeYaml(float threshold, const std::string& index_type) {
  return absl::Substitute(R"(category: code
examples:
  - how do I reverse a linked list in python
  - how to center a div with css grid
  - git undo the last commit but keep my changes
  - how do I read a json file in go
  - null pointer exception in kotlin, how do I debug it
similarity_threshold: $0
ttl: 30d
guards: [numbers, negation, identifiers]
index:
  type: $1
adaptation:
  mode: enforce
  max_threshold_drop: 0.03
  min_similarity_threshold: 0.50
  max_ttl_factor: 2.0
)",
                          threshold, index_type);
}

Page Answer(const httplib::Result& result) {
  if (!result) return {};
  return {result->status, result->body};
}

}  // namespace

std::string ServerYaml(const TempDir& directory, const std::string& more,
                       const std::string& listen) {
  return absl::Substitute(R"(listen:
  unix: $0/data.sock
  tcp: 127.0.0.1:0
$3admin:
  unix: $0/admin.sock
http: 127.0.0.1:0
store:
  path: $0/store
categories: $0/categories
embedders:
  default:
    type: onnx
    model: $1/all-MiniLM-L6-v2.onnx
    tokenizer: $1/tokenizer.json
$2)",
                          directory.path(), Environment("SEMCACHED_MODEL_DIR"), more, listen);
}

void WriteSmallCategories(const TempDir& directory, const std::string& index_type) {
  directory.Write("categories/code.yaml", CodeYaml(0.86F, index_type));
  directory.Write("categories/factual.yaml", R"(category: factual
examples:
  - what is the capital of australia
  - how tall is mount everest
  - who painted the mona lisa
)");
  directory.Write("categories/personal.yaml", R"(category: personal
examples:
  - what is my account balance
  - remind me to call the plumber at noon
  - where is my package
allow_caching: false
)");
}

RunningServer::RunningServer(const ServerSetup& setup) : setup_(setup) {
  // An idle channel never hears of a server that drains, which is what the server has to cope with.
  // Read at gRPC's first use.
  setenv("GRPC_CLIENT_CHANNEL_BACKUP_POLL_INTERVAL_MS", "0", /*overwrite=*/1);
  directory_.Write("semcached.yaml", ServerYaml(directory_, setup.more, setup.listen));
  if (setup.shipped_categories) {
    std::filesystem::copy(Environment("SEMCACHED_SOURCE_DIR") + "/config/categories", categories());
  } else {
    WriteSmallCategories(directory_, setup.index_type);
  }
  Start();
}

void RunningServer::Start() {
  const std::string ready = directory_ / "ready.json";
  std::filesystem::remove(ready);
  process_ =
      std::make_unique<Process>(std::vector<std::string>{ProgramPath("semcached"), "--config",
                                                         config(), "--ready-file", ready},
                                "", directory_ / "server.log", directory_ / "server.log");
  const bool begun =
      Eventually([&] { return std::filesystem::exists(ready) || process_->HasEnded(); });
  const auto addresses = nlohmann::json::parse(ReadFileOrEmpty(ready), nullptr, false);
  if (!begun || addresses.is_discarded()) {
    ADD_FAILURE() << "the server did not get ready:\n" << Log();
    std::abort();
  }
  EXPECT_EQ(addresses.at("grpc_unix"), data_socket());
  EXPECT_EQ(addresses.at("admin"), admin_socket());
  EXPECT_EQ(addresses.at("pid"), process_->pid());
  tcp_address_ = addresses.at("grpc_tcp");
  http_address_ = addresses.at("http");
  Connect();
  EXPECT_TRUE(Eventually([&] {
    grpc::ClientContext context;
    v1::GetStatsResponse stats;
    const bool answered = admin_->GetStats(&context, {}, &stats).ok();
    return answered && stats.warm_ratio() == 1;
  })) << "the server did not read its store:\n"
      << Log();
}

void RunningServer::Connect() {
  data_channel_ = Connected("unix:" + data_socket());
  data_ = v1::SemanticCache::NewStub(data_channel_);
  load_ = v1::LoadService::NewStub(data_channel_);
  // Whoever comes later, this caller has its connection.
  EXPECT_TRUE(data_channel_->WaitForConnected(absl::ToChronoTime(absl::Now() + kPatience)));
  tcp_ = v1::SemanticCache::NewStub(Connected(tcp_address_));
  const auto admin = Connected("unix:" + admin_socket());
  admin_ = v1::AdminService::NewStub(admin);
  policy_ = v1::PolicyService::NewStub(admin);
}

int RunningServer::Stop() {
  process_->Signal(SIGTERM);
  return process_->AwaitEnd();
}

void RunningServer::Kill() {
  process_->Signal(SIGKILL);
  EXPECT_EQ(process_->AwaitEnd(), 128 + SIGKILL);
}

void RunningServer::Restart() {
  EXPECT_EQ(Stop(), 0) << Log();
  Start();
}

Page RunningServer::Get(const std::string& path) const {
  httplib::Client client("http://" + http_address_);
  return Answer(client.Get(path));
}

Page RunningServer::Post(const std::string& path) const {
  httplib::Client client("http://" + http_address_);
  return Answer(client.Post(path, "body", "text/plain"));
}

double RunningServer::Metric(const std::string& series) const {
  return MetricOf(http_address_, series);
}

bool RunningServer::AwaitCodeThreshold(float threshold) {
  return Eventually([&] {
    grpc::ClientContext context;
    v1::ListPoliciesRequest request;
    request.set_category("code");
    v1::ListPoliciesResponse response;
    const grpc::Status status = policy_->ListPolicies(&context, request, &response);
    return status.ok() && response.policies(0).similarity_threshold() == threshold;
  });
}

void RunningServer::Replace(const std::string& category, const std::string& content) const {
  const std::string aside = directory_.Write("categories/." + category + ".new", content);
  std::filesystem::rename(aside, categories() + "/" + category + ".yaml");
}

std::string RunningServer::Code(float threshold) const {
  return CodeYaml(threshold, setup_.index_type);
}

absl::StatusOr<std::string> CallByName(const std::shared_ptr<grpc::Channel>& channel,
                                       const std::string& method, const std::string& request) {
  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + kPatience));
  const auto call = stub.PrepareCall(&context, method, &queue);
  const auto await = [&queue] {
    void* tag = nullptr;
    bool ok = false;
    return queue.Next(&tag, &ok) && ok;
  };
  const grpc::Slice bytes(request);
  grpc::ByteBuffer answer;
  grpc::Status status;
  // One after the other; a step that fails shows in the status at the end.
  call->StartCall(nullptr);
  bool good = await();
  if (good) {
    call->Write(grpc::ByteBuffer(&bytes, 1), nullptr);
    good = await();
  }
  if (good) {
    call->WritesDone(nullptr);
    good = await();
  }
  if (good) {
    call->Read(&answer, nullptr);
    await();
  }
  call->Finish(&status, nullptr);
  await();
  if (!status.ok()) {
    return absl::Status(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  }
  std::vector<grpc::Slice> slices;
  std::string joined;
  if (answer.Dump(&slices).ok()) {
    for (const grpc::Slice& slice : slices) {
      joined.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    }
  }
  return joined;
}

}  // namespace semcached
