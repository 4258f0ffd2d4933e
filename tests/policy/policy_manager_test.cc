#include "semcached/policy/policy_manager.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <limits>
#include <thread>

#include "policy/policy_manager_fixture.h"
#include "semcached/policy/reported_load.h"

namespace semcached {
namespace {

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
