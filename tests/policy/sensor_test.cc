#include "semcached/policy/sensor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <thread>

#include "semcached/policy/lease_load.h"
#include "semcached/policy/miss_latency.h"
#include "semcached/policy/reported_load.h"
#include "support/fake_clock.h"

namespace semcached {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::Optional;
using testing::SizeIs;
using testing::UnorderedElementsAre;

class ReportedLoadTest : public testing::Test {
 protected:
  absl::Status Report(const std::string& model, const LoadReport& report) {
    return sensor_.Report(model, report, clock_.Monotonic());
  }
  std::optional<double> Utilization(const std::string& model) const {
    return sensor_.Utilization(model, clock_.Monotonic());
  }

  const LoadConfig config_{};
  FakeClock clock_;
  ReportedLoad sensor_{config_};
};

TEST_F(ReportedLoadTest, IsWhatRunsAndWaitsOverTheLimit) {
  ASSERT_TRUE(Report("m", {.in_flight = 6, .queued = 3, .limit = 10}).ok());
  EXPECT_THAT(Utilization("m"), Optional(0.9));
  ASSERT_TRUE(Report("m", {.in_flight = 10, .queued = 15, .limit = 10}).ok());
  EXPECT_THAT(Utilization("m"), Optional(2.5));
  EXPECT_EQ(Utilization("other"), std::nullopt);
}

TEST_F(ReportedLoadTest, CountsWithoutALimitSayNothing) {
  ASSERT_TRUE(Report("m", {.in_flight = 6, .queued = 3}).ok());
  EXPECT_EQ(Utilization("m"), std::nullopt);
}

TEST_F(ReportedLoadTest, TheLatestReportCounts) {
  ASSERT_TRUE(Report("m", {.in_flight = 9, .limit = 10}).ok());
  ASSERT_TRUE(Report("m", {.in_flight = 1, .limit = 10}).ok());
  EXPECT_THAT(Utilization("m"), Optional(0.1));
  ASSERT_TRUE(Report("m", {.in_flight = 1}).ok());
  EXPECT_EQ(Utilization("m"), std::nullopt);
}

TEST_F(ReportedLoadTest, AnyRejectionIsSaturation) {
  ASSERT_TRUE(Report("m", {.in_flight = 1, .limit = 10, .rejected = 1}).ok());
  EXPECT_THAT(Utilization("m"), Optional(config_.saturation_point));
  ASSERT_TRUE(Report("m", {.rejected = 1}).ok());
  EXPECT_THAT(Utilization("m"), Optional(config_.saturation_point));
  ASSERT_TRUE(Report("m", {.in_flight = 15, .limit = 10, .rejected = 1}).ok());
  EXPECT_THAT(Utilization("m"), Optional(1.5));
}

TEST_F(ReportedLoadTest, WithoutALimitTheLatencySpeaks) {
  for (int i = 0; i < 120; ++i) {
    clock_.Advance(absl::Seconds(1));
    ASSERT_TRUE(Report("m", {.in_flight = 5, .latency = absl::Milliseconds(500)}).ok());
  }
  for (int i = 0; i < 120; ++i) {
    clock_.Advance(absl::Seconds(1));
    ASSERT_TRUE(Report("m", {.in_flight = 5, .latency = absl::Seconds(2)}).ok());
  }
  ASSERT_TRUE(Utilization("m").has_value());
  EXPECT_NEAR(*Utilization("m"), 0.75, 0.01);
}

TEST_F(ReportedLoadTest, AStaleReportIsUnknown) {
  ASSERT_TRUE(Report("m", {.in_flight = 9, .limit = 10}).ok());
  clock_.Advance(config_.stale_after);
  EXPECT_THAT(Utilization("m"), Optional(0.9));
  clock_.Advance(absl::Milliseconds(1));
  EXPECT_EQ(Utilization("m"), std::nullopt);
}

TEST_F(ReportedLoadTest, SaysWhyItDoesNotKnow) {
  const auto problem = [&] { return sensor_.Problem("m", clock_.Monotonic()); };
  EXPECT_EQ(problem(), "never reported");
  ASSERT_TRUE(Report("m", {.in_flight = 6}).ok());
  EXPECT_THAT(problem(), HasSubstr("without a limit"));
  ASSERT_TRUE(Report("m", {.in_flight = 6, .limit = 10}).ok());
  EXPECT_EQ(problem(), "");
  clock_.Advance(config_.stale_after + absl::Milliseconds(1));
  EXPECT_EQ(problem(), "stale");
}

TEST_F(ReportedLoadTest, RefusesWhatCannotBeAndKeepsWhatWas) {
  ASSERT_TRUE(Report("m", {.in_flight = 5, .limit = 10}).ok());
  const std::vector<LoadReport> impossible = {
      {.in_flight = -1, .limit = 10}, {.queued = -1, .limit = 10},           {.limit = -10},
      {.latency = -absl::Seconds(1)}, {.latency = absl::InfiniteDuration()}, {.rejected = -1},
  };
  for (const LoadReport& report : impossible) {
    EXPECT_TRUE(absl::IsInvalidArgument(Report("m", report)));
  }
  EXPECT_THAT(Utilization("m"), Optional(0.5));
  EXPECT_TRUE(absl::IsInvalidArgument(Report("", {.in_flight = 1, .limit = 10})));
  EXPECT_THAT(std::string(Report("m", {.queued = -7}).message()), HasSubstr("queued is -7"));
}

TEST_F(ReportedLoadTest, HugeCountsDoNotOverflow) {
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  ASSERT_TRUE(Report("m", {.in_flight = kMost, .queued = kMost, .limit = 1}).ok());
  EXPECT_GT(*Utilization("m"), 1e18);
}

TEST_F(ReportedLoadTest, OfTooManyModelsTheOneReportedLongestAgoLeaves) {
  for (int i = 0; i < 256; ++i) {
    ASSERT_TRUE(Report(std::to_string(i), {.in_flight = 1, .limit = 2}).ok());
    clock_.Advance(absl::Milliseconds(1));
  }
  ASSERT_TRUE(Report("0", {.in_flight = 1, .limit = 2}).ok());  // seen again
  clock_.Advance(absl::Milliseconds(1));
  ASSERT_TRUE(Report("one more", {.in_flight = 1, .limit = 2}).ok());
  EXPECT_THAT(sensor_.Models(), SizeIs(256));
  EXPECT_THAT(sensor_.Models(), Contains("0"));
  EXPECT_THAT(sensor_.Models(), Contains("one more"));
  EXPECT_THAT(sensor_.Models(), Not(Contains("1")));
}

TEST_F(ReportedLoadTest, TakesReportsFromManyThreads) {
  std::vector<std::thread> gateways;
  for (int gateway = 0; gateway < 3; ++gateway) {
    gateways.emplace_back([&, gateway] {
      for (int i = 0; i < 300; ++i) {
        const std::string model = std::to_string((i * 7 + gateway) % 290);
        EXPECT_TRUE(Report(model, {.in_flight = 1, .limit = 2}).ok());
        Utilization(model);
        EXPECT_LE(sensor_.Models().size(), 256U);
      }
    });
  }
  for (std::thread& gateway : gateways) gateway.join();
}

class MissLatencyTest : public testing::Test {
 protected:
  void Answers(const std::string& model, absl::Duration latency, int count) {
    for (int i = 0; i < count; ++i) {
      clock_.Advance(absl::Seconds(1));
      sensor_.Observe(model, latency, clock_.Monotonic());
    }
  }
  std::optional<double> Utilization(const std::string& model) const {
    return sensor_.Utilization(model, clock_.Monotonic());
  }

