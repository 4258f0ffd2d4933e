#include "eval/server_under_test.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/substitute.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "main/client.h"
#include "semcached/base/status.h"
#include "semcached/v1/policy.grpc.pb.h"

namespace semcached::eval {
namespace {

namespace fs = std::filesystem;

constexpr absl::Duration kStartPatience = absl::Seconds(120);
constexpr absl::Duration kCallPatience = absl::Seconds(60);
constexpr size_t kLogTail = 2'000;

// Long deadlines, since whole batches are embedded in one call, and every embedding remembered, so
// that each text is embedded once in all experiments.
std::string ServerYaml(const ServerSetup& setup) {
  return absl::Substitute(R"(listen:
  unix: $0/data.sock
admin:
  unix: $0/admin.sock
allow_anonymous: true
memory_limit: 8GiB
store:
  path: $0/store
categories: $0/categories
recent_embeddings: 1000000
embedders:
  default:
    type: onnx
    model: $1/all-MiniLM-L6-v2.onnx
    tokenizer: $1/tokenizer.json
limits:
  max_message: 8MiB
  max_in_flight: 4096
  default_deadline: 1m
  max_deadline: 1m
)",
                          setup.work, setup.model_dir);
}

absl::Status Write(const fs::path& file, const std::string& content) {
  const fs::path aside = file.string() + ".new";
  std::ofstream output(aside, std::ios::binary);
  output << content;
  output.close();
  std::error_code error;
  if (output) fs::rename(aside, file, error);
  if (output && !error) return absl::OkStatus();
  return absl::UnavailableError(absl::StrCat(file.string(), ": cannot be written"));
}

absl::Status ToAbsl(const grpc::Status& status, const char* call) {
  if (status.ok()) return absl::OkStatus();
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      absl::StrCat(call, ": ", status.error_message()));
}

}  // namespace

absl::StatusOr<std::unique_ptr<ServerUnderTest>> ServerUnderTest::Start(const ServerSetup& setup) {
  if (access(setup.program.c_str(), X_OK) != 0) {
    return absl::NotFoundError(
        absl::StrCat(setup.program, ": no such program; build semcached or name it by --server"));
  }
  auto server = std::unique_ptr<ServerUnderTest>(new ServerUnderTest(setup));
  std::error_code error;
  fs::create_directories(setup.work + "/categories", error);
  RETURN_IF_ERROR(Write(setup.work + "/semcached.yaml", ServerYaml(setup)));
  RETURN_IF_ERROR(server->WriteCategories({}));
  const std::string ready = setup.work + "/ready.json";
  const std::string log = setup.work + "/server.log";
  server->process_ = std::make_unique<Process>(
      std::vector<std::string>{setup.program, "--config", setup.work + "/semcached.yaml",
                               "--ready-file", ready},
      "", log, log);
  Process& process = *server->process_;
  Eventually([&] { return fs::exists(ready) || process.HasEnded(); }, kStartPatience);
  if (fs::exists(ready) && !process.HasEnded()) return server;
  const std::string told = ReadFileOrEmpty(log);
  return absl::UnavailableError(
      absl::StrCat("semcached did not start; the end of its log:\n",
                   told.substr(told.size() - std::min(told.size(), kLogTail))));
}

absl::Status ServerUnderTest::WriteCategories(const Overrides& overrides) {
  Overrides all = {{"ttl", "7d"},           {"ttl_mode", ""},   {"max_lifetime", ""},
                   {"adaptation", ""},      {"audit_rate", ""}, {"stale_while_revalidate", ""},
                   {"false_hit_budget", ""}};
  for (const auto& [key, value] : overrides) all[key] = value;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(setup_.categories, error)) {
    if (entry.path().extension() != ".yaml") continue;
    RETURN_IF_ERROR(Write(setup_.work + "/categories/" + entry.path().filename().string(),
                          Override(ReadFileOrEmpty(entry.path().string()), all)));
  }
  if (!error) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat(setup_.categories, ": ", error.message()));
}

absl::Status ServerUnderTest::SetPolicies(const Overrides& overrides) {
  RETURN_IF_ERROR(WriteCategories(overrides));
  const auto stub = v1::PolicyService::NewStub(ConnectTo(setup_.work + "/admin.sock"));
  grpc::ClientContext context;
  SetDeadline(&context, kCallPatience);
  v1::ReloadPoliciesResponse response;
  return ToAbsl(stub->ReloadPolicies(&context, {}, &response), "ReloadPolicies");
}

absl::StatusOr<std::map<std::string, ShippedPolicy>> ServerUnderTest::ListPolicies() {
  const auto stub = v1::PolicyService::NewStub(ConnectTo(setup_.work + "/admin.sock"));
  grpc::ClientContext context;
  SetDeadline(&context, kCallPatience);
  v1::ListPoliciesResponse response;
  RETURN_IF_ERROR(ToAbsl(stub->ListPolicies(&context, {}, &response), "ListPolicies"));
  std::map<std::string, ShippedPolicy> policies;
  for (const v1::CategoryPolicy& policy : response.policies()) {
    policies[policy.category()] = {policy.similarity_threshold(),
                                   GuardsOf({policy.guards().begin(), policy.guards().end()}),
                                   policy.allow_caching()};
  }
  return policies;
}

absl::Status ServerUnderTest::Stop() {
  process_->Signal(SIGTERM);
  const int status = process_->AwaitEnd();
  if (status == 0) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("semcached ended with status ", status, "; its log is ",
                                          setup_.work, "/server.log"));
}

}  // namespace semcached::eval
