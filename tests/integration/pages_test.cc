// What monitoring sees, and what nobody may see.
#include <absl/time/clock.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "integration/gateway.h"

namespace semcached {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::Not;

class PagesTest : public IntegrationTest {
 protected:
  PagesTest() : IntegrationTest({.more = "log:\n  level: debug\n"}) {}
};

TEST_F(PagesTest, LookupsAreCountedByOutcome) {
  gateway_.Ask(kQuestion);
  gateway_.Tell(kQuestion, kAnswer);
  gateway_.Ask(kQuestion);
  gateway_.Ask(kParaphrase);
  gateway_.Ask(kOpposite);
  gateway_.In("personal").Ask("what is my account balance");

  const std::string lookups = "semcached_lookups_total{category=\"code\",outcome=";
  EXPECT_EQ(server_.Metric(lookups + "\"miss\",reason=\"no_candidate\"}"), 1);
  EXPECT_EQ(server_.Metric(lookups + "\"miss\",reason=\"guard\"}"), 1);
  EXPECT_EQ(server_.Metric(lookups + "\"hit_exact\",reason=\"\"}"), 1);
  EXPECT_EQ(server_.Metric(lookups + "\"hit_semantic\",reason=\"\"}"), 1);
  EXPECT_EQ(server_.Metric("semcached_lookups_total{category=\"personal\",outcome=\"bypass\","
                           "reason=\"\"}"),
            1);
  EXPECT_EQ(server_.Metric("semcached_inserts_total{category=\"code\",result=\"stored\"}"), 1);
  EXPECT_EQ(server_.Metric("semcached_insert_duration_seconds_count{category=\"code\","
                           "result=\"stored\"}"),
            1);
  EXPECT_THAT(server_.Get("/metrics").body, HasSubstr("semcached_lookup_duration_seconds_bucket"));

  // AdminService counts the same.
  grpc::ClientContext context;
  v1::GetStatsResponse stats;
  ASSERT_TRUE(server_.admin().GetStats(&context, {}, &stats).ok());
  EXPECT_EQ(stats.entry_count(), 1);
  for (const v1::CategoryStats& category : stats.categories()) {
    if (category.category() != "code") continue;
    EXPECT_EQ(category.hit_exact_count(), 1);
    EXPECT_EQ(category.hit_semantic_count(), 1);
    EXPECT_EQ(category.miss_counts().at("guard"), 1);
    EXPECT_EQ(category.insert_count(), 1);
  }
}

TEST_F(PagesTest, ConnectionsAreCountedByListener) {
  EXPECT_EQ(gateway_.Ask(kQuestion), "miss:no_candidate");
  EXPECT_EQ(server_.Metric("semcached_connections{listener=\"tcp\"}"), 0);
  const double before = server_.Metric("semcached_connections{listener=\"unix\"}");
  EXPECT_GE(before, 1);
  for (const std::string& address : {"unix:" + server_.data_socket(), server_.tcp_address()}) {
    const auto channel = grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
    ASSERT_TRUE(channel->WaitForConnected(absl::ToChronoTime(absl::Now() + kPatience)));
    const bool tcp = address == server_.tcp_address();
    const std::string metric =
        std::string("semcached_connections{listener=\"") + (tcp ? "tcp" : "unix") + "\"}";
    const double want = tcp ? 1 : before + 1;
    EXPECT_TRUE(Eventually([&] { return server_.Metric(metric) == want; })) << metric;
  }
}

TEST_F(PagesTest, WhatRunsIsNamedByItsVersions) {
  const std::string page = server_.Get("/metrics").body;
  const size_t at = page.find("\nsemcached_build_info{");
  ASSERT_NE(at, std::string::npos);
  const std::string line = page.substr(at + 1, page.find('\n', at + 1) - at - 1);
  for (const char* label : {"version", "grpc", "rocksdb"}) {
    EXPECT_THAT(line, ContainsRegex(std::string(label) + "=\"[0-9]+\\.[0-9]+\\.[0-9]+")) << label;
  }
  EXPECT_THAT(line, HasSubstr("revision=\""));
}

TEST_F(PagesTest, ThereAreThreePagesToGetAndNothingElse) {
  for (const char* page : {"/livez", "/readyz", "/metrics"}) {
    EXPECT_EQ(server_.Get(page).status, 200) << page;
    EXPECT_GE(server_.Post(page).status, 400) << page;
  }
  for (const char* page : {"/", "/metrics/", "/livez/x", "/../etc/passwd", "/debug/pprof"}) {
    EXPECT_EQ(server_.Get(page).status, 404) << page;
  }
}

// A tenant, a question, an answer, what goes wrong with them: none of it is anybody else's
// business.
TEST_F(PagesTest, NothingThatUsersSayIsLoggedOrCounted) {
  const std::string marker = "xyzzy-plugh-4711";
  const Gateway secretive = gateway_.As("tenant " + marker).WithContext("context " + marker);
  secretive.Ask("question " + marker);
  secretive.Tell("question " + marker, "answer " + marker);
  secretive.Ask("question " + marker);
  secretive.Ask("the question " + marker);
  secretive.In("").Ask("where is my package " + marker);
  secretive.In("personal").Ask("where is my package " + marker);

  v1::LookupResponse response;
  EXPECT_FALSE(secretive.In(marker).TryLookup(secretive.In(marker).Question("x"), &response).ok());
  v1::LookupRequest broken = secretive.Question("question " + marker + "\xff");
  EXPECT_FALSE(secretive.TryLookup(broken, &response).ok());
  v1::InsertResponse inserted;
  v1::InsertRequest unknown = secretive.In(marker).Telling("question " + marker, marker);
  EXPECT_FALSE(secretive.TryInsert(unknown, &inserted).ok());
  v1::InsertRequest declined = secretive.Telling("question " + marker, marker);
  declined.set_complete(false);
  secretive.Insert(declined);

  v1::ReportFeedbackRequest feedback;
  feedback.set_entry_id(secretive.Lookup(secretive.Question("question " + marker)).entry_id());
  feedback.set_verdict(v1::ReportFeedbackRequest::VERDICT_WRONG);
  feedback.set_note("note " + marker);
  grpc::ClientContext context;
  v1::ReportFeedbackResponse taken;
  EXPECT_TRUE(server_.data().ReportFeedback(&context, feedback, &taken).ok());

  EXPECT_THAT(server_.Get("/metrics").body, Not(HasSubstr(marker)));
  EXPECT_EQ(server_.Stop(), 0);
  EXPECT_THAT(server_.Log(), HasSubstr("listening"));
  EXPECT_THAT(server_.Log(), Not(HasSubstr(marker)));
}

TEST(PagesInJsonTest, EveryLineOfAJsonLogIsAnObject) {
  RunningServer server({.more = "log:\n  format: json\n"});
  EXPECT_EQ(server.Stop(), 0);
  std::istringstream log(server.Log());
  int lines = 0;
  for (std::string line; std::getline(log, line); ++lines) {
    EXPECT_EQ(line.front(), '{') << line;
    EXPECT_EQ(line.back(), '}') << line;
    EXPECT_THAT(line, HasSubstr("\"msg\":"));
  }
  EXPECT_GE(lines, 3);
}

}  // namespace
}  // namespace semcached
