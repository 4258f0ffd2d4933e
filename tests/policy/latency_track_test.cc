#include "semcached/policy/latency_track.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

namespace semcached {
namespace {

constexpr absl::Duration kMaxPause = absl::Seconds(10);

class LatencyTrackTest : public testing::Test {
 protected:
  LatencyTrackTest() : seed_(std::random_device()()), random_(seed_) {}

  // One answer a second.
  void Answer(absl::Duration latency, int times = 1) {
    for (int i = 0; i < times; ++i) {
      now_ += absl::Seconds(1);
      track_.Observe(latency, now_, kMaxPause);
    }
  }
  // The same, with times as skewed as those of answers of all lengths.
  void SkewedAnswer(absl::Duration typical) {
    Answer(typical * std::exp(std::normal_distribution<double>(0, 0.5)(random_)));
  }

  const uint64_t seed_;
  std::mt19937_64 random_;
  const testing::ScopedTrace trace_{__FILE__, __LINE__, "seed " + std::to_string(seed_)};
  MonotonicTime now_ = absl::Hours(1000);
  LatencyTrack track_;
};

TEST_F(LatencyTrackTest, DoesNotGuessFromAFewAnswers) {
  Answer(absl::Milliseconds(500), LatencyTrack::kEnough - 1);
  EXPECT_EQ(track_.Utilization(), std::nullopt);
  Answer(absl::Milliseconds(500));
  ASSERT_TRUE(track_.Utilization().has_value());
  EXPECT_NEAR(*track_.Utilization(), 0, 1e-9);
}

TEST_F(LatencyTrackTest, ComparesWithTheQuietBaseline) {
  Answer(absl::Milliseconds(500), 300);
  EXPECT_NEAR(*track_.Utilization(), 0, 1e-9);
  Answer(absl::Seconds(1), 150);
  EXPECT_NEAR(*track_.Utilization(), 0.5, 0.01);
  Answer(absl::Seconds(5), 150);
  EXPECT_NEAR(*track_.Utilization(), 0.9, 0.01);
  Answer(absl::Milliseconds(500), 150);
  EXPECT_NEAR(*track_.Utilization(), 0, 0.01);
}

TEST_F(LatencyTrackTest, RemembersTheBaselineThroughALongOverload) {
  Answer(absl::Milliseconds(500), 300);
  Answer(absl::Seconds(5), 50 * 60);
  EXPECT_NEAR(*track_.Utilization(), 0.9, 0.01);
}

TEST_F(LatencyTrackTest, BelievesAModelThatBecameSlowerForGood) {
  Answer(absl::Milliseconds(500), 300);
  Answer(absl::Seconds(5), 70 * 60);
  EXPECT_NEAR(*track_.Utilization(), 0, 0.01);
}

TEST_F(LatencyTrackTest, LearnsAFasterBaselineSoon) {
  Answer(absl::Seconds(5), 300);
  Answer(absl::Milliseconds(500), 180);
  Answer(absl::Seconds(5), 50);
  EXPECT_NEAR(*track_.Utilization(), 0.9, 0.02);
}

TEST_F(LatencyTrackTest, SkewedTimesOfAQuietModelAreNoOverload) {
  double highest = 0;
  for (int i = 0; i < 3600; ++i) {
    SkewedAnswer(absl::Seconds(1));
    highest = std::max(highest, track_.Utilization().value_or(0));
  }
  EXPECT_LT(highest, 0.7);  // below that, a load factor of 0 stays 0 by default
}

TEST_F(LatencyTrackTest, AfterAPauseKnowsNothingRecentButKeepsTheBaseline) {
  Answer(absl::Milliseconds(500), 300);
  now_ += kMaxPause + absl::Seconds(1);
  Answer(absl::Seconds(5), LatencyTrack::kEnough - 1);
  EXPECT_EQ(track_.Utilization(), std::nullopt);
  Answer(absl::Seconds(5));
  EXPECT_NEAR(*track_.Utilization(), 0.9, 0.01);
}

TEST_F(LatencyTrackTest, LeavesOutWhatIsNoLatency) {
  Answer(absl::ZeroDuration(), 50);
  Answer(-absl::Seconds(1), 50);
  Answer(absl::InfiniteDuration(), 50);
  EXPECT_EQ(track_.Utilization(), std::nullopt);
}

}  // namespace
}  // namespace semcached
