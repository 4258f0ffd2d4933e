// Starting, being refused a start, and ending.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "integration/gateway.h"

namespace semcached {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// From sysexits.h and src/main/semcached.cc.
constexpr int kBadConfiguration = 2;
constexpr int kStoreUnusable = 3;
constexpr int kCannotListen = 69;

class LifecycleTest : public IntegrationTest {};

int ModeOf(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 ? static_cast<int>(status.st_mode & 0777) : -1;
}

TEST_F(LifecycleTest, SocketsAreOpenToWhomTheyShouldBe) {
  EXPECT_EQ(ModeOf(server_.data_socket()), 0660);
  EXPECT_EQ(ModeOf(server_.admin_socket()), 0600);
  EXPECT_EQ(ModeOf(server_.directory() / "store"), 0700);
  EXPECT_THAT(server_.tcp_address(), StartsWith("127.0.0.1:"));
}

TEST_F(LifecycleTest, ItSaysWhatItIs) {
  grpc::ClientContext context;
  v1::GetServerInfoResponse info;
  ASSERT_TRUE(server_.data().GetServerInfo(&context, {}, &info).ok());
  EXPECT_THAT(RunProgram("semcached", {"--version"}).output,
              StartsWith("semcached " + info.version() + " ("));
  ASSERT_EQ(info.embedding_identities_size(), 1);
  EXPECT_EQ(info.embedding_identities(0).embedder(), "default");
  EXPECT_EQ(info.embedding_identities(0).dimension(), 384);
  EXPECT_EQ(info.limits().max_query_bytes(), 32 << 10);
  EXPECT_EQ(info.limits().max_deadline().seconds(), 1);
}

TEST_F(LifecycleTest, HealthAnswers) {
  // grpc.health.v1.HealthCheckResponse{status: SERVING}.
  const std::string serving = "\x08\x01";
  for (const std::string service : {"", "semcached.v1.SemanticCache"}) {
    const std::string request =
        service.empty() ? "" : "\x0a" + std::string(1, static_cast<char>(service.size())) + service;
    const auto health = CallByName(server_.data_channel(), "/grpc.health.v1.Health/Check", request);
    ASSERT_TRUE(health.ok()) << health.status();
    EXPECT_EQ(*health, serving);
  }
}

// Rights are by listener: what is for operators is not where callers are.
TEST_F(LifecycleTest, CallersDoNotReachWhatIsForOperators) {
  const auto admin = CallByName(server_.data_channel(), "/semcached.v1.AdminService/GetStats", "");
  EXPECT_TRUE(absl::IsUnimplemented(admin.status())) << admin.status();
}

// The names of all services of whoever listens at the other end of `channel`.
absl::StatusOr<std::string> ListServices(const std::shared_ptr<grpc::Channel>& channel) {
  // ServerReflectionRequest{list_services: "*"}.
  return CallByName(channel, "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                    "\x3a\x01*");
}

// gRPC's library of reflection registers itself with every server of a program that links it, so
// that `reflection: false` once changed nothing.
TEST_F(LifecycleTest, ReflectionAnswersOnlyWhereItIsConfigured) {
  const auto admin =
      grpc::CreateChannel("unix:" + server_.admin_socket(), grpc::InsecureChannelCredentials());
  EXPECT_TRUE(absl::IsUnimplemented(ListServices(server_.data_channel()).status()));
  EXPECT_TRUE(absl::IsUnimplemented(ListServices(admin).status()));

  RunningServer open({.more = "reflection: true\n"});
  const auto services = ListServices(open.data_channel());
  ASSERT_TRUE(services.ok()) << services.status();
  EXPECT_THAT(*services, HasSubstr("semcached.v1.SemanticCache"));
  EXPECT_THAT(*services, HasSubstr("semcached.v1.LoadService"));
  EXPECT_THAT(*services, Not(HasSubstr("semcached.v1.AdminService")));
}

TEST_F(LifecycleTest, SigtermLetsCallsInFlightFinish) {
  gateway_.Tell(kQuestion, kAnswer);
  grpc::ClientContext context;
  v1::ReportLoadResponse response;
  const auto stream = server_.load().StreamLoad(&context, &response);
  v1::ReportLoadRequest report;
  report.set_model("busy");
  ASSERT_TRUE(stream->Write(report));
  // The stream is known to the server once a call behind it on the same connection was answered.
  EXPECT_EQ(gateway_.Ask(kQuestion), std::string("exact:") + kAnswer);

  server_.Signal(SIGTERM);
  EXPECT_TRUE(Eventually([&] { return server_.Get("/readyz").status == 503; })) << server_.Log();
  EXPECT_EQ(server_.Get("/livez").status, 200);
  // It is still there for the call in flight, and soon for that one alone. A call that comes over
  // the old connection before the client has learned of the end is CANCELLED by gRPC.
  EXPECT_TRUE(Eventually([&] {
    v1::LookupResponse refused;
    const auto code = gateway_.TryLookup(gateway_.Question(kQuestion), &refused).error_code();
    return code == grpc::UNAVAILABLE || code == grpc::CANCELLED;
  }));
  EXPECT_FALSE(server_.process().HasEnded());
  EXPECT_TRUE(stream->Write(report));
  stream->WritesDone();
  const grpc::Status status = stream->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(server_.process().AwaitEnd(), 0) << server_.Log();
  EXPECT_THAT(server_.Log(), HasSubstr("stopped"));
}

TEST_F(LifecycleTest, NoCallOfABusyGatewayIsLostAtSigterm) {
  gateway_.Tell(kQuestion, kAnswer);
  std::vector<std::thread> callers;
  std::atomic<int> answered{0};
  std::atomic<int> lost{0};
  for (int i = 0; i < 4; ++i) {
    callers.emplace_back([&] {
      grpc::Status status;
      for (int call = 0; status.ok(); ++call) {
        v1::LookupRequest request = gateway_.Question(call % 2 == 0 ? kQuestion : kParaphrase);
        request.set_no_store(true);  // so that every paraphrase is embedded
        v1::LookupResponse response;
        status = gateway_.TryLookup(request, &response);
        if (status.ok()) ++answered;
        if (status.ok() && response.response().body() != kAnswer) ++lost;
      }
      const bool told =
          status.error_code() == grpc::UNAVAILABLE || status.error_code() == grpc::CANCELLED;
      if (!told) ++lost;
    });
  }
  EXPECT_TRUE(Eventually([&] { return answered > 50; }));
  EXPECT_EQ(server_.Stop(), 0) << server_.Log();
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(lost, 0);
}

TEST(LifecycleWithAShortDrainTest, ACallThatDoesNotEndIsCancelled) {
  RunningServer server({.more = "drain: 200ms\n"});
  grpc::ClientContext context;
  v1::ReportLoadResponse response;
  const auto stream = server.load().StreamLoad(&context, &response);
  v1::ReportLoadRequest report;
  report.set_model("busy");
  ASSERT_TRUE(stream->Write(report));
  EXPECT_EQ(server.Stop(), 0) << server.Log();
  EXPECT_FALSE(stream->Finish().ok());
}

// A gateway's idle connection once held up a stop by 5 to 10 s.
TEST(LifecycleWithALongDrainTest, AnIdleClientDoesNotHoldUpAStop) {
  RunningServer server({.more = "drain: 10m\n"});
  server.Signal(SIGTERM);
  // gRPC by itself waits 20 s for a client that does not read.
  EXPECT_TRUE(Eventually([&] { return server.process().HasEnded(); }, absl::Seconds(15)));
  EXPECT_EQ(server.process().AwaitEnd(), 0) << server.Log();
}

TEST_F(LifecycleTest, ASecondServerOnTheSameStoreIsRefused) {
  const Ended second = RunProgram("semcached", {"--config", server_.config()});
  EXPECT_EQ(second.status, kStoreUnusable) << second.errors;
  EXPECT_THAT(second.errors, HasSubstr(server_.directory() / "store"));
  EXPECT_EQ(gateway_.Ask(kQuestion), "miss:no_candidate");
}

TEST_F(LifecycleTest, ADamagedStoreIsMovedAsideAndTheCacheStartsEmpty) {
  gateway_.Tell(kQuestion, kAnswer);
  server_.Stop();
  std::filesystem::resize_file(server_.directory() / "store/CURRENT", 3);

  const Ended strict = RunProgram("semcached", {"--config", server_.config(), "--strict-recovery"});
  EXPECT_EQ(strict.status, kStoreUnusable);
  EXPECT_FALSE(std::filesystem::exists(server_.directory() / "store/damaged"));

  server_.Start();
  EXPECT_EQ(gateway_.Ask(kQuestion), "miss:no_candidate");
  EXPECT_TRUE(std::filesystem::exists(server_.directory() / "store/damaged/CURRENT"));
  EXPECT_EQ(server_.Metric("semcached_store_moved_aside_total"), 1);
  EXPECT_THAT(server_.Log(), HasSubstr("moved aside"));
  gateway_.Tell(kQuestion, kAnswer);
  EXPECT_EQ(gateway_.Ask(kQuestion), std::string("exact:") + kAnswer);
}

TEST_F(LifecycleTest, ASecondServerOnTheSameSocketIsRefused) {
  const TempDir other;
  WriteSmallCategories(other, "auto");
  std::string yaml = ServerYaml(other, "");
  const std::string own = other / "data.sock";
  yaml.replace(yaml.find(own), own.size(), server_.data_socket());
  const Ended second = RunProgram("semcached", {"--config", other.Write("semcached.yaml", yaml)});
  EXPECT_EQ(second.status, kCannotListen) << second.errors;
  EXPECT_THAT(second.errors, HasSubstr(server_.data_socket()));
  EXPECT_EQ(gateway_.Ask(kQuestion), "miss:no_candidate");
}

TEST_F(LifecycleTest, ASecondServerOnTheSamePortIsRefused) {
  const TempDir other;
  WriteSmallCategories(other, "auto");
  std::string yaml = ServerYaml(other, "");
  const std::string any = "127.0.0.1:0";
  yaml.replace(yaml.find(any), any.size(), server_.tcp_address());
  const Ended second = RunProgram("semcached", {"--config", other.Write("semcached.yaml", yaml)});
  EXPECT_EQ(second.status, kCannotListen) << second.errors;
  EXPECT_THAT(second.errors, HasSubstr(server_.tcp_address()));
}

// Two servers shared the port of their pages, and either answered the other's probes.
TEST_F(LifecycleTest, ASecondServerOnTheSamePortOfPagesIsRefused) {
  const TempDir other;
  WriteSmallCategories(other, "auto");
  std::string yaml = ServerYaml(other, "");
  const std::string any = "http: 127.0.0.1:0";
  ASSERT_NE(yaml.find(any), std::string::npos) << yaml;
  yaml.replace(yaml.find(any), any.size(), "http: " + server_.http_address());
  const Ended second = RunProgram("semcached", {"--config", other.Write("semcached.yaml", yaml)});
  EXPECT_EQ(second.status, kCannotListen) << second.errors;
  EXPECT_THAT(second.errors, HasSubstr(server_.http_address()));
}

class ConfigurationTest : public ::testing::Test {
 protected:
  ConfigurationTest() { WriteSmallCategories(directory_, "auto"); }

  Ended Start(const std::string& more, const std::vector<std::string>& arguments = {}) {
    return Run(directory_.Write("semcached.yaml", ServerYaml(directory_, more)), arguments);
  }

  static Ended Run(const std::string& file, std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--config", file});
    return RunProgram("semcached", arguments);
  }

  const TempDir directory_;
};

TEST_F(ConfigurationTest, EveryErrorIsNamedWithFileAndLine) {
  const Ended ended = Start("drain: never\nlifetime: 3d\n");
  EXPECT_EQ(ended.status, kBadConfiguration);
  EXPECT_THAT(ended.errors, HasSubstr("semcached.yaml:15: drain"));
  EXPECT_THAT(ended.errors, HasSubstr("semcached.yaml:16: lifetime"));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "store"));
}

