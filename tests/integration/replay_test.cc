// A small trace, played against the real server beside the simulation.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "integration/gateway.h"

namespace semcached {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

// Calm, then two minutes that are too much for the model.
constexpr char kWorkload[] = R"({
  "trace": "none",
  "without_data": {
    "length": "13m", "calm_rate": 0.3, "burst_rate": 4, "bursts": [["11m", "13m"]],
    "input_tokens": 500, "output_tokens": 60
  },
  "history": {"arrivals": 200, "span": "24h"},
  "tenants": 40,
  "shares": {"code": 0.6, "factual": 0.4},
  "laws": {"steep": {"*": 1.1}},
  "middle_law": "steep",
  "seeds": 1
})";

// The load monitor looks often and believes what it sees; nothing is refused on a busy machine.
constexpr char kMore[] = R"(load:
  interval: 100ms
  max_step: 1
  min_dwell: 0s
  smoothing: 0s
limits:
  max_in_flight: 4096
  default_deadline: 1m
  max_deadline: 1m
)";

class LiveReplayTest : public IntegrationTest {
 protected:
  LiveReplayTest() : IntegrationTest({.shipped_categories = true, .more = kMore}) {
    workload_ = server_.directory().Write("replay-small.json", kWorkload);
  }
  // The last minutes of the trace, a minute in a second.
  Ended Play(std::vector<std::string> more) {
    // The fewer texts are to be embedded, the sooner it begins.
    std::vector<std::string> arguments = {"replay", "--data", "", "--near-opposites", ""};
    arguments.insert(arguments.end(), {"--workload", workload_, "--config", server_.config()});
    arguments.insert(arguments.end(), {"--vectors", server_.directory() / "vectors"});
    arguments.insert(arguments.end(), {"--target", server_.data_socket()});
    arguments.insert(arguments.end(), {"--admin", server_.admin_socket(), "--speed", "60"});
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunProgram("semcached-bench", std::move(arguments));
  }

  std::string workload_;
};

TEST_F(LiveReplayTest, TheRealServerDoesWhatTheSimulationSays) {
  const Ended ended = Play({"--from", "10", "--json"});
  ASSERT_EQ(ended.status, 0) << ended.errors << server_.Log();
  const Json json = Json::parse(ended.output, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << ended.output;
  const int arrivals = json.at("arrivals");
  EXPECT_GT(arrivals, 300);
  EXPECT_EQ(json.at("failed"), 0);
  for (const Json& run : json.at("runs")) {
    EXPECT_EQ(run.at("lookups"), arrivals) << run;
    EXPECT_EQ(run.at("wrong"), 0) << run;
    EXPECT_EQ(run.at("outdated"), 0) << run;
    EXPECT_GT(run.at("hits"), 0) << run;
    EXPECT_LT(run.at("model_calls"), arrivals) << run;
    EXPECT_GE(run.at("hits").get<int>() + run.at("model_calls").get<int>(), arrivals) << run;
    EXPECT_LE(run.at("overload_calls"), run.at("model_calls")) << run;
  }
  for (const char* run : {"all", "live"}) {
    const auto load_factor = json.at("load_factor").at(run).get<std::vector<double>>();
    ASSERT_FALSE(load_factor.empty()) << run;
    EXPECT_EQ(load_factor.front(), 0) << run;
    EXPECT_GT(*std::max_element(load_factor.begin(), load_factor.end()), 0) << run;
  }

  const Ended part = Play({"--from", "10", "--minutes", "1"});
  ASSERT_EQ(part.status, 0) << part.errors << server_.Log();
  EXPECT_THAT(part.output, HasSubstr("from minute 10 on"));
  EXPECT_THAT(part.output, HasSubstr("simulated, as shipped"));
  EXPECT_THAT(part.output, HasSubstr("calls that failed: 0"));
}

TEST(LiveReplayAloneTest, ItTakesBothListeners) {
  EXPECT_EQ(RunProgram("semcached-bench", {"replay", "--speed", "2"}).status, 2);
  const Ended ended = RunProgram("semcached-bench", {"replay", "--target", "nowhere.sock"});
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.errors, HasSubstr("--admin"));
}

}  // namespace
}  // namespace semcached
