// Policies that change while the server runs: by files and by load.
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <string>

#include "integration/gateway.h"

namespace semcached {
namespace {

// The load monitor looks often and believes what it sees, so that a story is short.
constexpr char kQuickLoad[] = R"(load:
  interval: 100ms
  max_step: 1
  min_dwell: 0s
  smoothing: 0s
  stale_after: 1h
)";

class PoliciesTest : public IntegrationTest {
 protected:
  PoliciesTest() : IntegrationTest({.more = kQuickLoad}) {}

  grpc::Status Reload(v1::ReloadPoliciesResponse* response) {
    grpc::ClientContext context;
    return server_.policy().ReloadPolicies(&context, {}, response);
  }

  v1::ListPoliciesResponse Policies() {
    grpc::ClientContext context;
    v1::ListPoliciesRequest request;
    request.set_category("code");
    v1::ListPoliciesResponse response;
    EXPECT_TRUE(server_.policy().ListPolicies(&context, request, &response).ok());
    return response;
  }

  void ReportLoad(const std::string& model, int64_t in_flight) {
    grpc::ClientContext context;
    v1::ReportLoadRequest request;
    request.set_model(model);
    request.set_in_flight(in_flight);
    request.set_limit(10);
    v1::ReportLoadResponse response;
    EXPECT_TRUE(server_.load().ReportLoad(&context, request, &response).ok());
  }

