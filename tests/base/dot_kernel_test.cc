#include "semcached/base/dot_kernel.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "support/vectors.h"

namespace semcached {
namespace {

double Exact(const float* a, const float* b, size_t size) {
  double sum = 0;
  for (size_t i = 0; i < size; ++i) sum += static_cast<double>(a[i]) * b[i];
  return sum;
}

TEST(DotKernelTest, EveryKernelIsExactAtEverySizeAndAlignment) {
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

TEST(DotKernelTest, EveryKernelIsExactAtTheDimensionsOfModels) {
  std::mt19937_64 random(12);
  for (const auto& [name, kernel] : SupportedDotKernels()) {
    for (const size_t size : {384, 768, 1024, 1536, 3072}) {
      const std::vector<float> a = RandomUnit(random, size);
      const std::vector<float> b = RandomUnit(random, size);
      EXPECT_NEAR(kernel(a.data(), b.data(), size), Exact(a.data(), b.data(), size), 1e-5) << name;
      EXPECT_NEAR(kernel(a.data(), a.data(), size), 1, 1e-5) << name;
    }
  }
}

TEST(DotKernelTest, TheActiveOneIsTheLastOfThem) {
  EXPECT_EQ(ActiveDotKernel(), SupportedDotKernels().back().kernel);
}

}  // namespace
}  // namespace semcached