TEST_F(ConfigurationTest, ErrorsOfAllCategoriesAreNamedAtOnce) {
  directory_.Write("categories/code.yaml", "category: code\nttl: -1h\n");
  directory_.Write("categories/factual.yaml", "category: facts\n");
  for (const std::vector<std::string>& arguments :
       {std::vector<std::string>{}, std::vector<std::string>{"--check-config"}}) {
    const Ended ended = Start("", arguments);
    EXPECT_EQ(ended.status, kBadConfiguration);
    EXPECT_THAT(ended.errors, HasSubstr("code.yaml:2: ttl"));
    EXPECT_THAT(ended.errors, HasSubstr("factual.yaml:1: category"));
  }
}

TEST_F(ConfigurationTest, AGoodOneIsCheckedWithoutAStart) {
  const Ended ended = Start("", {"--check-config"});
  EXPECT_EQ(ended.status, 0) << ended.errors;
  EXPECT_THAT(ended.output, HasSubstr("good, 3 categories"));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "store"));
}

TEST_F(ConfigurationTest, AMissingFileIsNamed) {
  const Ended ended = RunProgram("semcached", {"--config", directory_ / "nowhere.yaml"});
  EXPECT_EQ(ended.status, kBadConfiguration);
  EXPECT_THAT(ended.errors, HasSubstr(directory_ / "nowhere.yaml"));
}

