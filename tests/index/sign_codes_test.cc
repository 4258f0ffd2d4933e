#include "index/sign_codes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <set>

#include "index/index_fixture.h"
#include "index/rotation.h"

namespace semcached {
namespace {

using ::testing::ElementsAreArray;

constexpr size_t kDimension = 100;

// The codes kept the slow way.
class SignCodesTest : public ::testing::Test {
 protected:
  SignCodesTest() : centre_(RandomUnit(random_, kDimension)), codes_(centre_) {}

  void PushBack() {
    rows_.push_back(AnyRow());
    codes_.PushBack(VectorAt(rows_.size() - 1));
  }
  void PopBack() {
    rows_.pop_back();
    codes_.PopBack();
  }
  void Set() {
    const size_t position = random_() % rows_.size();
    rows_[position] = AnyRow();
    codes_.Set(position, VectorAt(position));
  }
  std::vector<std::byte> AnyRow() {
    const CompactRow row = Compact(RandomUnit(random_, kDimension));
    return {row.begin(), row.end()};
  }
  CompactVector VectorAt(size_t position) const { return ReadCompact(rows_[position].data()); }
  void Recode() {
    codes_.Recode([this](size_t position) { return VectorAt(position); });
  }

  void ExpectNearest(size_t first, const CodesWanted& wanted) {
    const std::vector<float> query = RandomUnit(random_, kDimension);
    const SignCode code = SignsOf(query, centre_);
    std::vector<float> away = query;
    for (size_t i = 0; i < away.size(); ++i) away[i] -= centre_[i];
    const uint32_t most =
        MostDifferentSigns(wanted.min_similarity, std::sqrt(DotProduct(away, away)), kDimension);
    std::vector<CodeMatch> all;
    size_t near = 0;
    for (size_t i = first; i < rows_.size(); ++i) {
      const SignCode stored = SignsOf(VectorAt(i), centre_);
      uint32_t distance = 0;
      for (size_t word = 0; word < code.size(); ++word) {
        distance += static_cast<uint32_t>(std::popcount(code[word] ^ stored[word]));
      }
      near += distance <= most;
      all.push_back({static_cast<uint32_t>(i), distance});
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return a.distance < b.distance; });
    all.resize(std::min(all.size(), std::max(wanted.any, std::min(near, wanted.near))));
    ASSERT_THAT(codes_.Nearest(query, first, wanted), ElementsAreArray(all));
  }

