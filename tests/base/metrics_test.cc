#include "semcached/base/metrics.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace semcached {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Metrics, CountersAddUp) {
  Metrics metrics;
  Counter hits = metrics.AddCounter("hits_total", "Hits.");
  hits.Add();
  hits.Add(2);
  EXPECT_EQ(hits.Value(), 3);
}

TEST(Metrics, TheSameNameAndLabelsAreTheSameMetric) {
  Metrics metrics;
  metrics.AddCounter("hits_total", "Hits.", {{"category", "code"}}).Add();
  metrics.AddCounter("hits_total", "Hits.", {{"category", "code"}}).Add();
  metrics.AddCounter("hits_total", "Hits.", {{"category", "legal"}}).Add();
  EXPECT_EQ(metrics.AddCounter("hits_total", "Hits.", {{"category", "code"}}).Value(), 2);
  EXPECT_EQ(metrics.AddCounter("hits_total", "Hits.", {{"category", "legal"}}).Value(), 1);
}

TEST(Metrics, GaugesGoBothWays) {
  Metrics metrics;
  Gauge entries = metrics.AddGauge("entries", "Entries.");
  entries.Set(5);
  entries.Add(-2);
  EXPECT_EQ(entries.Value(), 3);
}

TEST(Metrics, RendersWhatPrometheusReads) {
  Metrics metrics;
  metrics.AddCounter("hits_total", "Hits so far.", {{"category", "code"}}).Add(7);
  const std::string page = metrics.Render();
  EXPECT_THAT(page, HasSubstr("# HELP hits_total Hits so far.\n"));
  EXPECT_THAT(page, HasSubstr("# TYPE hits_total counter\n"));
  EXPECT_THAT(page, HasSubstr("hits_total{category=\"code\"} 7\n"));
}

TEST(Metrics, ALabelCannotForgeALine) {
  Metrics metrics;
  metrics.AddGauge("load", "Load.", {{"model", "a\"} 1\nforged 1"}}).Set(1);
  EXPECT_THAT(metrics.Render(), Not(HasSubstr("\nforged")));
}

TEST(Metrics, LatenciesFallIntoCumulativeBuckets) {
  Metrics metrics;
  Histogram latency = metrics.AddLatency("lookup_seconds", "Time of a lookup.");
  latency.Observe(20e-6);
  latency.Observe(0.002);
  latency.Observe(7);
  const std::string page = metrics.Render();
  EXPECT_THAT(page, HasSubstr("lookup_seconds_bucket{le=\"0.0025\"} 2\n"));
  EXPECT_THAT(page, HasSubstr("lookup_seconds_bucket{le=\"1\"} 2\n"));
  EXPECT_THAT(page, HasSubstr("lookup_seconds_bucket{le=\"+Inf\"} 3\n"));
  EXPECT_THAT(page, HasSubstr("lookup_seconds_count 3\n"));
}

TEST(Metrics, ManyThreadsMayAddAndRender) {
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 200; ++round) {
        metrics.AddCounter("hits_total", "Hits.", {{"category", "code"}}).Add();
        if (round % 50 == 0) metrics.Render();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(metrics.AddCounter("hits_total", "Hits.", {{"category", "code"}}).Value(), 800);
}

}  // namespace
}  // namespace semcached
