// What operators see of the policies: views, gauges, events.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "policy/policy_manager_fixture.h"

namespace semcached {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

using PolicyViewsTest = PolicyManagerTest;

TEST_F(PolicyViewsTest, ViewsTellWhatEachSensorSays) {
  sensor_.Say("m", 0.75);
  second_sensor_.Say("m", std::nullopt);
  second_sensor_.Say("other", std::nullopt);
  Tick(60);
  std::vector<ModelLoadView> loads = manager_->Views().loads;
  ASSERT_THAT(loads, SizeIs(2));
  EXPECT_EQ(loads[0].model, "m");
  EXPECT_EQ(loads[0].fused.utilization, 0.75);
  EXPECT_EQ(loads[0].fused.by, "fake");
  EXPECT_GT(loads[0].load_factor, 0);
  EXPECT_FALSE(loads[0].manual_remaining.has_value());
  ASSERT_THAT(loads[0].sensors, SizeIs(2));
  EXPECT_EQ(loads[0].sensors[0].utilization, 0.75);
  EXPECT_EQ(loads[0].sensors[0].problem, "");
  EXPECT_EQ(loads[0].sensors[1].sensor, "second");
  EXPECT_FALSE(loads[0].sensors[1].utilization.has_value());
  EXPECT_EQ(loads[0].sensors[1].problem, "nothing recent is known");
  EXPECT_FALSE(loads[1].fused.utilization.has_value());
  EXPECT_EQ(loads[1].load_factor, 0);

  ASSERT_TRUE(manager_->SetLoad("m", 0.5, absl::Hours(1)).ok());
  loads = manager_->Views().loads;  // at once, before the next tick
  EXPECT_EQ(loads[0].fused.by, "manual");
  EXPECT_EQ(loads[0].manual_remaining, absl::Hours(1));
  ASSERT_THAT(loads[0].sensors, SizeIs(3));
  EXPECT_EQ(loads[0].sensors[2].utilization, 0.5);
}

TEST_F(PolicyViewsTest, ViewsShowConfiguredAndEffective) {
  Overload("m");
  const PolicyViews views = manager_->Views();
  EXPECT_EQ(views.generation, 1U);
  EXPECT_EQ(views.default_category, "code");
  EXPECT_FALSE(views.frozen);
  const CategoryView& code = views.categories.at(0);
  EXPECT_EQ(code.configured.similarity_threshold, 0.90F);
  ASSERT_THAT(code.effective, SizeIs(2));
  EXPECT_EQ(code.effective[0].model, "");
  EXPECT_EQ(code.effective[0].effective.similarity_threshold, 0.90F);
  EXPECT_FLOAT_EQ(code.effective[1].effective.similarity_threshold, 0.80F);
  EXPECT_FALSE(code.effective[1].would_be.has_value());
}

TEST_F(PolicyViewsTest, GaugesShowWhatEachSensorSays) {
  const auto gauge = [&](const std::string& sensor) {
    return metrics_.AddGauge("semcached_utilization", "", {{"model", "m"}, {"sensor", sensor}})
        .Value();
  };
  second_sensor_.Say("m", std::nullopt);
  Tick();
  EXPECT_THAT(metrics_.Render(), Not(HasSubstr("semcached_utilization")));  // never known
  sensor_.Say("m", 0.5);
  Tick();
  EXPECT_EQ(gauge("fake"), 0.5);
  EXPECT_THAT(metrics_.Render(), Not(HasSubstr("sensor=\"second\"")));
  manager_->Freeze();
  sensor_.Say("m", 0.7);
  Tick();
  EXPECT_EQ(gauge("fake"), 0.7);  // what is frozen is what follows from it
  sensor_.Say("m", std::nullopt);
  Tick();
  EXPECT_TRUE(std::isnan(gauge("fake")));
}

TEST_F(PolicyViewsTest, GaugesShowTheLoosestValues) {
  sensor_.Say("calm", 0.1);
  Overload("busy");
  EXPECT_EQ(LoadGauge("busy"), 1);
  EXPECT_FLOAT_EQ(static_cast<float>(CategoryGauge("semcached_effective_threshold", "code")),
                  0.80F);
  EXPECT_EQ(CategoryGauge("semcached_effective_ttl_seconds", "code"), 3 * 3600);
}

TEST_F(PolicyViewsTest, CallersCannotMakeAnyNumberOfLabels) {
  for (int i = 0; i < 200; ++i) sensor_.Say("model-" + std::to_string(i), 1.2);
  sensor_.Say("not \xff text", 1.2);
  Tick(60);
  const std::string page = metrics_.Render();
  size_t labels = 0;
  for (size_t at = page.find("semcached_load_factor{"); at != std::string::npos;
       at = page.find("semcached_load_factor{", at + 1)) {
    ++labels;
  }
  EXPECT_EQ(labels, 65U);
  EXPECT_EQ(LoadGauge("_other"), 1);
  EXPECT_THAT(page, Not(HasSubstr("\xff")));
}

TEST_F(PolicyViewsTest, EventsTellWhatMovedAndWhy) {
  Overload("m");
  const std::vector<PolicyEvent> events = manager_->Events();
  ASSERT_GE(events.size(), 4U);  // no step is longer than 0.25
  EXPECT_EQ(events.front().model, "m");
  EXPECT_EQ(events.front().category, "code");
  EXPECT_EQ(events.front().mode, AdaptationMode::kEnforce);
  EXPECT_FALSE(events.front().shadow);
  EXPECT_EQ(events.front().before.load_factor, 0);
  EXPECT_EQ(events.front().before.similarity_threshold, 0.90F);
  EXPECT_EQ(events.front().reason, "utilization 1.20 (fake)");
  EXPECT_EQ(events.back().after.load_factor, 1);
  EXPECT_EQ(events.back().after.ttl, absl::Hours(3));
  for (size_t i = 1; i < events.size(); ++i) {
    EXPECT_GE(events[i].time - events[i - 1].time, load_.interval);
    EXPECT_EQ(events[i].before.load_factor, events[i - 1].after.load_factor);
  }
  sensor_.Say("m", std::nullopt);
  Tick(60);
  EXPECT_EQ(manager_->Events().back().reason, "load unknown");
}

TEST_F(PolicyViewsTest, KeepsTheLastEventsOnly) {
  for (int i = 0; i < 300; ++i) {
    i % 2 == 0 ? manager_->Freeze() : manager_->Unfreeze();
  }
  manager_->Freeze();
  const std::vector<PolicyEvent> events = manager_->Events();
  EXPECT_THAT(events, SizeIs(PolicyManager::kMaxEvents));
  EXPECT_EQ(events.back().reason, "frozen");
}

TEST_F(PolicyViewsTest, AReloadTellsWhichCategoriesChanged) {
  Manage({MovingPolicy("same", AdaptationMode::kEnforce),
          MovingPolicy("gone", AdaptationMode::kEnforce),
          MovingPolicy("mode", AdaptationMode::kShadow)});
  manager_->Replace(PolicySet({MovingPolicy("same", AdaptationMode::kEnforce),
                               MovingPolicy("mode", AdaptationMode::kEnforce),
                               MovingPolicy("added", AdaptationMode::kOff)}),
                    nullptr);
  std::map<std::string, std::string> told;
  for (const PolicyEvent& event : manager_->Events()) told[event.category] = event.reason;
  EXPECT_EQ(told,
            (std::map<std::string, std::string>{
                {"added", "category added"}, {"gone", "category removed"}, {"mode", "reloaded"}}));
  EXPECT_TRUE(std::isnan(CategoryGauge("semcached_effective_threshold", "gone")));
  EXPECT_TRUE(std::isnan(CategoryGauge("semcached_shadow_threshold", "mode")));
}

}  // namespace
}  // namespace semcached
