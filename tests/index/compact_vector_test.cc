#include "index/compact_vector.h"

#include <gtest/gtest.h>

#include <cmath>

#include "index/index_fixture.h"

namespace semcached {
namespace {

// One large component, and the others halfway between two codes: no rounding loses more.
std::vector<float> AwkwardUnit(size_t dimension) {
  std::vector<float> vector(dimension, 0.5F / 127);
  vector[0] = 1;
  const float length = std::sqrt(DotProduct(vector, vector));
  for (float& value : vector) value /= length;
  return vector;
}

TEST(CompactVectorTest, ProductsAreWithinTheErrorThatIsTold) {
  const uint64_t seed = 4;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  for (const size_t dimension : {1, 2, 5, 16, 100, 384, 768, 4096}) {
    for (int i = 0; i < 200; ++i) {
      auto stored = RandomUnit(random, dimension);
      if (i % 3 == 0) stored = AwkwardUnit(dimension);
      const bool near = i % 2 == 0 && dimension > 2;
      const auto asked = near ? NearTo(stored, 0.9, random) : RandomUnit(random, dimension);
      const float exact = DotProduct(stored, asked);
      const auto row = Compact(stored);
      const CompactQuery query(asked);
      const float error = query.MaxError(row.data());
      ASSERT_NEAR(query.Dot(row.data()), exact, error) << dimension;
      const auto asked_row = Compact(asked);
      const float of_both = ReadCompact(asked_row.data()).error + ReadCompact(row.data()).error;
      ASSERT_NEAR(CompactDot(asked_row.data(), row.data(), dimension), exact,
                  1.1F * of_both + 1e-4F);
    }
  }
}

// What an operator reads as "1" should not be more.
TEST(CompactVectorTest, AVectorIsNextToItself) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 200; ++i) {
    const auto vector = RandomUnit(random, 384);
    EXPECT_NEAR(CompactQuery(vector).Dot(Compact(vector).data()), 1, 2e-3);
  }
}

TEST(CompactVectorTest, TheErrorOfWhatIsExactIsNextToNothing) {
  const auto row = Compact(Axis(3, 8));
  EXPECT_EQ(ReadCompact(row.data()).error, 0);
  EXPECT_FLOAT_EQ(CompactQuery(Axis(3, 8)).Dot(row.data()), 1);
  EXPECT_EQ(CompactQuery(Axis(2, 8)).Dot(row.data()), 0);
}

}  // namespace
}  // namespace semcached
