#include "semcached/replay/study.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace semcached {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ReplayFigures Calls(int64_t calls, int64_t hits = 0, int64_t wrong = 0) {
  ReplayFigures figures;
  figures.all.overload_calls = calls;
  figures.all.hits = hits;
  figures.all.wrong = wrong;
  return figures;
}

TEST(FiguresTest, SavedCallsAreBySeedAndNothingOfNothing) {
  EXPECT_THAT(SavedCalls({Calls(90), Calls(110), Calls(5)}, {Calls(100), Calls(100), Calls(0)}),
              ElementsAre(testing::DoubleEq(1 - 0.9), testing::DoubleEq(1 - 1.1), 0));
}

TEST(FiguresTest, FalseHitRateIsOfAllSeedsTogether) {
  EXPECT_DOUBLE_EQ(FalseHitRateOf({Calls(0, 100, 1), Calls(0, 300, 7)}), 0.02);
  EXPECT_EQ(FalseHitRateOf({Calls(0)}), 0);
}

// A small study over the whole of it, from arrivals to figures, against the real cache.
class StudyTest : public testing::Test {
 protected:
  StudyTest() {
    auto policies = std::make_shared<CategoryPolicySet>();
    CategoryPolicy& policy = policies->categories["code"];
    policy.category = "code";
    policy.similarity_threshold = 0.86F;
    policy.ttl = absl::Hours(1);
    policy.adaptation.mode = AdaptationMode::kEnforce;
    policy.adaptation.max_threshold_drop = 0.06F;
    policy.adaptation.min_similarity_threshold = 0.80F;
    policies->default_category = "code";
    config_.categories = policies;
    // Each intent along two axes of its own: its second text at 0.83 of the first.
    constexpr size_t kIntents = 200;
    for (size_t i = 0; i < kIntents; ++i) {
      Intent intent{"code", {"first " + std::to_string(i), "second " + std::to_string(i)}};
      std::vector<float> first(2 * kIntents);
      first[2 * i] = 1;
      std::vector<float> second(2 * kIntents);
      second[2 * i] = 0.83F;
      second[2 * i + 1] = 0.55776F;
      bank_.vectors[intent.texts[0]] = first;
      bank_.vectors[intent.texts[1]] = second;
      bank_.by_category["code"].push_back(i);
      bank_.intents.push_back(intent);
    }
    workload_.made.length = absl::Minutes(30);
    workload_.made.calm_rate = 0.3;
    workload_.made.burst_rate = 3;
    workload_.made.bursts = {{absl::Minutes(12), absl::Minutes(22)}};
    workload_.shares = {{"code", 1}};
    workload_.laws["even"] = {};
    arrivals_ = MakeArrivals(workload_.made, 1);
  }
  StudyParts Parts() const { return {&workload_, &arrivals_, &bank_, &config_, "axes"}; }

  Config config_;
  QuestionBank bank_;
  ReplayWorkload workload_;
  Arrivals arrivals_;
};

TEST_F(StudyTest, AdaptationSavesCallsWhereParaphrasesAreJustBelowTheThreshold) {
  Study study(Parts(), 2);
  EXPECT_GE(study.sizing().utilization.busiest, kLeastWhenBusy);
  const auto off = study.Run("even", {VariantKind::kOff, 0});
  const auto all = study.Run("even", {VariantKind::kAll, 0});
  ASSERT_TRUE(off.ok() && all.ok()) << off.status() << all.status();
  ASSERT_EQ(all->by_seed.size(), 2U);
  for (const double saved : SavedCalls(all->by_seed, off->by_seed)) EXPECT_GT(saved, 0.05);
  EXPECT_EQ(FalseHitRateOf(all->by_seed), 0);
}

TEST_F(StudyTest, TheSameSeedGivesTheSameFigures) {
  const auto first = Study(Parts(), 1).Run("even", {VariantKind::kAll, 0});
  const auto second = Study(Parts(), 1).Run("even", {VariantKind::kAll, 0});
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->by_seed[0].all.hits, second->by_seed[0].all.hits);
  EXPECT_EQ(first->first.load_factor, second->first.load_factor);
}

TEST_F(StudyTest, NamesALawThatThereIsNot) {
  EXPECT_THAT(Study(Parts(), 1).Run("odd", {}).status().message(), HasSubstr("even"));
}

}  // namespace
}  // namespace semcached
