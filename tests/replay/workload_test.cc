#include "semcached/replay/workload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "support/source_file.h"

namespace semcached {
namespace {

using testing::HasSubstr;

constexpr char kLeast[] = R"({
  // a comment
  "trace": "traces/t.csv",
  "shares": {"code": 0.75, "news": 0.25},
  "laws": {"middle": {"code": 0.9, "*": 0.1}},
  "middle_law": "middle",
  "facts": {"news": "30m"})";

absl::StatusOr<ReplayWorkload> Parse(const std::string& more) {
  return ParseReplayWorkload(kLeast + more + "}", "replay-x.json");
}

TEST(ReplayWorkloadTest, ReadsWhatThereIsAndKeepsTheRest) {
  const auto workload = Parse(
      R"(, "tenants": 7, "history": {"arrivals": 10, "span": "2h"},
      "without_data": {"length": "30m", "bursts": [["5m", "10m"]]},
      "model": {"full_batch_slowdown": 2})");
  ASSERT_TRUE(workload.ok()) << workload.status();
  EXPECT_EQ(workload->name, "replay-x");
  EXPECT_EQ(workload->tenants, 7);
  EXPECT_EQ(workload->history_span, absl::Hours(2));
  EXPECT_EQ(workload->made.length, absl::Minutes(30));
  ASSERT_EQ(workload->made.bursts.size(), 1U);
  EXPECT_EQ(workload->made.bursts[0].end, absl::Minutes(10));
  EXPECT_EQ(workload->model.full_batch_slowdown, 2);
  EXPECT_EQ(workload->model.output_token_seconds, ModelSpeed().output_token_seconds);
  EXPECT_EQ(workload->facts.at("news"), absl::Minutes(30));
  EXPECT_EQ(workload->laws.at("middle").Of("code"), 0.9);
  EXPECT_EQ(workload->laws.at("middle").Of("math"), 0.1);
}

TEST(ReplayWorkloadTest, RefusesWhatIsWrongByName) {
  EXPECT_THAT(Parse(R"(, "tenant": 7)").status().message(), HasSubstr("unknown"));
  EXPECT_THAT(Parse(R"(, "tenants": 0)").status().message(), HasSubstr("tenants"));
  EXPECT_THAT(Parse(R"(, "tenants": "x")").status().message(), HasSubstr("wrong type"));
  EXPECT_THAT(Parse(R"(, "history": {"span": "2 apples"})").status().message(),
              HasSubstr("history: span"));
  EXPECT_THAT(Parse(R"(, "model": {"full_batch_slowdown": 0.5})").status().message(),
              HasSubstr("full_batch_slowdown"));
  EXPECT_THAT(
      ParseReplayWorkload(R"({"trace": "t", "shares": {"code": 0.5}})", "f").status().message(),
      HasSubstr("sum to 0.5"));
  EXPECT_THAT(ParseReplayWorkload("{", "f").status().message(), HasSubstr("f: is no JSON"));
  EXPECT_TRUE(absl::IsNotFound(ReadReplayWorkload("/nowhere").status()));
}

TEST(ReplayWorkloadTest, ShippedOnesAreRight) {
  int found = 0;
  for (const auto& file : std::filesystem::directory_iterator(SourceFile("bench/workloads"))) {
    if (file.path().filename().string().rfind("replay-", 0) != 0) continue;
    ++found;
    const auto workload = ReadReplayWorkload(file.path().string());
    EXPECT_TRUE(workload.ok()) << workload.status();
  }
  EXPECT_GE(found, 1);
}

}  // namespace
}  // namespace semcached