  const LoadConfig config_{};
  FakeClock clock_;
  MissLatency sensor_{config_};
};

TEST_F(MissLatencyTest, EachModelHasItsOwnBaseline) {
  Answers("slow", absl::Seconds(4), 120);
  Answers("fast", absl::Milliseconds(400), 120);
  Answers("fast", absl::Seconds(4), 60);
  ASSERT_TRUE(Utilization("fast").has_value());
  EXPECT_NEAR(*Utilization("fast"), 0.9, 0.01);
  Answers("slow", absl::Seconds(4), 60);
  ASSERT_TRUE(Utilization("slow").has_value());
  EXPECT_NEAR(*Utilization("slow"), 0, 0.01);
  EXPECT_THAT(sensor_.Models(), UnorderedElementsAre("slow", "fast"));
}

TEST_F(MissLatencyTest, SaysWhyItDoesNotKnow) {
  const auto problem = [&] { return sensor_.Problem("m", clock_.Monotonic()); };
  EXPECT_EQ(problem(), "no answer seen");
  Answers("m", absl::Seconds(1), 3);
  EXPECT_EQ(problem(), "too few answers yet");
  Answers("m", absl::Seconds(1), 30);
  EXPECT_EQ(problem(), "");
  clock_.Advance(config_.stale_after + absl::Milliseconds(1));
  EXPECT_EQ(problem(), "stale");
}

TEST_F(MissLatencyTest, IsUnknownOnceNoAnswerComes) {
  Answers("m", absl::Seconds(1), 100);
  EXPECT_TRUE(Utilization("m").has_value());
  clock_.Advance(config_.stale_after + absl::Milliseconds(1));
  EXPECT_EQ(Utilization("m"), std::nullopt);
}

TEST_F(MissLatencyTest, WhatIsNoLatencyLeavesNoTrace) {
  Answers("m", absl::ZeroDuration(), 30);
  Answers("m", absl::InfiniteDuration(), 30);
  EXPECT_THAT(sensor_.Models(), SizeIs(0));
}

TEST_F(MissLatencyTest, HoldsABoundedNumberOfModels) {
  for (int i = 0; i < 1000; ++i) Answers(std::to_string(i), absl::Seconds(1), 1);
  EXPECT_THAT(sensor_.Models(), SizeIs(256));
}

class LeaseLoadTest : public testing::Test {
 protected:
  static LoadConfig Config() {
    LoadConfig config;
    config.leases = {{"m", 4}, {"unused", 10}};
    return config;
  }
  void Take(const std::string& model, int leases = 1) {
    for (int i = 0; i < leases; ++i) sensor_.Change(model, 1, clock_.Monotonic());
  }
  void End(const std::string& model) { sensor_.Change(model, -1, clock_.Monotonic()); }
  std::optional<double> Utilization(const std::string& model) const {
    return sensor_.Utilization(model, clock_.Monotonic());
  }
  std::string Problem(const std::string& model) const {
    return sensor_.Problem(model, clock_.Monotonic());
  }

