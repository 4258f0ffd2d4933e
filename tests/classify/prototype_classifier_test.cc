#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "semcached/classify/classifier.h"

namespace semcached {
namespace {

using ::testing::HasSubstr;

constexpr float kPi = 3.14159265f;

// A vector of length 1 at an angle in the plane of the first two axes.
std::vector<float> At(float degrees) {
  return {std::cos(degrees * kPi / 180), std::sin(degrees * kPi / 180), 0};
}

class PrototypeClassifierTest : public ::testing::Test {
 protected:
  void Category(const std::string& name, std::vector<std::vector<float>> examples) {
    categories_.push_back({name, false, std::move(examples)});
  }
  void PrivateCategory(const std::string& name, std::vector<std::vector<float>> examples) {
    categories_.push_back({name, true, std::move(examples)});
  }
  Classification Classify(const std::vector<float>& vector) {
    const auto classifier = MakePrototypeClassifier(categories_, options_);
    EXPECT_TRUE(classifier.ok()) << classifier.status();
    return (*classifier)->Classify(vector);
  }

  std::vector<PrototypeCategory> categories_;
  PrototypeOptions options_{"general", /*margin=*/0.05, /*private_margin=*/0.10};
};

TEST_F(PrototypeClassifierTest, TheCategoryOfTheNearestExamplesIsTaken) {
  Category("code", {At(0), At(10)});
  Category("medical", {At(80), At(90)});
  const Classification code = Classify(At(5));
  EXPECT_EQ(code.category, "code");
  EXPECT_TRUE(code.sure);
  EXPECT_GT(code.lead, 0.5f);
  EXPECT_EQ(Classify(At(85)).category, "medical");
}

TEST_F(PrototypeClassifierTest, WithoutALeadTheDefaultIsTaken) {
  Category("code", {At(0)});
  Category("medical", {At(90)});
  const Classification between = Classify(At(45));
  EXPECT_EQ(between.category, "general");
  EXPECT_FALSE(between.sure);
  EXPECT_LT(between.lead, 0.05f);
}

TEST_F(PrototypeClassifierTest, TheMarginDecidesHowMuchLeadIsEnough) {
  Category("code", {At(0)});
  Category("medical", {At(90)});
  options_.margin = 0.3;
  EXPECT_FALSE(Classify(At(35)).sure);
  options_.margin = 0.2;
  EXPECT_TRUE(Classify(At(35)).sure);
}

TEST_F(PrototypeClassifierTest, ACategoryOfTwoClustersIsFoundInEither) {
  Category("mixed", {At(0), At(2), At(4), At(120), At(122), At(124)});
  Category("other", {At(60), At(62), At(64)});
  EXPECT_EQ(Classify(At(2)).category, "mixed");
  EXPECT_EQ(Classify(At(122)).category, "mixed");
  EXPECT_EQ(Classify(At(62)).category, "other");
}

TEST_F(PrototypeClassifierTest, OneOddExampleDoesNotCarryACategory) {
  Category("code", {At(0), At(3), At(6), At(90)});
  Category("medical", {At(80), At(85), At(95), At(100)});
  EXPECT_EQ(Classify(At(90)).category, "medical");
}

TEST_F(PrototypeClassifierTest, APrivateCategoryIsTakenWhenItComesClose) {
  Category("code", {At(0)});
  PrivateCategory("personal", {At(40)});
  // cos 18 = 0.951, cos 22 = 0.927
  const Classification close = Classify(At(18));
  EXPECT_EQ(close.category, "personal");
  EXPECT_TRUE(close.sure);
  EXPECT_LT(close.lead, 0.0f);
  EXPECT_EQ(Classify(At(2)).category, "code");
}

TEST_F(PrototypeClassifierTest, APrivateCategoryThatIsNotResembledIsNotTaken) {
  PrivateCategory("personal", {At(0)});
  Category("code", {At(180)});
  // cos 70 = 0.342, cos 75 = 0.259
  EXPECT_EQ(Classify(At(70)).category, "personal");
  const Classification unlike = Classify(At(75));
  EXPECT_EQ(unlike.category, "general");
  EXPECT_FALSE(unlike.sure);
}

TEST_F(PrototypeClassifierTest, OfTwoPrivateCategoriesTheBetterOneIsTaken) {
  PrivateCategory("letters", {At(26)});
  PrivateCategory("diary", {At(22)});
  Category("code", {At(0)});
  EXPECT_EQ(Classify(At(11)).category, "diary");
}

TEST_F(PrototypeClassifierTest, CategoriesWithoutExamplesAreNeverChosen) {
  Category("empty", {});
  Category("code", {At(0)});
  EXPECT_EQ(Classify(At(0)).category, "code");
  EXPECT_EQ(Classify(At(180)).category, "general");
}

TEST_F(PrototypeClassifierTest, WithoutAnyExampleEverythingIsDefault) {
  Category("empty", {});
  const Classification result = Classify(At(0));
  EXPECT_EQ(result.category, "general");
  EXPECT_FALSE(result.sure);
}

TEST_F(PrototypeClassifierTest, AVectorOfAnotherDimensionIsNeverSure) {
  Category("code", {At(0)});
  EXPECT_FALSE(Classify({1, 0}).sure);
}

TEST_F(PrototypeClassifierTest, DimensionsThatDifferAreRefused) {
  Category("code", {At(0)});
  Category("medical", {At(0), {1, 0}});
  const auto classifier = MakePrototypeClassifier(categories_, options_);
  ASSERT_EQ(classifier.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(classifier.status().message()),
              HasSubstr("category \"medical\": the vector of example 1 has 2 components"));
}

TEST_F(PrototypeClassifierTest, ValuesThatAreNotFiniteAreRefused) {
  Category("code", {{std::numeric_limits<float>::quiet_NaN(), 0, 0}});
  EXPECT_EQ(MakePrototypeClassifier(categories_, options_).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(PrototypeClassifierTest, NoisyVectorsOfManyDimensionsFindTheirCategory) {
  const uint32_t seed = 7;
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  constexpr size_t kDimension = 383;  // no multiple of what a register holds
  const auto draw = [&](const std::vector<float>& around, float noise) {
    std::vector<float> vector(kDimension);
    float square = 0;
    for (size_t i = 0; i < kDimension; ++i) {
      vector[i] = (around.empty() ? 0 : around[i]) + noise * normal(random) / std::sqrt(383.0f);
      square += vector[i] * vector[i];
    }
    for (float& value : vector) value /= std::sqrt(square);
    return vector;
  };
  std::vector<std::vector<float>> centers;
  for (int c = 0; c < 8; ++c) {
    centers.push_back(draw({}, 1));
    std::vector<std::vector<float>> examples;
    for (int i = 0; i < 10; ++i) examples.push_back(draw(centers.back(), 1));
    Category("category-" + std::to_string(c), std::move(examples));
  }
  const auto classifier = MakePrototypeClassifier(categories_, options_);
  ASSERT_TRUE(classifier.ok());
  for (size_t i = 0; i < 400; ++i) {
    const size_t c = i % centers.size();
    EXPECT_EQ((*classifier)->Classify(draw(centers[c], 1)).category,
              "category-" + std::to_string(c));
  }
}

}  // namespace
}  // namespace semcached
