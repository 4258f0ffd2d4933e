#include "eval/bars.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "eval/interval.h"

namespace semcached::eval {
namespace {

using ::testing::HasSubstr;

TEST(Bars, AnUpperBoundHoldsAtItsLimit) {
  Bar bar{"truth.1 served", 1.0, "%", 1.0, true, "counted"};
  EXPECT_TRUE(bar.holds());
  bar.value = 1.01;
  EXPECT_FALSE(bar.holds());
}

TEST(Bars, ALowerBoundHoldsAtItsLimit) {
  Bar bar{"truth.4 ratio", 1.2, "x", 1.2, false, "counted"};
  EXPECT_TRUE(bar.holds());
  bar.value = 1.19;
  EXPECT_FALSE(bar.holds());
}

TEST(Bars, TheTableShowsWhichBarFails) {
  const std::string table = ToMarkdown(
      {{"truth.1 served", 0.5, "%", 1, true, ""}, {"truth.7 guards", 31, "us", 20, true, ""}});
  EXPECT_THAT(table, HasSubstr("| truth.1 served | 0.5 % | <= 1 % | yes |"));
  EXPECT_THAT(table, HasSubstr("| truth.7 guards | 31 us | <= 20 us | **no** |"));
}

TEST(WilsonInterval, NothingSeenIsNoNarrowKnowledge) {
  EXPECT_EQ(WilsonInterval(0, 0).low, 0);
  EXPECT_EQ(WilsonInterval(0, 0).high, 1);
  // The rule of three: none of 300 is at most about 1 %.
  EXPECT_EQ(WilsonInterval(0, 300).low, 0);
  EXPECT_NEAR(WilsonInterval(0, 300).high, 0.0126, 0.0005);
}

TEST(WilsonInterval, LiesAroundTheShareAndWithinItsBounds) {
  const Interval half = WilsonInterval(50, 100);
  EXPECT_NEAR(half.low, 0.404, 0.001);
  EXPECT_NEAR(half.high, 0.596, 0.001);
  EXPECT_EQ(WilsonInterval(10, 10).high, 1);
}

}  // namespace
}  // namespace semcached::eval