  float ThresholdFor(const std::string& model) {
    v1::LookupRequest request = gateway_.ForModel(model).Question(kQuestion);
    request.set_no_store(true);
    return gateway_.Lookup(request).similarity_threshold();
  }
};

TEST_F(PoliciesTest, AFileRenamedInPlaceTakesHold) {
  gateway_.Tell(kQuestion, kAnswer);
  EXPECT_EQ(gateway_.Ask(kParaphrase), std::string("semantic:") + kAnswer);
  server_.Replace("code", server_.Code(1));
  EXPECT_TRUE(server_.AwaitCodeThreshold(1)) << server_.Log();
  EXPECT_EQ(gateway_.Ask(kParaphrase), "miss:below_threshold");
  EXPECT_EQ(Policies().generation(), 2);
  EXPECT_EQ(server_.Metric("semcached_config_last_reload_successful"), 1);
}

TEST_F(PoliciesTest, ABadFileChangesNothingAndIsNamed) {
  gateway_.Tell(kQuestion, kAnswer);
  server_.Replace("code", "category: code\nsimilarity_threshold: 1.5\nlifetime: 3d\n");
  // The watcher says so in the log, and the metric shows it, without anybody asking.
  EXPECT_TRUE(
      Eventually([&] { return server_.Metric("semcached_config_last_reload_successful") == 0; }));
  v1::ReloadPoliciesResponse response;
  const grpc::Status status = Reload(&response);
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  for (const char* part : {"code.yaml:2: similarity_threshold", "code.yaml:3: lifetime"}) {
    EXPECT_NE(status.error_message().find(part), std::string::npos) << status.error_message();
    EXPECT_NE(server_.Log().find(part), std::string::npos) << server_.Log();
  }
  EXPECT_GE(server_.Metric("semcached_config_reloads_refused_total"), 2);
  EXPECT_EQ(gateway_.Ask(kParaphrase), std::string("semantic:") + kAnswer);
  EXPECT_EQ(Policies().generation(), 1);

  server_.Replace("code", server_.Code(0.9F));
  EXPECT_TRUE(server_.AwaitCodeThreshold(0.9F));
  EXPECT_EQ(server_.Metric("semcached_config_last_reload_successful"), 1);
}

TEST_F(PoliciesTest, TheCallAnswersOnceTheNewPoliciesHold) {
  server_.Replace("code", server_.Code(0.7F));
  v1::ReloadPoliciesResponse response;
  ASSERT_TRUE(Reload(&response).ok());
  EXPECT_EQ(response.category_count(), 3);
  EXPECT_FLOAT_EQ(ThresholdFor("gpt-4o"), 0.7F);
}

TEST_F(PoliciesTest, SighupReloads) {
  server_.Signal(SIGHUP);
  EXPECT_TRUE(Eventually([&] { return Policies().generation() == 2; })) << server_.Log();
  EXPECT_FALSE(server_.process().HasEnded());
  EXPECT_EQ(server_.Stop(), 0);
}

TEST_F(PoliciesTest, ARemovedCategoryIsRefusedAndComesBack) {
  const Gateway factual = gateway_.In("factual");
  gateway_.Tell(kQuestion, kAnswer);
  const std::string file = server_.categories() + "/code.yaml";
  std::filesystem::rename(file, server_.directory() / "code.yaml");
  v1::LookupResponse response;
  EXPECT_TRUE(Eventually([&] {
    return gateway_.TryLookup(gateway_.Question(kQuestion), &response).error_code() ==
           grpc::INVALID_ARGUMENT;
  }));
  EXPECT_EQ(factual.Ask(kQuestion), "miss:no_candidate");
  std::filesystem::rename(server_.directory() / "code.yaml", file);
  EXPECT_TRUE(Eventually([&] {
    return gateway_.TryLookup(gateway_.Question(kParaphrase), &response).ok() &&
           response.response().body() == kAnswer;
  })) << server_.Log();
}

TEST_F(PoliciesTest, LoadMovesTheThresholdOfThatModelAndTheEventsSayWhy) {
  EXPECT_FLOAT_EQ(ThresholdFor("busy"), 0.86F);
  ReportLoad("busy", 20);
  EXPECT_TRUE(Eventually([&] { return ThresholdFor("busy") < 0.835F; })) << ThresholdFor("busy");
  EXPECT_NEAR(ThresholdFor("busy"), 0.83F, 1e-5);
  EXPECT_FLOAT_EQ(ThresholdFor("idle"), 0.86F);
  // What is in force is listed beside what is written.
  const v1::ListPoliciesResponse policies = Policies();
  EXPECT_FLOAT_EQ(policies.policies(0).similarity_threshold(), 0.86F);
  ASSERT_EQ(policies.policies(0).effective_size(), 2);
  EXPECT_EQ(policies.policies(0).effective(1).model(), "busy");
  EXPECT_EQ(policies.policies(0).effective(1).load_factor(), 1);

  grpc::ClientContext context;
  v1::ListPolicyEventsResponse events;
  ASSERT_TRUE(server_.policy().ListPolicyEvents(&context, {}, &events).ok());
  ASSERT_FALSE(events.events().empty());
  const v1::PolicyEvent& last = events.events(events.events_size() - 1);
  EXPECT_EQ(last.model(), "busy");
  EXPECT_EQ(last.category(), "code");
  EXPECT_NEAR(last.similarity_threshold(), 0.83F, 1e-5);
  EXPECT_FALSE(last.shadow());
  EXPECT_NE(last.reason().find("utilization 2.00 (reported)"), std::string::npos) << last.reason();

  ReportLoad("busy", 0);
  EXPECT_TRUE(Eventually([&] { return ThresholdFor("busy") > 0.855F; })) << ThresholdFor("busy");
}

TEST_F(PoliciesTest, FrozenPoliciesDoNotMove) {
  grpc::ClientContext freeze_context;
  v1::FreezePoliciesRequest freeze;
  freeze.set_frozen(true);
  v1::FreezePoliciesResponse frozen;
  ASSERT_TRUE(server_.policy().FreezePolicies(&freeze_context, freeze, &frozen).ok());
  EXPECT_TRUE(Policies().frozen());
  ReportLoad("busy", 20);
  // Several looks of the monitor later it still stands.
  EXPECT_FALSE(Eventually([&] { return ThresholdFor("busy") < 0.855F; }, absl::Milliseconds(500)));
  freeze.set_frozen(false);
  grpc::ClientContext thaw_context;
  ASSERT_TRUE(server_.policy().FreezePolicies(&thaw_context, freeze, &frozen).ok());
  EXPECT_TRUE(Eventually([&] { return ThresholdFor("busy") < 0.835F; }));
}

TEST_F(PoliciesTest, AReportThatCannotBeIsRefused) {
  v1::ReportLoadRequest request;
  request.set_model("busy");
  request.set_in_flight(-1);
  grpc::ClientContext context;
  v1::ReportLoadResponse response;
  const grpc::Status status = server_.load().ReportLoad(&context, request, &response);
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_NE(status.error_message().find("in_flight is -1"), std::string::npos)
      << status.error_message();
}

// As Kubernetes lays out a mounted ConfigMap: files are links through ..data, which is swapped.
TEST(PoliciesInAConfigMapTest, ASwapOfDataTakesHold) {
  namespace fs = std::filesystem;
  RunningServer server;
  server.Stop();
  const fs::path directory = server.categories();
  fs::create_directory(directory / "..2026_01");
  for (const char* name : {"code.yaml", "factual.yaml", "personal.yaml"}) {
    fs::rename(directory / name, directory / "..2026_01" / name);
    fs::create_symlink(fs::path("..data") / name, directory / name);
  }
  fs::create_directory_symlink("..2026_01", directory / "..data");
  server.Start();
  EXPECT_TRUE(server.AwaitCodeThreshold(0.86F));

  fs::copy(directory / "..2026_01", directory / "..2026_02");
  server.directory().Write("categories/..2026_02/code.yaml", server.Code(0.91F));
  fs::create_directory_symlink("..2026_02", directory / "..data_tmp");
  fs::rename(directory / "..data_tmp", directory / "..data");
  fs::remove_all(directory / "..2026_01");
  EXPECT_TRUE(server.AwaitCodeThreshold(0.91F)) << server.Log();
  EXPECT_EQ(server.Metric("semcached_config_last_reload_successful"), 1);
}

}  // namespace
}  // namespace semcached
