#include "semcached/replay/controller_trial.h"

#include <gtest/gtest.h>

namespace semcached {
namespace {

CategoryPolicySet Policies() {
  CategoryPolicySet set;
  CategoryPolicy& policy = set.categories["code"];
  policy.category = "code";
  policy.similarity_threshold = 0.80F;
  policy.adaptation.mode = AdaptationMode::kEnforce;
  policy.adaptation.max_threshold_drop = 0.04F;
  policy.adaptation.min_similarity_threshold = 0.76F;
  policy.adaptation.max_ttl_factor = 2;
  set.default_category = "code";
  return set;
}

TEST(ControllerTrialTest, SeesABurstComeAndGo) {
  const ControllerTrial trial = TryController(
      Policies(), LoadConfig(), SquareBurst(0.3, 1.5, absl::Minutes(2), absl::Minutes(4)),
      absl::Minutes(10), absl::Minutes(4));
  EXPECT_GT(trial.moves, 0);
  EXPECT_GT(trial.back_at_base, absl::ZeroDuration());
  EXPECT_LE(trial.back_at_base, absl::Seconds(60));
  EXPECT_EQ(trial.reversals_an_hour, 1);
  EXPECT_EQ(trial.changes_an_interval, 1);
}

TEST(ControllerTrialTest, SeesWhatDoesNotComeBack) {
  const ControllerTrial trial =
      TryController(Policies(), LoadConfig(), SquareBurst(1.5, 1.5, {}, {}), absl::Minutes(2));
  EXPECT_EQ(trial.back_at_base, absl::InfiniteDuration());
}

TEST(ControllerTrialTest, CountsTheTurnsOfACarelessController) {
  LoadConfig careless;
  careless.hysteresis = 0;
  careless.smoothing = absl::ZeroDuration();
  careless.min_dwell = absl::ZeroDuration();
  const ControllerTrial trial =
      TryController(Policies(), careless, Noise(0.75, 0.1, absl::Seconds(1), 1), absl::Hours(1));
  EXPECT_GT(trial.reversals_an_hour, 100);
}

TEST(NoiseTest, StaysInItsBandAndHolds) {
  const LoadCurve noise = Noise(0.75, 0.1, absl::Seconds(10), 1);
  double least = 1;
  double most = 0;
  for (int second = 0; second < 2000; ++second) {
    least = std::min(least, noise(absl::Seconds(second)));
    most = std::max(most, noise(absl::Seconds(second)));
  }
  EXPECT_GE(least, 0.675);
  EXPECT_LE(most, 0.825);
  EXPECT_GT(most - least, 0.1);
  EXPECT_EQ(noise(absl::Seconds(11)), noise(absl::Seconds(19)));
}

}  // namespace
}  // namespace semcached
