#include "semcached/index/similarity.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <vector>

#include "index/dot_kernel.h"
#include "support/vectors.h"

namespace semcached {
namespace {

double Exact(const float* a, const float* b, size_t size) {
  double sum = 0;
  for (size_t i = 0; i < size; ++i) sum += static_cast<double>(a[i]) * b[i];
  return sum;
}

TEST(DotProductTest, EveryKernelIsExactAtEverySizeAndAlignment) {
  std::mt19937_64 random(11);
  for (const auto& [name, kernel] : SupportedDotKernels()) {
    for (size_t size = 1; size < 200; ++size) {
      std::vector<float> a = RandomUnit(random, size);
      std::vector<float> b = RandomUnit(random, size);
      a.insert(a.begin(), size % 5, 1e30F);  // what lies outside must not count
      b.insert(b.begin(), size % 3, 1e30F);
      const float* first = a.data() + size % 5;
      const float* second = b.data() + size % 3;
      ASSERT_NEAR(kernel(first, second, size), Exact(first, second, size), 1e-5)
          << name << " at size " << size;
    }
  }
}

TEST(DotProductTest, EveryKernelIsExactAtTheDimensionsOfModels) {
  std::mt19937_64 random(12);
  for (const auto& [name, kernel] : SupportedDotKernels()) {
    for (const size_t size : {384, 768, 1024, 1536, 3072}) {
      const std::vector<float> a = RandomUnit(random, size);
      const std::vector<float> b = RandomUnit(random, size);
      EXPECT_NEAR(kernel(a.data(), b.data(), size), Exact(a.data(), b.data(), size), 1e-5) << name;
      EXPECT_NEAR(kernel(a.data(), a.data(), size), 1, 1e-5) << name;
      EXPECT_NEAR(DotProduct(a, b), Exact(a.data(), b.data(), size), 1e-5);
    }
  }
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