  std::mt19937_64 random_{8};
  std::vector<float> centre_;
  SignCodes codes_;
  std::vector<std::vector<std::byte>> rows_;
};

TEST_F(SignCodesTest, FindsTheNearestFromAnyPositionAndAtAnySize) {
  ExpectNearest(0, {-1, 64, 16});
  while (rows_.size() < 1300) {
    PushBack();
    if (rows_.size() % 37 != 0) continue;
    for (const size_t first : {size_t{0}, size_t{5}, rows_.size() / 2, rows_.size()}) {
      for (const CodesWanted& wanted :
           {CodesWanted{1, 64, 16}, CodesWanted{0.9F, 7, 2}, CodesWanted{-1, 64, 16},
            CodesWanted{0.5F, 300, 0}, CodesWanted{0.3F, 0, 5}}) {
        ExpectNearest(first, wanted);
      }
    }
  }
}

TEST_F(SignCodesTest, AgreesWithAModelOverRandomSteps) {
  for (int step = 0; step < 20'000; ++step) {
    // First it grows, then it shrinks again.
    const bool grows = random_() % 8 < (step < 10'000 ? 5 : 3);
    if (rows_.empty() || grows) {
      PushBack();
    } else {
      Set();
      PopBack();
    }
    ASSERT_EQ(codes_.size(), rows_.size());
    if (step % 500 == 0) ExpectNearest(0, {0.7F, 20, 10});
  }
}

TEST_F(SignCodesTest, TheCentreMovesAChunkAtATimeAndNothingIsLostMeanwhile) {
  while (rows_.size() < 1000) PushBack();
  ASSERT_TRUE(codes_.CentreIsOld());
  centre_ = RandomUnit(random_, kDimension);
  codes_.MoveCentre(centre_);
  EXPECT_FALSE(codes_.CentreIsOld());
  for (int chunk = 0; chunk < 8; ++chunk) {
    const auto all = codes_.Nearest(RandomUnit(random_, kDimension), 0, {-1, 0, 2000});
    std::set<uint32_t> positions;
    for (const CodeMatch& match : all) positions.insert(match.position);
    ASSERT_EQ(positions.size(), 1000);
    Set();
    Recode();
  }
  ExpectNearest(0, {0.7F, 64, 16});
  while (rows_.size() < 1200) PushBack();
  ExpectNearest(0, {0.7F, 64, 16});
}

TEST_F(SignCodesTest, TheCentreIsOldWhenAsManyHaveComeAgain) {
  while (!codes_.CentreIsOld()) PushBack();
  const size_t first = rows_.size();
  codes_.MoveCentre(centre_);
  while (!codes_.CentreIsOld()) {
    PushBack();
    Set();
    PopBack();
    PushBack();
  }
  EXPECT_LE(rows_.size(), 2 * first);
}

TEST_F(SignCodesTest, EqualCodesComeByPosition) {
  const std::vector<float> same = RandomUnit(random_, kDimension);
  const CompactRow row = Compact(same);
  for (int i = 0; i < 700; ++i) codes_.PushBack(ReadCompact(row.data()));
  auto nearest = codes_.Nearest(same, 0, {-1, 0, 3});
  for (CodeMatch& match : nearest) match.distance = 0;
  EXPECT_THAT(nearest, ElementsAreArray(std::vector<CodeMatch>{{0, 0}, {1, 0}, {2, 0}}));
}

uint32_t DifferentSigns(const SignCode& a, const SignCode& b) {
  uint32_t count = 0;
  for (size_t word = 0; word < a.size(); ++word) {
    count += static_cast<uint32_t>(std::popcount(a[word] ^ b[word]));
  }
  return count;
}

TEST(MostDifferentSignsTest, HoldsForNearlyAllPairs) {
  const uint64_t seed = 6;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  const Rotation rotation(384);
  const auto middle = RandomUnit(random, 384);
  for (const float from_centre : {1.0F, 0.8F}) {
    // As far from a unit vector of cosine `length` with `middle` as that.
    const float length = from_centre == 1.0F ? 0.0F : 0.6F;
    std::vector<float> centre(384, 0.0F);
    const RotatedVector rotated = rotation.Apply(middle);
    for (size_t i = 0; i < centre.size(); ++i) centre[i] = length * rotated[i];
    for (const float cosine : {0.8F, 0.85F, 0.95F}) {
      const uint32_t most = MostDifferentSigns(cosine, from_centre, 384);
      for (int i = 0; i < 2000; ++i) {
        const auto vector = NearTo(middle, length, random);
        const auto other = NearTo(vector, cosine, random);
        ASSERT_LE(DifferentSigns(SignsOf(rotation.Apply(vector), centre),
                                 SignsOf(rotation.Apply(other), centre)),
                  most)
            << cosine << " at " << from_centre;
      }
      EXPECT_LT(most, 192) << "half of the signs differ by chance";
    }
  }
}

// Bags of words and padded vectors: a rotation that hardly mixes them sends pairs far apart.
TEST(MostDifferentSignsTest, HoldsForSparsePairsInAnyDimension) {
  const uint64_t seed = 16;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  const float cosine = 0.97F;
  for (const size_t dimension : {129, 384, 511, 513, 768, 1023, 1025, 1536, 3072}) {
    const Rotation rotation(dimension);
    const std::vector<float> centre(dimension, 0.0F);
    const uint32_t most = MostDifferentSigns(cosine, 1, dimension);
    for (int i = 0; i < 300; ++i) {
      const size_t one = random() % dimension;
      const size_t two = (one + 1 + random() % (dimension - 1)) % dimension;
      std::vector<float> near = Axis(one, dimension);
      near[one] = cosine;
      near[two] = std::sqrt(1 - cosine * cosine);
      ASSERT_LE(DifferentSigns(SignsOf(rotation.Apply(Axis(one, dimension)), centre),
                               SignsOf(rotation.Apply(near), centre)),
                most)
          << dimension;
    }
  }
}

TEST(MostDifferentSignsTest, IsAllWithoutAThresholdOrNextToTheCentre) {
  EXPECT_EQ(MostDifferentSigns(-1, 1, 384), 384);
  EXPECT_EQ(MostDifferentSigns(0.9F, 0.1F, 384), 384);
  EXPECT_EQ(MostDifferentSigns(1, 0, 384), 384);
  EXPECT_EQ(MostDifferentSigns(1, 1, 384), 0);
}

TEST(RotationTest, KeepsInnerProducts) {
  std::mt19937_64 random(7);
  for (const size_t dimension : {1, 2, 3, 7, 64, 100, 384, 511, 768, 1000}) {
    const Rotation rotation(dimension);
    const auto a = RandomUnit(random, dimension);
    const auto b = RandomUnit(random, dimension);
    const RotatedVector rotated = rotation.Apply(a);
    EXPECT_NEAR(DotProduct(rotated, rotation.Apply(b)), DotProduct(a, b), 1e-5) << dimension;
    EXPECT_NEAR(DotProduct(rotated, rotated), 1, 1e-5) << dimension;
  }
}

TEST(RotationTest, SpreadsWhatOneComponentSays) {
  for (const size_t dimension : {129, 257, 384, 511, 513, 768, 1025, 1536, 3072}) {
    const Rotation rotation(dimension);
    for (size_t axis = 0; axis < dimension; axis += 13) {
      for (const float value : rotation.Apply(Axis(axis, dimension)))
        ASSERT_LT(std::abs(value), 6 / std::sqrt(static_cast<float>(dimension))) << dimension;
    }
  }
}

}  // namespace
}  // namespace semcached
