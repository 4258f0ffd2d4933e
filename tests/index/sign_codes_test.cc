#include "index/sign_codes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>

#include "index/index_fixture.h"
#include "index/rotation.h"

namespace semcached {
namespace {

using ::testing::ElementsAreArray;
using ::testing::IsEmpty;

constexpr size_t kDimension = 100;

// The codes kept the slow way.
class SignCodesTest : public ::testing::Test {
 protected:
  void PushBack() {
    const SignCode code = AnyCode();
    expected_.emplace_back(code.begin(), code.end());
    codes_.PushBack(code);
  }
  void PopBack() {
    expected_.pop_back();
    codes_.PopBack();
  }
  void Swap() {
    const size_t a = random_() % expected_.size();
    const size_t b = random_() % expected_.size();
    std::swap(expected_[a], expected_[b]);
    codes_.Swap(a, b);
  }
  SignCode AnyCode() { return SignsOf(RandomUnit(random_, kDimension)); }

  std::vector<CodeMatch> Nearest(const SignCode& query, size_t first,
                                 const CodesWanted& wanted) const {
    std::vector<CodeMatch> all;
    for (size_t i = first; i < expected_.size(); ++i) {
      uint32_t distance = 0;
      for (size_t word = 0; word < query.size(); ++word) {
        distance += static_cast<uint32_t>(std::popcount(query[word] ^ expected_[i][word]));
      }
      all.push_back({static_cast<uint32_t>(i), distance});
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return a.distance < b.distance; });
    size_t near = 0;
    while (near < all.size() && all[near].distance <= wanted.most_different) ++near;
    all.resize(std::min(all.size(), std::max(wanted.any, std::min(near, wanted.near))));
    return all;
  }

  std::mt19937_64 random_{8};
  SignCodes codes_{kDimension};
  std::vector<std::vector<uint64_t>> expected_;
};

TEST_F(SignCodesTest, FindsTheNearestFromAnyPositionAndAtAnySize) {
  EXPECT_THAT(codes_.Nearest(AnyCode(), 0, {100, 64, 16}), IsEmpty());
  while (expected_.size() < 1300) {
    PushBack();
    if (expected_.size() % 37 != 0) continue;
    const SignCode query = AnyCode();
    for (const size_t first : {size_t{0}, size_t{5}, expected_.size() / 2, expected_.size()}) {
      for (const CodesWanted& wanted :
           {CodesWanted{0, 64, 16}, CodesWanted{45, 7, 2}, CodesWanted{100, 64, 16},
            CodesWanted{100, 300, 0}, CodesWanted{50, 0, 5}}) {
        ASSERT_THAT(codes_.Nearest(query, first, wanted),
                    ElementsAreArray(Nearest(query, first, wanted)));
      }
    }
  }
}

TEST_F(SignCodesTest, AgreesWithAModelOverRandomSteps) {
  for (int step = 0; step < 20'000; ++step) {
    // First it grows, then it shrinks again.
    const bool grows = random_() % 8 < (step < 10'000 ? 5 : 3);
    if (expected_.empty() || grows) {
      PushBack();
    } else {
      Swap();
      PopBack();
    }
    ASSERT_EQ(codes_.size(), expected_.size());
    if (step % 500 == 0) {
      const SignCode query = AnyCode();
      const CodesWanted wanted{45, 20, 10};
      ASSERT_THAT(codes_.Nearest(query, 0, wanted), ElementsAreArray(Nearest(query, 0, wanted)));
    }
  }
}

TEST_F(SignCodesTest, EqualCodesComeByPosition) {
  const SignCode same = AnyCode();
  for (int i = 0; i < 700; ++i) codes_.PushBack(same);
  const auto nearest = codes_.Nearest(same, 0, {0, 0, 3});
  EXPECT_THAT(nearest, ElementsAreArray(std::vector<CodeMatch>{{0, 0}, {1, 0}, {2, 0}}));
}

TEST(MostDifferentSignsTest, HoldsForNearlyAllPairs) {
  const uint64_t seed = 6;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  const Rotation rotation(384);
  for (const float cosine : {0.6F, 0.85F, 0.95F}) {
    const uint32_t most = MostDifferentSigns(cosine, 384);
    for (int i = 0; i < 2000; ++i) {
      const auto vector = RandomUnit(random, 384);
      const SignCode left = SignsOf(rotation.Apply(vector));
      const SignCode right = SignsOf(rotation.Apply(NearTo(vector, cosine, random)));
      uint32_t distance = 0;
      for (size_t word = 0; word < left.size(); ++word) {
        distance += static_cast<uint32_t>(std::popcount(left[word] ^ right[word]));
      }
      ASSERT_LE(distance, most) << cosine;
    }
    EXPECT_LT(most, 192) << "half of the signs differ by chance";
  }
}

TEST(MostDifferentSignsTest, IsAllWithoutAThreshold) {
  EXPECT_EQ(MostDifferentSigns(-1, 384), 384);
  EXPECT_EQ(MostDifferentSigns(1, 384), 0);
}

TEST(RotationTest, KeepsInnerProducts) {
  std::mt19937_64 random(7);
  for (const size_t dimension : {1, 2, 3, 7, 64, 100, 384, 768, 1000}) {
    const Rotation rotation(dimension);
    const auto a = RandomUnit(random, dimension);
    const auto b = RandomUnit(random, dimension);
    const RotatedVector rotated = rotation.Apply(a);
    EXPECT_NEAR(DotProduct(rotated, rotation.Apply(b)), DotProduct(a, b), 1e-5) << dimension;
    EXPECT_NEAR(DotProduct(rotated, rotated), 1, 1e-5) << dimension;
  }
}

TEST(RotationTest, SpreadsWhatOneComponentSays) {
  for (const size_t dimension : {64, 384, 768, 1536}) {
    const Rotation rotation(dimension);
    for (size_t axis = 0; axis < dimension; axis += 13) {
      for (const float value : rotation.Apply(Axis(axis, dimension)))
        ASSERT_LT(std::abs(value), 0.5F) << dimension;
    }
  }
}

}  // namespace
}  // namespace semcached
