#include "semcached/policy/budget_control.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "policy/policies.h"
#include "semcached/policy/policy_manager.h"
#include "support/fake_clock.h"

namespace semcached {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kIdentity[] = "minilm@1/384";

// Threshold 0.90 at rest, 0.75 at the least, 0.10 less at full load, a budget of 2 %.
CategoryPolicy Budgeted(BudgetMode mode) {
  CategoryPolicy policy = MovingPolicy("code", AdaptationMode::kEnforce);
  policy.false_hit_budget = 0.02;
  policy.budget_mode = mode;
  return policy;
}

class BudgetTest : public testing::Test {
 protected:
  BudgetTest() { Manage({Budgeted(BudgetMode::kEnforce)}); }

  void Manage(const std::vector<CategoryPolicy>& policies) {
    manager_ = std::make_unique<PolicyManager>(
        PolicySet(policies), nullptr, LoadConfig(), std::vector<const LoadSensor*>{&sensor_},
        clock_, &metrics_, &book_, EmbedderIdentities{{"default", kIdentity}, {"new", "new@1/8"}});
  }
  // Minutes in each of which `verdicts` candidates of every similarity from 0.75 on are judged, of
  // which those below `wrong_below` are wrong.
  void Live(int minutes, double wrong_below, int verdicts = 100) {
    for (int minute = 0; minute < minutes; ++minute) {
      for (int i = 0; i < verdicts; ++i) {
        const double similarity = 0.751 + 0.248 * i / verdicts;
        const bool served = similarity >= InForce();
        if (served) {
          book_.ObserveServed("code", kIdentity, similarity);
        } else {
          book_.ObserveRefused("code", kIdentity, similarity);
        }
        book_.Observe("code", kIdentity, similarity,
                      similarity < wrong_below ? EvidenceVerdict::kWrong : EvidenceVerdict::kRight,
                      served ? EvidenceSource::kFeedback : EvidenceSource::kNearMiss,
                      clock_.Monotonic());
      }
      for (int tick = 0; tick < 60; ++tick) {
        clock_.Advance(absl::Seconds(1));
        manager_->Tick();
      }
    }
  }
  // A minute of it.
  void LoadFor(const std::string& model, double utilization) {
    sensor_.Say(model, utilization);
    for (int i = 0; i < 60; ++i) {
      clock_.Advance(absl::Seconds(1));
      manager_->Tick();
    }
  }
  PolicyEvent LastOf(const std::string& model) {
    PolicyEvent last;
    for (const PolicyEvent& event : manager_->Events()) {
      if (event.model == model) last = event;
    }
    return last;
  }
  double InForce(const std::string& model = "any") {
    return static_cast<double>(manager_->Current()->Find("code")->For(model).similarity_threshold);
  }
  BudgetView View() { return manager_->Views().categories.at(0).budget.value(); }
  double GaugeOf(const std::string& name) {
    return metrics_.AddGauge(name, "", {{"category", "code"}}).Value();
  }