TEST_F(ConfigurationTest, AMissingModelIsNamed) {
  std::string yaml = ServerYaml(directory_, "");
  const std::string model = "all-MiniLM-L6-v2.onnx";
  yaml.replace(yaml.find(model), model.size(), "no-such-model.onnx");
  const std::string file = directory_.Write("semcached.yaml", yaml);
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{}, std::vector<std::string>{"--check-config"}}) {
    const Ended ended = Run(file, more);
    EXPECT_EQ(ended.status, kBadConfiguration);
    EXPECT_THAT(ended.errors, HasSubstr("embedders.default.model: "));
    EXPECT_THAT(ended.errors, HasSubstr("no-such-model.onnx cannot be read"));
  }
}

TEST_F(ConfigurationTest, AnAddressThatOthersCanReachIsRefused) {
  std::string yaml = ServerYaml(directory_, "");
  const std::string local = "127.0.0.1:0";
  yaml.replace(yaml.find(local), local.size(), "0.0.0.0:0");
  const std::string file = directory_.Write("semcached.yaml", yaml);
  for (const std::vector<std::string>& more :
       {std::vector<std::string>{}, std::vector<std::string>{"--check-config"}}) {
    const Ended ended = Run(file, more);
    EXPECT_EQ(ended.status, kBadConfiguration);
    EXPECT_THAT(ended.errors, HasSubstr("listen.tcp: 0.0.0.0"));
    EXPECT_THAT(ended.errors, HasSubstr("--insecure-allow-remote"));
  }
  EXPECT_EQ(Run(file, {"--check-config", "--insecure-allow-remote"}).status, 0);
}

TEST_F(ConfigurationTest, AStoreThatIsAFileIsRefused) {
  directory_.Write("store", "not a directory");
  const Ended ended = Start("");
  EXPECT_EQ(ended.status, kStoreUnusable);
  EXPECT_THAT(ended.errors, HasSubstr(directory_ / "store"));
}

TEST_F(ConfigurationTest, AFileInTheSocketsPlaceIsRefusedAndStays) {
  const std::string file = directory_.Write("data.sock", "notes");
  const Ended ended = Start("");
  EXPECT_EQ(ended.status, kCannotListen);
  EXPECT_THAT(ended.errors, HasSubstr(file + " is there and is no socket"));
  EXPECT_TRUE(std::filesystem::exists(file));
}

TEST_F(ConfigurationTest, AnUnknownOptionIsAUsageError) {
  const Ended ended = RunProgram("semcached", {"--colour"});
  EXPECT_EQ(ended.status, kBadConfiguration);
  EXPECT_THAT(ended.errors + ended.output, HasSubstr("--colour"));
  EXPECT_THAT(RunProgram("semcached", {"--help"}).output, HasSubstr("--check-config"));
}

}  // namespace
}  // namespace semcached
