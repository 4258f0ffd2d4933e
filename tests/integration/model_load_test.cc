// Load that nobody reports: read from a model server, or set by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "integration/gateway.h"
#include "policy/vllm_page.h"
#include "semcached/base/mutex.h"

namespace semcached {
namespace {

using testing::HasSubstr;
using testing::Not;

// A model server that shows what the test says, to those who have its token.
class ModelServer {
 public:
  static constexpr char kToken[] = "s3cret-t0ken";

  ModelServer() {
    http_.Get("/metrics", [this](const httplib::Request& in, httplib::Response& out) {
      MutexLock lock(&mutex_);
      out.status =
          in.get_header_value("Authorization") == absl::StrCat("Bearer ", kToken) ? 200 : 401;
      out.set_content(engine_.Page(), "text/plain");
    });
    port_ = http_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { http_.listen_after_bind(); });
  }
  ~ModelServer() {
    // stop() before the server runs would be forgotten.
    while (!http_.is_running()) std::this_thread::yield();
    http_.stop();
    thread_.join();
  }

  void WorksOn(double requests) ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    engine_.running = requests;
  }
  std::string url() const { return absl::StrCat("http://127.0.0.1:", port_, "/metrics"); }

 private:
  httplib::Server http_;
  int port_ = 0;
  std::thread thread_;
  Mutex mutex_;
  VllmEngine engine_ ABSL_GUARDED_BY(mutex_);
};

class ModelLoadTest : public testing::Test {
 protected:
  ModelLoadTest()
      : token_file_(directory_.Write("token", ModelServer::kToken)), server_({.more = Yaml()}) {}

  // The load monitor looks often and believes what it sees, so that a story is short.
  std::string Yaml() const {
    return absl::StrCat(R"(load:
  interval: 100ms
  max_step: 1
  min_dwell: 0s
  smoothing: 0s
  stale_after: 30s
  scrape:
    - kind: vllm
      model: llama
      limit: 10
      interval: 100ms
      timeout: 20s
      url: )",
                        model_.url(), "\n      token_file: ", token_file_, R"(
  leases:
    - {model: zephyr, limit: 2}
)");
  }
  Ended Ctl(std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--admin", server_.admin_socket()});
    return RunProgram("semcachectl", std::move(arguments));
  }
  nlohmann::json Loads() {
    const Ended ended = Ctl({"policies", "--json"});
    EXPECT_EQ(ended.status, 0) << ended.errors;
    return nlohmann::json::parse(ended.output).at("loads");
  }
  // What troubles the scraper.
  std::string Problem() { return Loads().at(0).at("sensors").at(1).at("problem"); }
  float ThresholdFor(const std::string& model) {
    v1::LookupRequest request = gateway_.ForModel(model).Question(kQuestion);
    request.set_no_store(true);
    return gateway_.Lookup(request).similarity_threshold();
  }
  testing::AssertionResult Loosens(const std::string& model) {
    if (Eventually([&] { return ThresholdFor(model) < 0.835F; }))
      return testing::AssertionSuccess();
    return testing::AssertionFailure() << server_.Log();
  }
  testing::AssertionResult IsAtRest(const std::string& model) {
    if (Eventually([&] { return ThresholdFor(model) > 0.855F; }))
      return testing::AssertionSuccess();
    return testing::AssertionFailure() << server_.Log();
  }

  const TempDir directory_;
  const std::string token_file_;
  ModelServer model_;
  RunningServer server_;
  const Gateway gateway_{&server_};
};

TEST_F(ModelLoadTest, ABusyModelServerMovesTheThresholdOfItsModel) {
  EXPECT_TRUE(Eventually([&] {
    return server_.Metric(R"(semcached_utilization{model="llama",sensor="scraped"})") == 0;
  })) << server_.Log();
  EXPECT_TRUE(IsAtRest("llama"));
  model_.WorksOn(20);
  EXPECT_TRUE(Loosens("llama"));
  EXPECT_TRUE(IsAtRest("another"));
  EXPECT_EQ(server_.Metric(R"(semcached_utilization{model="llama",sensor="scraped"})"), 2);
  EXPECT_EQ(server_.Metric(R"(semcached_scrape_failures_total{model="llama"})"), 0);

  const nlohmann::json load = Loads().at(0);
  EXPECT_EQ(load.at("model"), "llama");
  EXPECT_EQ(load.at("utilization"), 2);
  EXPECT_EQ(load.at("utilization_source"), "scraped");
  EXPECT_EQ(load.at("load_factor"), 1);
  EXPECT_EQ(load.at("sensors").at(0).at("name"), "reported");
  EXPECT_EQ(load.at("sensors").at(0).at("problem"), "never reported");
  EXPECT_FALSE(load.at("sensors").at(0).contains("utilization"));
  EXPECT_THAT(Ctl({"policies"}).output, HasSubstr("never reported"));

  model_.WorksOn(1);
  EXPECT_TRUE(IsAtRest("llama"));
  EXPECT_THAT(server_.Log(), Not(HasSubstr(ModelServer::kToken)));
}

