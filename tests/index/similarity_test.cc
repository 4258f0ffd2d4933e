#include "semcached/index/similarity.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace semcached {
namespace {

TEST(DotProductTest, IsTheCosineOfVectorsOfLengthOne) {
  const std::vector<float> a = {0.6F, 0, 0.8F};
  const std::vector<float> b = {0.8F, 0.6F, 0};
  EXPECT_NEAR(DotProduct(a, b), 0.48F, 1e-6);
  EXPECT_NEAR(DotProduct(a, a), 1, 1e-6);
}

TEST(NormalizeTest, ScalesToLengthOne) {
  for (const float scale : {1e-5F, 1.0F, 3e3F}) {
    std::vector<float> vector = {3 * scale, 0, -4 * scale};
    ASSERT_TRUE(Normalize(absl::MakeSpan(vector)).ok());
    EXPECT_FLOAT_EQ(vector[0], 0.6F);
    EXPECT_FLOAT_EQ(vector[1], 0);
    EXPECT_FLOAT_EQ(vector[2], -0.8F);
  }
}

TEST(NormalizeTest, RefusesWhatHasNoDirectionAndLeavesIt) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const float infinity = std::numeric_limits<float>::infinity();
  for (const float bad : {nan, infinity, -infinity, 0.0F, 1e-7F, 1e7F, 3e38F}) {
    std::vector<float> vector = {0, bad, 0};
    EXPECT_EQ(Normalize(absl::MakeSpan(vector)).code(), absl::StatusCode::kInvalidArgument) << bad;
    EXPECT_EQ(vector[0], 0);
    if (bad == bad) {
      EXPECT_EQ(vector[1], bad);
    }
  }
  EXPECT_EQ(Normalize({}).code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace semcached
