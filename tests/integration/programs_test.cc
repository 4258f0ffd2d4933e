// The programs of operators and benches, against a real server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "integration/gateway.h"
#include "support/silent_socket.h"

namespace semcached {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using Json = nlohmann::json;

class SemcachectlTest : public IntegrationTest {
 protected:
  Ended Ctl(std::vector<std::string> arguments, const std::string& input = "") {
    arguments.insert(arguments.end(),
                     {"--target", server_.data_socket(), "--admin", server_.admin_socket()});
    return RunProgram("semcachectl", std::move(arguments), input);
  }

  // What it prints with --json; it has to succeed.
  Json CtlJson(std::vector<std::string> arguments, const std::string& input = "") {
    arguments.emplace_back("--json");
    const Ended ended = Ctl(arguments, input);
    EXPECT_EQ(ended.status, 0) << ended.errors;
    Json json = Json::parse(ended.output, nullptr, false);
    EXPECT_FALSE(json.is_discarded()) << ended.output;
    return json;
  }
};

TEST_F(SemcachectlTest, InsertsLooksUpAndExplains) {
  const std::vector<std::string> whose = {"-n", "acme", "-m", "gpt-4o", "-c", "code"};
  const auto with = [&whose](const char* command, const std::vector<std::string>& rest) {
    std::vector<std::string> arguments = {command};
    arguments.insert(arguments.end(), whose.begin(), whose.end());
    arguments.insert(arguments.end(), rest.begin(), rest.end());
    return arguments;
  };
  EXPECT_EQ(CtlJson(with("lookup", {kQuestion})).at("outcome"), "OUTCOME_MISS");
  const Json inserted = CtlJson(with("insert", {kQuestion, "--body", kAnswer}));
  EXPECT_EQ(inserted.at("result"), "RESULT_STORED");
  EXPECT_EQ(CtlJson(with("insert", {kQuestion, "--ttl", "1h"}), "from standard input").at("result"),
            "RESULT_REPLACED");
  const Json found = CtlJson(with("lookup", {kParaphrase}));
  EXPECT_EQ(found.at("outcome"), "OUTCOME_HIT_SEMANTIC");
  EXPECT_EQ(found.at("response").at("body"), "ZnJvbSBzdGFuZGFyZCBpbnB1dA==");
  const Json explained = CtlJson(with("explain", {kOpposite}));
  EXPECT_EQ(explained.at("miss_reason"), "MISS_REASON_GUARD");
  EXPECT_EQ(explained.at("explanation").at("candidates").size(), 1U);

  // The same for people.
  EXPECT_THAT(Ctl(with("lookup", {kParaphrase})).output, HasSubstr("from standard input"));
  EXPECT_THAT(Ctl(with("explain", {kOpposite})).output, HasSubstr("MISS (GUARD)"));
  CtlJson({"feedback", found.at("entry_id"), "--wrong"});
  EXPECT_EQ(CtlJson(with("lookup", {kQuestion})).at("outcome"), "OUTCOME_MISS");
  EXPECT_EQ(Ctl({"delete", found.at("entry_id")}).status, 1);
}

TEST_F(SemcachectlTest, FlagsOfALookupReachTheServer) {
  gateway_.Tell(kQuestion, kAnswer);
  const auto outcome = [this](const std::vector<std::string>& flags) {
    std::vector<std::string> arguments = {"lookup", "--context", "system-prompt-1", "-n",
                                          "acme",   "-m",        "gpt-4o",          "-c",
                                          "code",   kParaphrase};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    return CtlJson(arguments).value("outcome", "");
  };
  EXPECT_EQ(outcome({}), "OUTCOME_HIT_SEMANTIC");
  EXPECT_EQ(outcome({"--max-age", "7d", "--no-store"}), "OUTCOME_HIT_SEMANTIC");
  EXPECT_EQ(outcome({"--min-similarity", "0.999"}), "OUTCOME_MISS");
  EXPECT_EQ(outcome({"--bypass"}), "OUTCOME_BYPASS");
  const Ended ended = Ctl({"lookup", "-n", "acme", "--max-age", "soon", kQuestion});
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.errors, HasSubstr("--max-age: soon is not a duration; e.g. 90s, 1.5h or 7d"));
}

