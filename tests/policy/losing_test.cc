// What the policy manager does about a category that costs more than it saves.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/policy_manager_fixture.h"

namespace semcached {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class LosingTest : public PolicyManagerTest {
 protected:
  // Some ten minutes, in which lookups take 30 ms before a model that takes 500: 6 % breaks even.
  void Window(int64_t hits, int64_t misses) {
    CategoryCosts& costs = costs_["code"];
    costs.hits += hits;
    costs.misses += misses;
    costs.hit_time += absl::Milliseconds(30) * hits;
    costs.miss_time += absl::Milliseconds(30) * misses;
    costs.model_answers += misses;
    costs.model_time += absl::Milliseconds(500) * misses;
    clock_.Advance(absl::Minutes(10));
    manager_->NoteCosts(costs_);
  }
  void LoseForAnHour() {
    for (int i = 0; i < 7; ++i) Window(10, 990);
  }
  bool Bypassed() { return manager_->Current()->Find("code")->bypassed_as_losing; }

  CostsByCategory costs_;
};

TEST_F(LosingTest, IsReportedAndNothingElse) {
  LoseForAnHour();
  EXPECT_FALSE(Bypassed());
  EXPECT_THAT(manager_->Losing(), ElementsAre("code"));
  ASSERT_THAT(manager_->Events(), SizeIs(1));
  EXPECT_EQ(manager_->Events()[0].reason, "loses: hit rate 1.00 %, break-even 6.00 %, for an hour");
  EXPECT_EQ(CategoryGauge("semcached_losing", "code"), 1);
  EXPECT_NEAR(CategoryGauge("semcached_break_even_hit_rate", "code"), 0.06, 1e-9);
}

TEST_F(LosingTest, IsBypassedWhereThePolicySaysSoUntilItPaysAgain) {
  CategoryPolicy policy = MovingPolicy("code", AdaptationMode::kEnforce);
  policy.when_losing = WhenLosing::kBypass;
  Manage({policy});
  LoseForAnHour();
  EXPECT_TRUE(Bypassed());
  Window(500, 500);
  EXPECT_FALSE(Bypassed());
  EXPECT_THAT(manager_->Losing(), IsEmpty());
  EXPECT_EQ(manager_->Events().back().reason, "pays again: hit rate 50.00 %, break-even 6.00 %");
}

TEST_F(LosingTest, ACategoryThatIsGoneIsForgotten) {
  LoseForAnHour();
  manager_->Replace(PolicySet({MovingPolicy("other", AdaptationMode::kOff)}), nullptr);
  manager_->NoteCosts(costs_);
  EXPECT_THAT(manager_->Losing(), IsEmpty());
}

}  // namespace
}  // namespace semcached