  const LoadConfig config_ = Config();
  FakeClock clock_;
  LeaseLoad sensor_{config_};
};

TEST_F(LeaseLoadTest, IsWhatIsHeldOverTheLimit) {
  Take("m", 3);
  EXPECT_THAT(Utilization("m"), Optional(0.75));
  Take("m", 3);
  EXPECT_THAT(Utilization("m"), Optional(1.5));
  End("m");
  EXPECT_THAT(Utilization("m"), Optional(1.25));
  EXPECT_THAT(sensor_.Models(), UnorderedElementsAre("m", "unused"));
}

TEST_F(LeaseLoadTest, AModelWithoutALimitIsUnknown) {
  Take("other", 100);
  EXPECT_EQ(Utilization("other"), std::nullopt);
  EXPECT_EQ(Problem("other"), "not in load.leases");
  EXPECT_THAT(sensor_.Models(), Not(Contains("other")));
}

TEST_F(LeaseLoadTest, WhereNobodyTakesLeasesNothingIsKnown) {
  EXPECT_EQ(Utilization("m"), std::nullopt);
  EXPECT_EQ(Problem("m"), "no lease was taken");
  Take("m");
  End("m");
  EXPECT_THAT(Utilization("m"), Optional(0));
  clock_.Advance(config_.stale_after + absl::Milliseconds(1));
  EXPECT_EQ(Utilization("m"), std::nullopt);
  EXPECT_EQ(Problem("m"), "no lease was held of late");
}

TEST_F(LeaseLoadTest, OneThatIsHeldForLongCounts) {
  Take("m");
  clock_.Advance(config_.stale_after + absl::Minutes(5));
  EXPECT_THAT(Utilization("m"), Optional(0.25));
  EXPECT_EQ(Problem("m"), "");
}

}  // namespace
}  // namespace semcached