TEST_F(SemcachectlTest, InvalidatesByTagAndByCloseness) {
  const auto insert = [this](const char* query, const char* tag) {
    CtlJson({"insert", "-n", "acme", "-m", "gpt-4o", "-c", "code", "--tag", tag, query, "--tag",
             "every", "--body", kAnswer});
  };
  insert(kQuestion, "lists");
  insert("how do I undo the last commit in git", "git");
  EXPECT_EQ(CtlJson({"invalidate", "--tag", "every", "--dry-run"}).at("count"), "2");
  EXPECT_EQ(CtlJson({"invalidate", "--tag", "git"}).at("count"), "1");
  EXPECT_EQ(CtlJson({"invalidate", "-c", "code", "--older-than", "1h"}).at("count"), "0");
  EXPECT_EQ(CtlJson({"invalidate", "-n", "acme", "-c", "code", "--near", kParaphrase,
                     "--similarity", "0.8"})
                .at("count"),
            "1");
  EXPECT_EQ(gateway_.Ask(kQuestion), "miss:no_candidate");
  const Ended without = Ctl({"invalidate"});
  EXPECT_EQ(without.status, 1);
  EXPECT_THAT(without.errors, HasSubstr("condition"));
  const Ended unknown = Ctl({"invalidate", "-c", "cod"});
  EXPECT_EQ(unknown.status, 1);
  EXPECT_THAT(unknown.errors, HasSubstr("\"cod\""));
}

TEST_F(SemcachectlTest, ShowsWhatTheServerHoldsAndDoes) {
  gateway_.Tell(kQuestion, kAnswer);
  EXPECT_EQ(CtlJson({"stats"}).at("entry_count"), "1");
  EXPECT_EQ(CtlJson({"top", "--rounds", "1"}).at("categories").size(), 3U);
  EXPECT_EQ(CtlJson({"policies", "--category", "code"}).at("policies").at(0).at("category"),
            "code");
  EXPECT_TRUE(CtlJson({"policies", "--events"}).contains("events"));
  EXPECT_EQ(CtlJson({"policies", "--reload"}).at("category_count"), 3);
  EXPECT_EQ(CtlJson({"policies", "--freeze"}).at("frozen"), true);
  EXPECT_EQ(CtlJson({"policies", "--unfreeze"}).at("frozen"), false);
  EXPECT_EQ(CtlJson({"policies", "--events"}).at("events").back().value("similarity_threshold", -1),
            0)
      << "a freeze is of no threshold";
  EXPECT_EQ(CtlJson({"health"}).at("warm_ratio"), 1);
  EXPECT_EQ(CtlJson({"check", "--config", server_.config()}).at("category_count"), 3);
  for (const char* command : {"stats", "policies"}) {
    EXPECT_THAT(Ctl({command}).output, HasSubstr("code")) << command;
  }
}

TEST_F(SemcachectlTest, SaysWhichListenerIsTheOther) {
  for (const char* command : {"health", "stats"}) {
    const Ended ended = RunProgram("semcachectl", {command, "--target", server_.admin_socket(),
                                                   "--admin", server_.data_socket()});
    EXPECT_EQ(ended.status, 1) << command;
    EXPECT_THAT(ended.errors, HasSubstr("does not know this call; --target is")) << command;
  }
}

TEST_F(SemcachectlTest, AnAnswerThatIsDeclinedIsAFailure) {
  const Ended ended = Ctl({"insert", "-n", "acme", "-m", "gpt-4o", "-c", "code", kQuestion}, "");
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.errors, HasSubstr("declined: the answer is empty"));
  EXPECT_EQ(gateway_.Ask(kQuestion), "miss:no_candidate");
}

TEST_F(SemcachectlTest, ExportsFlushesAndImports) {
  gateway_.Tell(kQuestion, kAnswer);
  gateway_.In("factual").Tell("how tall is mount everest", "8849 m");
  const Ended exported = Ctl({"export"});
  ASSERT_EQ(exported.status, 0) << exported.errors;
  std::istringstream lines(exported.output);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    EXPECT_FALSE(Json::parse(line, nullptr, false).is_discarded()) << line;
  }
  EXPECT_EQ(count, 2);

  const std::string file = server_.directory() / "code.jsonl";
  EXPECT_EQ(CtlJson({"export", "--category", "code", file}).at("exported_count"), 1);
  EXPECT_EQ(CtlJson({"flush", "--category", "code"}).at("count"), "1");
  EXPECT_EQ(gateway_.Ask(kQuestion), "miss:no_candidate");
  EXPECT_EQ(Ctl({"flush"}).status, 2) << "all is said, never meant";
  EXPECT_EQ(CtlJson({"flush", "--all"}).at("count"), "1");
  EXPECT_EQ(CtlJson({"import", file}).at("stored_count"), "1");
  EXPECT_EQ(gateway_.Ask(kParaphrase), std::string("semantic:") + kAnswer);
  EXPECT_EQ(CtlJson({"import"}, exported.output).at("stored_count"), "2");
  EXPECT_EQ(gateway_.In("factual").Ask("how tall is mount everest"), "exact:8849 m");

  const size_t code = exported.output.find("\"code\"");
  std::string strange = exported.output;
  strange.replace(code, 6, "\"gone\"");
  const Ended declined = Ctl({"import"}, strange);
  EXPECT_EQ(declined.status, 1);
  EXPECT_THAT(declined.errors, HasSubstr("entries declined: 1"));

  const Ended broken = Ctl({"import"}, "{}\nnot json\n");
  EXPECT_EQ(broken.status, 1);
  EXPECT_THAT(broken.errors, HasSubstr("-:2"));
}

