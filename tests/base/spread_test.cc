#include "semcached/base/spread.h"

#include <gtest/gtest.h>

namespace semcached {
namespace {

TEST(SpreadTest, TheMedianOfAnEvenNumberIsBetweenTheTwoInTheMiddle) {
  EXPECT_EQ(SpreadOf({3, 1}).median, 2);
  EXPECT_EQ(SpreadOf({9, 1, 2, 4}).median, 3);
  EXPECT_EQ(SpreadOf({9, 1, 2}).median, 2);
}

TEST(SpreadTest, KnowsTheEnds) {
  const Spread spread = SpreadOf({5, 7, 3});
  EXPECT_EQ(spread.least, 3);
  EXPECT_EQ(spread.most, 7);
  EXPECT_EQ(SpreadOf({4}).median, 4);
  EXPECT_EQ(SpreadOf({}).most, 0);
}

}  // namespace
}  // namespace semcached
