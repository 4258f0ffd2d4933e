#include "semcached/policy/policy_manager.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <limits>
#include <thread>

#include "policy/policy_manager_fixture.h"
#include "semcached/policy/reported_load.h"
#include "support/fake_clock.h"

namespace semcached {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class NoClassifier final : public Classifier {
 public:
  Classification Classify(absl::Span<const float>) const override { return {}; }
};

TEST_F(PolicyManagerTest, StartsWithTheConfiguredPolicies) {
  const PoliciesPtr policies = manager_->Current();
  EXPECT_EQ(policies->generation, 1U);
  EXPECT_EQ(policies->default_category, "code");
  EXPECT_EQ(policies->Find("code")->calm.similarity_threshold, 0.90F);
  EXPECT_EQ(policies->Find("other"), nullptr);
}

TEST_F(PolicyManagerTest, LoosensForTheModelUnderLoadAndForNoOther) {
  sensor_.Say("calm", 0.2);
  Overload("busy");
  EXPECT_FLOAT_EQ(InForce("code", "busy").similarity_threshold, 0.80F);
  EXPECT_EQ(InForce("code", "busy").ttl, absl::Hours(3));
  EXPECT_EQ(InForce("code", "busy").load_factor, 1);
  EXPECT_EQ(InForce("code", "calm").similarity_threshold, 0.90F);
}

TEST_F(PolicyManagerTest, IsBackAtBaseWithinAMinuteOfCalm) {
  Overload("busy");
  sensor_.Say("busy", 0.6);
  Tick(60);
  EXPECT_EQ(InForce("code", "busy").similarity_threshold, 0.90F);
  EXPECT_THAT(manager_->Current()->Find("code")->by_model, IsEmpty());
}

TEST_F(PolicyManagerTest, AModelThatNobodyKnowsAnyMoreIsCalm) {
  Overload("busy");
  sensor_.Forget("busy");
  Tick(60);
  EXPECT_EQ(InForce("code", "busy").similarity_threshold, 0.90F);
  EXPECT_EQ(LoadGauge("busy"), 0);
}

TEST_F(PolicyManagerTest, TheHighestSensorCounts) {
  sensor_.Say("m", 0.1);
  second_sensor_.Say("m", 1.2);
  Tick(60);
  EXPECT_EQ(InForce("code", "m").load_factor, 1);
  EXPECT_THAT(manager_->Events().back().reason, HasSubstr("second"));
}

TEST_F(PolicyManagerTest, ALyingSensorDoesNotHideAnHonestOne) {
  sensor_.Say("m", std::numeric_limits<double>::quiet_NaN());
  second_sensor_.Say("m", 1.2);
  Tick(60);
  EXPECT_EQ(InForce("code", "m").load_factor, 1);
}

TEST_F(PolicyManagerTest, AWeightedMeanCountsIfItIsAskedFor) {
  LoadConfig load = load_;
  load.fusion = LoadFusion::kWeighted;
  load.weights = {{"fake", 1}, {"second", 3}};
  PolicyManager manager(PolicySet({MovingPolicy("code", AdaptationMode::kEnforce)}), nullptr, load,
                        {&sensor_, &second_sensor_}, clock_, &metrics_);
  sensor_.Say("m", 1.2);
  second_sensor_.Say("m", 0.2);
  for (int i = 0; i < 60; ++i) {
    clock_.Advance(load.interval);
    manager.Tick();
  }
  EXPECT_EQ(manager.Current()->Find("code")->For("m").load_factor, 0);  // the mean is 0.45
  EXPECT_EQ(manager.Views().loads.at(0).fused.by, "weighted");
}

TEST_F(PolicyManagerTest, AnOverrideStandsForAllSensorsUntilItsTimeIsOver) {
  sensor_.Say("m", 0.1);
  ASSERT_TRUE(manager_->SetLoad("m", 1.2, absl::Minutes(2)).ok());
  EXPECT_EQ(manager_->Events().back().model, "m");
  EXPECT_EQ(manager_->Events().back().reason, "load set to utilization 1.20 for 2m");
  Tick(60);
  EXPECT_EQ(InForce("code", "m").load_factor, 1);
  EXPECT_EQ(manager_->Events().back().reason, "utilization 1.20 (manual)");
  Tick(60);
  const std::vector<PolicyEvent> events = manager_->Events();
  EXPECT_THAT(events, testing::Contains(testing::Field(&PolicyEvent::reason,
                                                       "set load ended, its time is over")));
  Tick(60);
  EXPECT_EQ(InForce("code", "m").load_factor, 0);
}

TEST_F(PolicyManagerTest, AnOverrideMayCalmABusyModelAndBeCleared) {
  Overload("m");
  ASSERT_TRUE(manager_->SetLoad("m", 0, absl::Hours(1)).ok());
  Tick(60);
  EXPECT_EQ(InForce("code", "m").load_factor, 0);
  ASSERT_TRUE(manager_->ClearLoad("m").ok());
  EXPECT_EQ(manager_->Events().back().reason, "set load cleared");
  Tick(60);
  EXPECT_EQ(InForce("code", "m").load_factor, 1);
  EXPECT_TRUE(absl::IsNotFound(manager_->ClearLoad("m")));
}

TEST_F(PolicyManagerTest, AnOverrideOfAModelThatNoSensorKnowsCountsToo) {
  ASSERT_TRUE(manager_->SetLoad("new", 1.2, absl::Hours(1)).ok());
  Tick(60);
  EXPECT_EQ(InForce("code", "new").load_factor, 1);
  EXPECT_TRUE(absl::IsInvalidArgument(manager_->SetLoad("new", -1, absl::Hours(1))));
  EXPECT_TRUE(absl::IsInvalidArgument(manager_->SetLoad("new", 1, absl::Hours(48))));
  EXPECT_EQ(InForce("code", "new").load_factor, 1);
}

TEST_F(PolicyManagerTest, ViewsTellWhatEachSensorSays) {
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

TEST_F(PolicyManagerTest, GaugesShowWhatEachSensorSays) {
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

TEST_F(PolicyManagerTest, PublishesOnlyWhatChanged) {
  sensor_.Say("m", 0.2);
  const PoliciesPtr before = manager_->Current();
  Tick(100);
  EXPECT_EQ(manager_->Current(), before);
  Overload("m");
  const PoliciesPtr loaded = manager_->Current();
  EXPECT_NE(loaded, before);
  Tick(100);
  EXPECT_EQ(manager_->Current(), loaded);
}

TEST_F(PolicyManagerTest, ASnapshotInUseNeverChanges) {
  const PoliciesPtr before = manager_->Current();
  Overload("m");
  EXPECT_EQ(before->Find("code")->For("m").similarity_threshold, 0.90F);
}

TEST_F(PolicyManagerTest, ShadowIsSeenAndNotApplied) {
  Manage({MovingPolicy("code", AdaptationMode::kShadow)});
  const PoliciesPtr before = manager_->Current();
  Overload("m");
  EXPECT_EQ(manager_->Current(), before);

  const std::vector<PolicyEvent> events = manager_->Events();
  ASSERT_THAT(events, Not(IsEmpty()));
  EXPECT_TRUE(events.back().shadow);
  EXPECT_FLOAT_EQ(events.back().after.similarity_threshold, 0.80F);

  const CategoryView view = manager_->Views().categories.at(0);
  ASSERT_THAT(view.effective, SizeIs(2));
  EXPECT_EQ(view.effective[1].model, "m");
  EXPECT_EQ(view.effective[1].load_factor, 1);
  EXPECT_EQ(view.effective[1].effective.similarity_threshold, 0.90F);
  EXPECT_FLOAT_EQ(view.effective[1].would_be.value().similarity_threshold, 0.80F);
  EXPECT_FLOAT_EQ(static_cast<float>(CategoryGauge("semcached_shadow_threshold", "code")), 0.80F);
  EXPECT_FLOAT_EQ(static_cast<float>(CategoryGauge("semcached_effective_threshold", "code")),
                  0.90F);
}

TEST_F(PolicyManagerTest, OffLeavesNoTrace) {
  Manage({MovingPolicy("medical", AdaptationMode::kOff)});
  Overload("m");
  EXPECT_THAT(manager_->Events(), IsEmpty());
  EXPECT_EQ(InForce("medical", "m").similarity_threshold, 0.90F);
  EXPECT_EQ(LoadGauge("m"), 1);
}

TEST_F(PolicyManagerTest, ANamedModelMovesTheWholeCategory) {
  Manage({MovingPolicy("code", AdaptationMode::kEnforce, "backend")});
  Overload("other");
  EXPECT_THAT(manager_->Events(), IsEmpty());
  Overload("backend");
  EXPECT_FLOAT_EQ(InForce("code", "whatever").similarity_threshold, 0.80F);
  const CategoryView view = manager_->Views().categories.at(0);
  ASSERT_THAT(view.effective, SizeIs(1));
  EXPECT_EQ(view.effective[0].load_factor, 1);
}

TEST_F(PolicyManagerTest, ViewsShowConfiguredAndEffective) {
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

TEST_F(PolicyManagerTest, EventsTellWhatMovedAndWhy) {
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

TEST_F(PolicyManagerTest, KeepsTheLastEventsOnly) {
  for (int i = 0; i < 300; ++i) {
    i % 2 == 0 ? manager_->Freeze() : manager_->Unfreeze();
  }
  manager_->Freeze();
  const std::vector<PolicyEvent> events = manager_->Events();
  EXPECT_THAT(events, SizeIs(PolicyManager::kMaxEvents));
  EXPECT_EQ(events.back().reason, "frozen");
}

TEST_F(PolicyManagerTest, WhileFrozenNothingMoves) {
  Overload("m");
  manager_->Freeze();
  EXPECT_TRUE(manager_->Views().frozen);
  const PoliciesPtr frozen = manager_->Current();
  sensor_.Say("m", 0.0);
  Tick(300);
  EXPECT_EQ(manager_->Current(), frozen);
  EXPECT_EQ(InForce("code", "m").load_factor, 1);

  manager_->Unfreeze();
  Tick(60);
  EXPECT_EQ(InForce("code", "m").load_factor, 0);
  EXPECT_FALSE(manager_->Views().frozen);
}

TEST_F(PolicyManagerTest, AReloadIsInForceAtOnceUnderTheLoadThatIsKnown) {
  Overload("m");
  CategoryPolicy tighter = MovingPolicy("code", AdaptationMode::kEnforce);
  tighter.similarity_threshold = 0.95F;
  const auto classifier = std::make_shared<NoClassifier>();
  manager_->Replace(PolicySet({tighter, MovingPolicy("new", AdaptationMode::kOff)}), classifier);

  const PoliciesPtr policies = manager_->Current();
  EXPECT_EQ(policies->generation, 2U);
  EXPECT_EQ(policies->classifier, classifier);
  EXPECT_EQ(policies->Find("code")->calm.similarity_threshold, 0.95F);
  EXPECT_FLOAT_EQ(policies->Find("code")->For("m").similarity_threshold, 0.85F);
  EXPECT_NE(policies->Find("new"), nullptr);

  Tick(5);
  sensor_.Say("m", 0.0);
  Tick(60);
  EXPECT_EQ(manager_->Current()->classifier, classifier);  // load does not lose it
  EXPECT_EQ(manager_->Current()->generation, 2U);
}

TEST_F(PolicyManagerTest, AReloadTellsWhichCategoriesChanged) {
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

TEST_F(PolicyManagerTest, GaugesShowTheLoosestValues) {
  sensor_.Say("calm", 0.1);
  Overload("busy");
  EXPECT_EQ(LoadGauge("busy"), 1);
  EXPECT_FLOAT_EQ(static_cast<float>(CategoryGauge("semcached_effective_threshold", "code")),
                  0.80F);
  EXPECT_EQ(CategoryGauge("semcached_effective_ttl_seconds", "code"), 3 * 3600);
}

TEST_F(PolicyManagerTest, CallersCannotMakeAnyNumberOfLabels) {
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

TEST_F(PolicyManagerTest, ReadersTickerAndReloadsMayRunAtOnce) {
  ReportedLoad reported(load_);
  PolicyManager manager(PolicySet({MovingPolicy("code", AdaptationMode::kEnforce)}), nullptr, load_,
                        {&reported}, clock_, &metrics_);
  std::atomic<bool> done{false};
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!done) {
        const PoliciesPtr policies = manager.Current();
        const float threshold = policies->Find("code")->For("m").similarity_threshold;
        EXPECT_GE(threshold, 0.75F);
        EXPECT_LE(threshold, 0.90F);
        manager.Views();
        manager.Events();
      }
    });
  }
  std::thread gateway([&] {
    while (!done) {
      EXPECT_TRUE(reported.Report("m", {.in_flight = 3, .limit = 2}, clock_.Monotonic()).ok());
    }
  });
  for (int i = 0; i < 300; ++i) {
    clock_.Advance(load_.interval);
    manager.Tick();
    if (i % 50 == 0) {
      manager.Replace(PolicySet({MovingPolicy("code", AdaptationMode::kEnforce)}), nullptr);
    }
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  gateway.join();
  EXPECT_EQ(manager.Current()->generation, 7U);
}

}  // namespace
}  // namespace semcached