TEST_F(SemcachectlTest, WhatTheServerRefusesIsPrinted) {
  const Ended unknown = Ctl({"lookup", "-n", "acme", "-c", "unheard-of", "x"});
  EXPECT_EQ(unknown.status, 1);
  EXPECT_THAT(unknown.errors,
              HasSubstr("\"unheard-of\" is not configured; allowed: code, factual"));
  server_.Replace("code", "category: code\nttl: soon\n");
  const Ended reload = Ctl({"policies", "--reload"});
  EXPECT_EQ(reload.status, 1);
  EXPECT_THAT(reload.errors, HasSubstr("code.yaml:2: ttl"));
  EXPECT_THAT(Ctl({"policies", "--events"}).output, HasSubstr("reload refused: "));
  const Ended check = Ctl({"check", "--config", server_.config()});
  EXPECT_EQ(check.status, 1);
  EXPECT_THAT(check.errors, HasSubstr("code.yaml:2: ttl"));
  const Json errors = Json::parse(Ctl({"check", "--config", server_.config(), "--json"}).output);
  EXPECT_EQ(errors.at("good"), false);
  EXPECT_EQ(errors.at("errors").at(0).at("key"), "ttl");
  EXPECT_EQ(errors.at("errors").at(0).at("line"), 2);
  EXPECT_EQ(Ctl({}).status, 2);
}

TEST(SemcachectlAloneTest, WithoutAServerItSaysWhereItLookedAndWhatToDo) {
  const TempDir directory;
  const std::string nowhere = directory / "nowhere.sock";
  const Ended data = RunProgram("semcachectl", {"health", "--target", nowhere});
  EXPECT_EQ(data.status, 1);
  EXPECT_THAT(data.errors, HasSubstr("does semcached listen at " + nowhere));
  EXPECT_THAT(data.errors, HasSubstr("--target"));
  const Ended admin = RunProgram("semcachectl", {"stats", "--admin", nowhere});
  EXPECT_EQ(admin.status, 1);
  EXPECT_THAT(admin.errors, HasSubstr("does semcached listen at " + nowhere));
}

TEST(ProgramsTest, AllHaveHelpAndAVersion) {
  for (const char* program : {"semcached", "semcachectl", "semcached-bench"}) {
    const Ended version = RunProgram(program, {"--version"});
    EXPECT_EQ(version.status, 0);
    EXPECT_THAT(version.output, StartsWith(std::string(program) + " "));
    const Ended help = RunProgram(program, {"--help"});
    EXPECT_EQ(help.status, 0);
    EXPECT_THAT(help.output, HasSubstr("--version"));
  }
}

class BenchTest : public IntegrationTest, public ::testing::WithParamInterface<const char*> {};

