#include "semcached/base/series.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace semcached {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

// The series at the front of `text`, which must be one, and what is behind it.
Series Read(std::string_view text, std::string_view behind = "") {
  const std::optional<Series> series = ConsumeSeries(&text);
  EXPECT_TRUE(series.has_value());
  EXPECT_EQ(text, behind);
  return series.value_or(Series());
}

TEST(SeriesTest, HasANameAndPerhapsLabels) {
  EXPECT_EQ(Read("up 1", "1").name, "up");
  EXPECT_EQ(Read("vllm:num_requests_running").name, "vllm:num_requests_running");
  EXPECT_THAT(Read("up{} 1", " 1").labels, IsEmpty());
  EXPECT_THAT(Read(R"(up{b="2",a="1"} 1)", " 1").labels,
              ElementsAre(Pair("a", "1"), Pair("b", "2")));
  EXPECT_THAT(Read(R"(up { a = "1" , b = "2", })").labels,
              ElementsAre(Pair("a", "1"), Pair("b", "2")));
}

TEST(SeriesTest, LabelValuesHoldAnythingButAnOpenQuote) {
  EXPECT_THAT(Read(R"(up{path="a,b}c=\"d\"\\n\n"})").labels,
              ElementsAre(Pair("path", "a,b}c=\"d\"\\n\n")));
}

TEST(SeriesTest, WhatIsNoneIsToldApart) {
  for (std::string_view text : {"", " up", "1up", "{a=\"1\"}", "up{", "up{a", "up{a=", "up{a=1}",
                                "up{a=\"1", "up{a=\"1\\", "up{a=\"1\" b=\"2\"}", "up{a=\"1\"",
                                "up{a=\"1\",a=\"2\"}", "up{=\"1\"}", "up{,}", "up{a=\"1\n\"}"}) {
    const std::string given(text);
    EXPECT_FALSE(ConsumeSeries(&text).has_value()) << given;
  }
}

TEST(SeriesTest, MatchesAPatternOfFewerLabels) {
  const Series series = Read(R"(up{job="a",instance="1"})");
  EXPECT_TRUE(series.Matches(Read("up")));
  EXPECT_TRUE(series.Matches(Read(R"(up{job="a"})")));
  EXPECT_TRUE(series.Matches(series));
  EXPECT_FALSE(series.Matches(Read(R"(up{job="b"})")));
  EXPECT_FALSE(series.Matches(Read(R"(up{zone="a"})")));
  EXPECT_FALSE(series.Matches(Read("down")));
}

}  // namespace
}  // namespace semcached