  FakeClock clock_;
  FakeSensor sensor_;
  Metrics metrics_;
  EvidenceBook book_;
  std::unique_ptr<PolicyManager> manager_;
};

TEST_F(BudgetTest, WithoutEvidenceTheConfiguredThresholdHolds) {
  Live(3, 0.8, 0);
  EXPECT_FLOAT_EQ(static_cast<float>(InForce()), 0.90F);
  EXPECT_THAT(manager_->Events(), IsEmpty());
  EXPECT_EQ(View().latest.state, BudgetState::kThin);
  EXPECT_FALSE(View().held.has_value());
  EXPECT_EQ(GaugeOf("semcached_false_hit_budget"), 0.02);
  EXPECT_TRUE(std::isnan(GaugeOf("semcached_calibrated_threshold")));
}

TEST_F(BudgetTest, GoodAnswersLowerTheThresholdStepByStep) {
  Live(31, 0.83);
  EXPECT_LT(InForce(), 0.85);
  EXPECT_GE(InForce(), 0.75);
  const PolicyEvent last = manager_->Events().back();
  EXPECT_FALSE(last.shadow);
  EXPECT_LT(last.after.similarity_threshold, last.before.similarity_threshold);
  EXPECT_THAT(last.reason, HasSubstr("false hits expected"));
  EXPECT_NEAR(GaugeOf("semcached_calibrated_threshold"), InForce(), 1e-6);
  EXPECT_LT(GaugeOf("semcached_false_hit_rate_estimate"), 0.03);
}

// The threshold in force is a float, which may lie a little below the edge that was chosen: 0.8275.
// The estimate shown was then of the bin below, where all is wrong.
TEST_F(BudgetTest, TheEstimateIsOfTheThresholdInForce) {
  Live(31, 0.83);
  ASSERT_LT(InForce(), 0.8275);
  const CategoryEvidence evidence = book_.Of("code", kIdentity);
  const size_t bin = *CategoryEvidence::BinOf(0.8276);
  EXPECT_NEAR(GaugeOf("semcached_false_hit_rate_estimate"),
              ExpectedRates(evidence, EstimateWrong(evidence))[bin].rate, 1e-3);
}

TEST_F(BudgetTest, WrongAnswersRaiseItAtOnce) {
  Live(2, 0.95);
  EXPECT_GT(InForce(), 0.94);
}

TEST_F(BudgetTest, ShadowIsToldAndShownAndNotApplied) {
  Manage({Budgeted(BudgetMode::kShadow)});
  const PoliciesPtr before = manager_->Current();
  Live(5, 0.95);
  EXPECT_EQ(manager_->Current(), before);
  ASSERT_TRUE(View().held.has_value());
  EXPECT_TRUE(View().shadow);
  EXPECT_GT(View().held->base, 0.94F);
  EXPECT_TRUE(manager_->Events().back().shadow);
  EXPECT_GT(manager_->Events().back().after.similarity_threshold, 0.94F);
  EXPECT_GT(GaugeOf("semcached_calibrated_threshold"), 0.94);
  EXPECT_GT(GaugeOf("semcached_false_hit_rate_estimate"), 0.1);  // at the threshold in force
}

TEST_F(BudgetTest, WhereNoThresholdKeepsItExactHitsRemain) {
  Live(10, 1.0);
  EXPECT_EQ(InForce(), 1);
  EXPECT_EQ(View().latest.state, BudgetState::kUnreachable);
  bool told = false;
  for (const PolicyEvent& event : manager_->Events()) {
    told |= event.reason.find("no threshold keeps") != std::string::npos;
  }
  EXPECT_TRUE(told);
}

TEST_F(BudgetTest, LoadStopsAtTheBudgetFloor) {
  Live(30, 0.83);
  const double calm = InForce();
  const auto floor = static_cast<double>(View().held->floor);
  LoadFor("busy", 1.5);
  EXPECT_LE(InForce("busy"), calm);
  EXPECT_GE(InForce("busy"), floor - 1e-6);
  EXPECT_GT(floor, 0.76);
  EXPECT_EQ(manager_->Current()->Find("code")->For("busy").ttl, absl::Hours(3));
}

TEST_F(BudgetTest, AChangeByLoadTellsWhatItIsExpectedToBring) {
  Live(12, 0.83, 10);
  // A restart: the evidence is there, and what the first look makes of it leaves load some room.
  Manage({Budgeted(BudgetMode::kEnforce)});
  sensor_.Say("busy", 1.5);
  Live(1, 0.86, 10);
  const double at_rest = InForce();
  const PolicyEvent last = LastOf("busy");
  const auto after = static_cast<double>(last.after.similarity_threshold);
  ASSERT_LT(after, at_rest);
  ASSERT_TRUE(last.expected.has_value());
  const auto expected = ExpectLoosening(book_.Of("code", kIdentity), at_rest, after);
  EXPECT_EQ(last.expected->extra_hits, expected->extra_hits);
  EXPECT_EQ(last.expected->extra_false_hits, expected->extra_false_hits);
  EXPECT_GT(last.expected->extra_hits, 0);
  EXPECT_LT(last.expected->extra_false_hits, last.expected->extra_hits);

  LoadFor("busy", 0);
  EXPECT_EQ(LastOf("busy").expected->extra_hits, 0);
}

TEST_F(BudgetTest, WithoutABudgetNothingIsExpected) {
  Manage({MovingPolicy("code", AdaptationMode::kEnforce)});
  Live(5, 0.83);
  LoadFor("busy", 1.5);
  EXPECT_FALSE(LastOf("busy").expected.has_value());
}

TEST_F(BudgetTest, AFrozenManagerDoesNotMove) {
  manager_->Freeze();
  Live(3, 0.95);
  EXPECT_FLOAT_EQ(static_cast<float>(InForce()), 0.90F);
}

TEST_F(BudgetTest, ANewEmbedderStartsFromTheConfiguredThreshold) {
  Live(5, 0.95);
  CategoryPolicy policy = Budgeted(BudgetMode::kEnforce);
  policy.embedding = "new";
  manager_->Replace(PolicySet({policy}), nullptr);
  EXPECT_FLOAT_EQ(static_cast<float>(InForce()), 0.90F);
  manager_->Replace(PolicySet({Budgeted(BudgetMode::kEnforce)}), nullptr);
  Live(1, 0.95, 0);
  EXPECT_GT(InForce(), 0.94);  // what is known of the old one is not lost
}

TEST_F(BudgetTest, AReloadKeepsWhatWasLearnedWithinTheNewBounds) {
  Live(30, 0.83);
  CategoryPolicy policy = Budgeted(BudgetMode::kEnforce);
  policy.adaptation.min_similarity_threshold = 0.88F;
  manager_->Replace(PolicySet({policy}), nullptr);
  EXPECT_FLOAT_EQ(static_cast<float>(InForce()), 0.88F);
  policy.false_hit_budget.reset();
  manager_->Replace(PolicySet({policy}), nullptr);
  EXPECT_FLOAT_EQ(static_cast<float>(InForce()), 0.90F);
  EXPECT_FALSE(manager_->Views().categories.at(0).budget.has_value());
  EXPECT_TRUE(std::isnan(GaugeOf("semcached_false_hit_budget")));
}

TEST_F(BudgetTest, AnswersThatTurnWrongAreDrift) {
  Live(40, 0.78);
  Live(3, 0.95);
  bool told = false;
  for (const PolicyEvent& event : manager_->Events()) {
    told |= event.reason.find("drift") != std::string::npos;
  }
  EXPECT_TRUE(told);
  EXPECT_GT(InForce(), 0.90);
}

TEST_F(BudgetTest, CountsVerdictsByKindAndSource) {
  Live(1, 0.83);
  const std::string page = metrics_.Render();
  EXPECT_THAT(page, HasSubstr("semcached_evidence_total{category=\"code\",source=\"feedback\","
                              "verdict=\"right\"}"));
  double sum = 0;
  for (const char* verdict : {"right", "wrong"}) {
    for (const char* source : {"feedback", "near_miss"}) {
      sum += metrics_
                 .AddCounter("semcached_evidence_total", "",
                             {{"category", "code"}, {"verdict", verdict}, {"source", source}})
                 .Value();
    }
  }
  EXPECT_EQ(sum, 100);
}

TEST_F(BudgetTest, WithoutABookThingsAreAsBefore) {
  PolicyManager manager(PolicySet({Budgeted(BudgetMode::kEnforce)}), nullptr, LoadConfig(), {},
                        clock_, &metrics_);
  clock_.Advance(absl::Minutes(1));
  manager.Tick();
  EXPECT_FALSE(manager.Views().categories.at(0).budget.has_value());
}

TEST_F(BudgetTest, StaysWithinItsBoundsAndDoesNotFlapWhateverHappens) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> fraction(0, 1);
  double wrong_below = 0.8;
  double last = InForce();
  std::optional<MonotonicTime> moved_at;
  for (int second = 0; second < 5000; ++second) {
    if (random() % 500 == 0) wrong_below = 0.7 + 0.3 * fraction(random);
    if (random() % 100 == 0) sensor_.Say("busy", 1.5 * fraction(random));
    for (int i = 0; i < 3; ++i) {
      const double similarity = 0.7 + 0.3 * fraction(random);
      const bool served = similarity >= InForce();
      if (served) {
        book_.ObserveServed("code", kIdentity, similarity);
      } else {
        book_.ObserveRefused("code", kIdentity, similarity);
      }
      const bool wrong = (similarity < wrong_below) != (fraction(random) < 0.02);
      book_.Observe(
          "code", kIdentity, similarity, wrong ? EvidenceVerdict::kWrong : EvidenceVerdict::kRight,
          served ? EvidenceSource::kFeedback : EvidenceSource::kNearMiss, clock_.Monotonic());
    }
    clock_.Advance(absl::Seconds(1));
    manager_->Tick();
    const double now = InForce();
    ASSERT_GE(now, 0.75 - 1e-6);
    ASSERT_LE(now, 1);
    const auto held = View().held;
    const double floor = held ? static_cast<double>(held->floor) : 0.90;
    ASSERT_GE(InForce("busy"), floor - 1e-6);
    ASSERT_GE(InForce("busy"), 0.75 - 1e-6);
    ASSERT_LE(InForce("busy"), now);
    if (now == last) continue;
    ASSERT_GE(std::abs(now - last), kBudgetHysteresis - 1e-6);
    ASSERT_GE(now - last, -kMostDrop - 1e-3);
    if (moved_at) {
      ASSERT_GE(clock_.Monotonic() - *moved_at, kBudgetDwell);
    }
    moved_at = clock_.Monotonic();
    last = now;
  }
}

}  // namespace
}  // namespace semcached