INSTANTIATE_TEST_SUITE_P(Workloads, BenchTest,
                         ::testing::Values("exact-hit", "semantic-hit", "miss", "insert", "mixed"),
                         [](const auto& workload) {
                           std::string name = workload.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST_P(BenchTest, ALoadRunEndsWithFigures) {
  const std::string workload = GetParam();
  const Ended ended =
      RunProgram("semcached-bench",
                 {"load", "--target", server_.data_socket(), "--workload", workload, "--calls",
                  "200", "--warm-up", "20", "--entries", "100", "--callers", "2", "--json"});
  ASSERT_EQ(ended.status, 0) << ended.errors;
  const Json json = Json::parse(ended.output, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << ended.output;
  EXPECT_EQ(json.at("calls"), 200);
  ASSERT_EQ(json.at("targets").size(), 1);
  const Json& target = json.at("targets").at(0);
  EXPECT_EQ(target.at("failed"), 0);
  EXPECT_EQ(target.at("wrong"), 0);
  EXPECT_GT(target.at("p99_us").at("median"), 0);
  if (workload == "mixed") {
    EXPECT_GT(target.at("hits"), 50);
    EXPECT_LT(target.at("hits"), 170);
  } else {
    const bool hits = workload == "exact-hit" || workload == "semantic-hit";
    EXPECT_EQ(target.at("hits"), hits ? 200 : 0);
  }
}

// One caller, so that each server gets the very same calls.
TEST_P(BenchTest, EmptyCallsAreOfTheSameKindsAndSizes) {
  const Ended ended = RunProgram(
      "semcached-bench", {"load", "--target", server_.data_socket(), "--workload", GetParam(),
                          "--baseline", "rpc", "--calls", "200", "--entries", "100", "--json"});
  ASSERT_EQ(ended.status, 0) << ended.errors;
  const Json json = Json::parse(ended.output, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << ended.output;
  const Json& real = json.at("targets").at(0);
  ASSERT_EQ(json.at("targets").size(), 3);
  for (const Json& target : json.at("targets")) {
    EXPECT_EQ(target.at("hits"), real.at("hits")) << target;
    EXPECT_EQ(target.at("failed"), 0) << target;
    EXPECT_EQ(target.at("wrong"), 0) << target;
    // All but ages take as many bytes: those of under a second fewer.
    EXPECT_NEAR(target.at("request_bytes_a_call"), real.at("request_bytes_a_call"), 0.5) << target;
    EXPECT_NEAR(target.at("answer_bytes_a_call"), real.at("answer_bytes_a_call"), 4) << target;
  }
}

class LoadTest : public IntegrationTest {};

TEST_F(LoadTest, AnOpenLoopBesideEmptyCallsAndAnotherServer) {
  RunningServer other;
  const Ended ended = RunProgram("semcached-bench", {"load",
                                                     "--target",
                                                     server_.data_socket(),
                                                     "--compare",
                                                     other.data_socket(),
                                                     "--baseline",
                                                     "rpc",
                                                     "--http",
                                                     server_.http_address(),
                                                     "--rate",
                                                     "2000",
                                                     "--callers",
                                                     "4",
                                                     "--calls",
                                                     "100",
                                                     "--warm-up",
                                                     "8",
                                                     "--runs",
                                                     "2",
                                                     "--entries",
                                                     "20",
                                                     "--json"});
  ASSERT_EQ(ended.status, 0) << ended.errors;
  const Json json = Json::parse(ended.output, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << ended.output;
  ASSERT_EQ(json.at("targets").size(), 4);
  EXPECT_EQ(json.at("targets").at(0).at("hits"), 200);
  EXPECT_EQ(json.at("targets").at(1).at("hits"), 200);
  EXPECT_GT(json.at("targets").at(0).at("server_resident_bytes").at("median"), 1e6);
  ASSERT_EQ(json.at("ratios").size(), 3);
  for (const Json& ratio : json.at("ratios")) EXPECT_GT(ratio.at("p50"), 0) << ratio;
}

TEST(BenchAloneTest, ABadWorkloadIsNamed) {
  const Ended none = RunProgram("semcached-bench", {"load", "--workload", "nonsense"});
  EXPECT_EQ(none.status, 2);
  EXPECT_THAT(none.errors, HasSubstr("nonsense.json: cannot be read"));
  const TempDir directory;
  for (const auto& [text, what] : std::vector<std::pair<std::string, std::string>>{
           {"[]", "is no JSON object"},
           {R"({"miss": 0.5})", "sum to 1, here to 0.5"},
           {R"({"miss": "all"})", "miss: is of the wrong type"},
           {R"({"miss": 1, "mist": 1})", "mist: is no key"},
           {R"({"miss": 1, "ttl": "soon"})", "ttl: is no duration"}}) {
    const Ended bad =
        RunProgram("semcached-bench", {"load", "--workload", directory.Write("bad.json", text)});
    EXPECT_EQ(bad.status, 2);
    EXPECT_THAT(bad.errors, HasSubstr(what)) << text;
  }
}

TEST(BenchAloneTest, ACallMayTakeNoLongerThanItsDeadline) {
  const SilentSocket silent;
  const Ended ended = RunProgram(
      "semcached-bench", {"load", "--target", silent.address(), "--fill", "never", "--tenant", "t",
                          "--calls", "1", "--warm-up", "0", "--deadline", "0.05"});
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.errors, HasSubstr("a call failed: Deadline Exceeded, with a deadline of 50ms"));
}

TEST(TourTest, TheShippedCategoriesAnswerTheDemoQueries) {
  RunningServer server({.shipped_categories = true});
  const std::string queries =
      std::string(std::getenv("SEMCACHED_SOURCE_DIR")) + "/demo/queries.tsv";
  const Ended ended =
      RunProgram("semcached-bench", {"tour", "--queries", queries, "--unix", server.data_socket(),
                                     "--tcp", server.tcp_address(), "--json"});
  ASSERT_EQ(ended.status, 0) << ended.errors << ended.output;
  const Json json = Json::parse(ended.output, nullptr, false);
  ASSERT_FALSE(json.is_discarded()) << ended.output;
  for (const auto& [what, count] : json.at("wrong").items()) EXPECT_EQ(count, 0) << what;
  for (const auto& [what, count] : json.at("tried").items()) EXPECT_GT(count, 0) << what;
}

}  // namespace
}  // namespace semcached
