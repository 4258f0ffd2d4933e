#include "semcached/replay/trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace semcached {
namespace {

using testing::HasSubstr;

absl::StatusOr<Arrivals> Parse(const std::string& text) {
  std::istringstream input(text);
  return ParseTrace(input, "trace");
}

TEST(TraceTest, ReadsAzure) {
  const auto arrivals = Parse(
      "TIMESTAMP,ContextTokens,GeneratedTokens\n"
      "2023-11-16 18:17:03.9799600,4808,10\n"
      "2023-11-16 18:17:05.4799600,3180,8\n");
  ASSERT_TRUE(arrivals.ok()) << arrivals.status();
  ASSERT_EQ(arrivals->size(), 2U);
  EXPECT_EQ((*arrivals)[0].at, absl::ZeroDuration());
  EXPECT_EQ((*arrivals)[0].input_tokens, 4808);
  EXPECT_EQ((*arrivals)[1].at, absl::Milliseconds(1500));
  EXPECT_EQ((*arrivals)[1].output_tokens, 8);
}

TEST(TraceTest, ReadsBurstGptWhateverColumnsItHas) {
  const auto arrivals = Parse(
      "Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log "
      "Type\r\n"
      "5,1,2,ChatGPT,472,18,490,Conversation log\r\n"
      "45.5,1,2,GPT-4,1087,230,1317,API log\r\n");
  ASSERT_TRUE(arrivals.ok()) << arrivals.status();
  ASSERT_EQ(arrivals->size(), 2U);
  EXPECT_EQ((*arrivals)[1].at, absl::Seconds(40.5));
  EXPECT_EQ((*arrivals)[1].input_tokens, 1087);
  EXPECT_EQ((*arrivals)[1].output_tokens, 230);
}

TEST(TraceTest, ReadsMooncakeFromItsFirstLineOn) {
  const auto arrivals = Parse(
      "{\"timestamp\": 1000, \"input_length\": 6758, \"output_length\": 500, \"hash_ids\": [0]}\n"
      "{\"timestamp\": 4000, \"input_length\": 7322, \"output_length\": 490, \"hash_ids\": []}\n");
  ASSERT_TRUE(arrivals.ok()) << arrivals.status();
  ASSERT_EQ(arrivals->size(), 2U);
  EXPECT_EQ((*arrivals)[0].input_tokens, 6758);
  EXPECT_EQ((*arrivals)[1].at, absl::Seconds(3));
}

TEST(TraceTest, SortsByTimeAndLeavesOutWhatHadNoAnswer) {
  const auto arrivals = Parse(
      "Timestamp,Model,Request tokens,Response tokens\n"
      "9,a,1,1\n"
      "3,a,2,0\n"
      "4,a,3,1\n");
  ASSERT_TRUE(arrivals.ok()) << arrivals.status();
  ASSERT_EQ(arrivals->size(), 2U);
  EXPECT_EQ((*arrivals)[0].input_tokens, 3);
  EXPECT_EQ((*arrivals)[1].at, absl::Seconds(5));
}

TEST(TraceTest, NamesTheLineThatIsWrong) {
  EXPECT_THAT(Parse("a,b,c\n1,2,3\n").status().message(), HasSubstr("trace:1:"));
  EXPECT_THAT(Parse("TIMESTAMP,ContextTokens,GeneratedTokens\n1,2,3\nx,2,3\n").status().message(),
              HasSubstr("trace:3:"));
  EXPECT_THAT(Parse("{\"timestamp\": 1, \"input_length\": 2, \"output_length\": 3}\n{}\n")
                  .status()
                  .message(),
              HasSubstr("trace:2:"));
  EXPECT_THAT(Parse("TIMESTAMP,ContextTokens,GeneratedTokens\n").status().message(),
              HasSubstr("no arrival"));
  EXPECT_TRUE(absl::IsNotFound(ReadTrace("/nowhere").status()));
}

TEST(TraceTest, MadeArrivalsComeAtTheRateOfTheirMoment) {
  MadeArrivals made;
  made.length = absl::Minutes(30);
  made.calm_rate = 1;
  made.burst_rate = 6;
  made.bursts = {{absl::Minutes(10), absl::Minutes(20)}};
  const Arrivals arrivals = MakeArrivals(made, 1);
  const auto in = [&](int from, int to) {
    return std::count_if(arrivals.begin(), arrivals.end(), [&](const Arrival& arrival) {
      return absl::Minutes(from) <= arrival.at && arrival.at < absl::Minutes(to);
    });
  };
  EXPECT_NEAR(static_cast<double>(in(0, 10)), 600, 100);
  EXPECT_NEAR(static_cast<double>(in(10, 20)), 3600, 250);
  EXPECT_NEAR(static_cast<double>(in(20, 30)), 600, 100);
}

}  // namespace
}  // namespace semcached
