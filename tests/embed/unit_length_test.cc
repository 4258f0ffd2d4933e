#include "embed/unit_length.h"

#include <gtest/gtest.h>

#include <limits>

namespace semcached {
namespace {

TEST(UnitLengthTest, Scales) {
  EXPECT_EQ(UnitLength({3, 0, -4}), (std::vector<float>{0.6F, 0, -0.8F}));
}

TEST(UnitLengthTest, ScalesTheLargestAndTheSmallestNumbers) {
  const double most = std::numeric_limits<double>::max();
  const double least = std::numeric_limits<double>::denorm_min();
  EXPECT_EQ(UnitLength({most, 0}), (std::vector<float>{1, 0}));
  EXPECT_EQ(UnitLength({0, -least}), (std::vector<float>{0, -1}));
}

TEST(UnitLengthTest, RefusesWhatHasNoDirection) {
  EXPECT_EQ(UnitLength({0, 0}), std::nullopt);
  EXPECT_EQ(UnitLength({}), std::nullopt);
  EXPECT_EQ(UnitLength({1, std::numeric_limits<double>::quiet_NaN()}), std::nullopt);
  EXPECT_EQ(UnitLength({1, std::numeric_limits<double>::infinity()}), std::nullopt);
}

}  // namespace
}  // namespace semcached
