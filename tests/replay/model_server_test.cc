#include "semcached/replay/model_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace semcached {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

// A token a second, alone or not, and no time for the input.
ModelSpeed EvenSpeed() {
  return {.input_token_seconds = 1e-9, .output_token_seconds = 1, .full_batch_slowdown = 1};
}
Arrival Work(int64_t output_tokens) { return {{}, 0, output_tokens}; }

void ExpectDone(const ModelServer::Done& done, size_t request, double seconds) {
  EXPECT_EQ(done.request, request);
  EXPECT_NEAR(absl::ToDoubleSeconds(done.at), seconds, 1e-6);
}

TEST(ModelServerTest, WorksOnItsSlotsAndLetsTheRestWait) {
  ModelServer server(EvenSpeed(), 2);
  server.Submit(0, Work(10), absl::ZeroDuration());
  server.Submit(1, Work(4), absl::ZeroDuration());
  server.Submit(2, Work(3), absl::ZeroDuration());
  EXPECT_EQ(server.in_flight(), 2);
  EXPECT_EQ(server.queued(), 1);
  EXPECT_DOUBLE_EQ(server.Utilization(), 1.5);

  const auto done = server.AdvanceTo(absl::Seconds(20));
  ASSERT_THAT(done, SizeIs(3));
  ExpectDone(done[0], 1, 4);
  ExpectDone(done[1], 2, 7);
  ExpectDone(done[2], 0, 10);
  EXPECT_EQ(server.NextDone(), absl::InfiniteDuration());
}

TEST(ModelServerTest, AFullBatchIsSlower) {
  ModelSpeed speed = EvenSpeed();
  speed.full_batch_slowdown = 3;
  ModelServer server(speed, 2);
  server.Submit(0, Work(10), absl::ZeroDuration());  // alone a step takes 2 s
  EXPECT_THAT(server.AdvanceTo(absl::Seconds(10)), IsEmpty());
  server.Submit(1, Work(2), absl::Seconds(10));  // together 3 s
  const auto done = server.AdvanceTo(absl::Seconds(100));
  ASSERT_THAT(done, SizeIs(2));
  ExpectDone(done[0], 1, 16);
  ExpectDone(done[1], 0, 22);  // 5 tokens by 10 s, 2 by 16 s, 3 alone again
}

TEST(ModelServerTest, InputIsWorkToo) {
  ModelSpeed speed = EvenSpeed();
  speed.input_token_seconds = 0.01;
  ModelServer server(speed, 1);
  server.Submit(0, {{}, 500, 5}, absl::ZeroDuration());
  EXPECT_NEAR(absl::ToDoubleSeconds(server.NextDone()), 10, 1e-6);
}

TEST(ModelServerTest, WhatIsSaidToEndNextEndsThen) {
  ModelServer server({}, 3);
  for (size_t i = 0; i < 50; ++i) {
    server.Submit(i, {{}, 7 * static_cast<int64_t>(i), 1 + static_cast<int64_t>(i * 13 % 29)},
                  absl::ZeroDuration());
  }
  size_t ended = 0;
  for (int steps = 0; ended < 50 && steps < 100; ++steps) {
    ended += server.AdvanceTo(server.NextDone()).size();
  }
  EXPECT_EQ(ended, 50U);
}

Arrivals Every(absl::Duration gap, absl::Duration from, absl::Duration to) {
  Arrivals arrivals;
  for (absl::Duration at = from; at < to; at += gap) arrivals.push_back({at, 0, 10});
  return arrivals;
}

TEST(SizeServerTest, IsTheSmallestThatIsCalmWhenItIsCalm) {
  Arrivals arrivals = Every(absl::Seconds(1), absl::ZeroDuration(), absl::Minutes(20));
  const Arrivals burst = Every(absl::Seconds(0.4), absl::Minutes(20), absl::Minutes(40));
  arrivals.insert(arrivals.end(), burst.begin(), burst.end());
  const Sizing sizing = SizeServer(arrivals, EvenSpeed());  // ten in flight when calm
  EXPECT_EQ(sizing.slots, 17);
  EXPECT_LE(sizing.utilization.calmest, kMostWhenCalm);
  EXPECT_GE(sizing.utilization.busiest, kLeastWhenBusy);
  EXPECT_GT(ExtremesOf(UtilizationBySecond(arrivals, EvenSpeed(), 16)).calmest, kMostWhenCalm);
}

TEST(ExtremesTest, AreMeansOverTenMinutes) {
  std::vector<double> by_second(1800, 1.0);
  for (size_t i = 600; i < 1200; ++i) by_second[i] = 3;
  for (size_t i = 1500; i < 1800; ++i) by_second[i] = 0;
  const Extremes extremes = ExtremesOf(by_second);
  EXPECT_NEAR(extremes.busiest, 3, 1e-9);
  EXPECT_NEAR(extremes.calmest, 0.5, 1e-9);
}

}  // namespace
}  // namespace semcached
