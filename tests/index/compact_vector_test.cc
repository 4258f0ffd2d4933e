#include "index/compact_vector.h"

#include <gtest/gtest.h>

#include "index/index_fixture.h"

namespace semcached {
namespace {

TEST(CompactVectorTest, ProductsAreWithinTheErrorThatIsTold) {
  const uint64_t seed = 4;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  for (const size_t dimension : {1, 2, 5, 16, 100, 384, 768}) {
    for (int i = 0; i < 200; ++i) {
      const auto stored = RandomUnit(random, dimension);
      const bool near = i % 2 == 0 && dimension > 2;
      const auto asked = near ? NearTo(stored, 0.9, random) : RandomUnit(random, dimension);
      const float exact = DotProduct(stored, asked);
      const auto row = Compact(stored);
      const CompactQuery query(asked);
      const float error = query.MaxError(row.data());
      ASSERT_NEAR(query.Dot(row.data()), exact, error) << dimension;
      ASSERT_NEAR(CompactDot(Compact(asked).data(), row.data(), dimension), exact,
                  error + ReadCompact(Compact(asked).data()).error);
      ASSERT_LE(error, kSimilarityError) << dimension;
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