TEST_F(ModelLoadTest, ATokenThatIsReplacedCountsAtTheNextLook) {
  model_.WorksOn(20);
  EXPECT_TRUE(Loosens("llama"));
  directory_.Write("token", "an-0ld-one");
  EXPECT_TRUE(Eventually(
      [&] { return server_.Metric(R"(semcached_scrape_failures_total{model="llama"})") > 0; }));
  EXPECT_TRUE(Eventually([&] { return Problem() == "answered HTTP 401: check token_file"; }))
      << Problem();
  EXPECT_THAT(server_.Log(), HasSubstr("load cannot be scraped"));
  EXPECT_THAT(server_.Log(), Not(HasSubstr("an-0ld-one")));
  directory_.Write("token", ModelServer::kToken);
  EXPECT_TRUE(Eventually([&] { return Problem().empty(); }));
}

TEST_F(ModelLoadTest, AnOperatorsWordStandsForAllSensors) {
  EXPECT_EQ(Ctl({"load", "set", "llama", "1.5", "--for", "1h"}).status, 0);
  EXPECT_TRUE(Loosens("llama"));
  const nlohmann::json load = Loads().at(0);
  EXPECT_EQ(load.at("utilization_source"), "manual");
  EXPECT_TRUE(load.contains("manual_remaining"));
  EXPECT_THAT(Ctl({"policies", "--events"}).output,
              HasSubstr("load set to utilization 1.50 for 1h"));

  EXPECT_EQ(Ctl({"load", "clear", "llama"}).status, 0);
  EXPECT_TRUE(IsAtRest("llama"));
  const Ended again = Ctl({"load", "clear", "llama"});
  EXPECT_EQ(again.status, 1);
  EXPECT_THAT(again.errors, HasSubstr("no load of model \"llama\" is set"));
  const Ended too_long = Ctl({"load", "set", "llama", "1", "--for", "2d"});
  EXPECT_EQ(too_long.status, 1);
  EXPECT_THAT(too_long.errors, HasSubstr("duration is 48h; allowed: 1s to 24h"));
  EXPECT_EQ(Ctl({"load", "set", "llama", "1"}).status, 2);
  EXPECT_EQ(Ctl({"load"}).status, 2);
}

TEST_F(ModelLoadTest, LeasesThatAreHeldAreLoad) {
  const std::string series = R"(semcached_utilization{model="zephyr",sensor="leases"})";
  v1::LookupRequest request = gateway_.ForModel("zephyr").Question(kQuestion);
  request.set_on_miss(v1::ON_MISS_LEASE);
  const v1::LookupResponse missed = gateway_.Lookup(request);
  EXPECT_FALSE(missed.lease().empty());
  EXPECT_TRUE(Eventually([&] { return server_.Metric(series) == 0.5; })) << server_.Log();
  v1::InsertRequest insert;
  insert.set_lookup_id(missed.lookup_id());
  insert.mutable_response()->set_body(kAnswer);
  gateway_.Insert(insert);
  EXPECT_TRUE(Eventually([&] { return server_.Metric(series) == 0; })) << server_.Log();
}

TEST_F(ModelLoadTest, PoliciesMayBeWatched) {
  const std::string output = Ctl({"policies", "--watch", "100ms", "--rounds", "2"}).output;
  const size_t first = output.find("generation 1");
  ASSERT_NE(first, std::string::npos) << output;
  EXPECT_NE(output.find("generation 1", first + 1), std::string::npos) << output;
  EXPECT_EQ(Ctl({"policies", "--watch", "0s"}).status, 1);
}

}  // namespace
}  // namespace semcached
