#include "policy/scraped_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "policy/metrics_page.h"
#include "policy/vllm_page.h"

namespace semcached {
namespace {

using testing::DoubleNear;
using testing::HasSubstr;
using testing::Optional;
using testing::SizeIs;

Series Named(const std::string& text) {
  std::string_view left = text;
  return ConsumeSeries(&left).value();
}

MetricSamples Samples(std::string_view page, const std::string& pattern) {
  const absl::StatusOr<MetricSamples> samples = ReadSamples(page, {Named(pattern)});
  EXPECT_TRUE(samples.ok()) << samples.status();
  return samples.value_or(MetricSamples());
}

void ExpectRefused(std::string_view page, const std::string& pattern, const std::string& says) {
  const absl::Status status = ReadSamples(page, {Named(pattern)}).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << page;
  EXPECT_THAT(std::string(status.message()), HasSubstr(says));
}

TEST(MetricsPageTest, AddsUpOrPicksByLabel) {
  const std::string page =
      "# HELP queue Requests waiting.\n# TYPE queue gauge\n"
      "queue{pool=\"chat\",zone=\"a\"} 3\n\nqueue{pool=\"chat\",zone=\"b\"} 4.5 1700000000000\n"
      "  queue{pool=\"batch\"}\t100\r\nqueue_total 7\n";
  const MetricSamples samples = Samples(page, "queue");
  EXPECT_THAT(samples, SizeIs(3));
  EXPECT_THAT(SumOf(samples, Named("queue")), Optional(107.5));
  EXPECT_THAT(SumOf(samples, Named("queue{pool=\"chat\"}")), Optional(7.5));
  EXPECT_THAT(HighestOf(samples, Named("queue{pool=\"chat\"}")), Optional(4.5));
  EXPECT_EQ(SumOf(samples, Named("queue{pool=\"none\"}")), std::nullopt);
  EXPECT_EQ(HighestOf(samples, Named("other")), std::nullopt);
}

TEST(MetricsPageTest, OtherMetricsMayHoldAnything) {
  const std::string page = "broken{a=\"\n{\"new.style\"} 1\n\xff\xfe 2\nother NaN\nup 1\n";
  EXPECT_THAT(SumOf(Samples(page, "up"), Named("up")), Optional(1.0));
  // Nor does a series that is not asked for, beside one that is.
  EXPECT_THAT(SumOf(Samples("up{a=\"1\"} NaN\nup{a=\"2\"} 1\n", "up{a=\"2\"}"), Named("up")),
              Optional(1.0));
}

TEST(MetricsPageTest, RefusesWhatIsNoFiniteNumberWithItsLine) {
  ExpectRefused("# x\nup NaN\n", "up", "line 2: up is not finite");
  ExpectRefused("up +Inf\n", "up", "not finite");
  ExpectRefused("up -Inf\n", "up", "not finite");
  ExpectRefused("up 1e999\n", "up", "not finite");
  ExpectRefused("up \n", "up", "no number");
  ExpectRefused("up{a=\"1\"}\n", "up", "no number");
  ExpectRefused("up one\n", "up", "no number");
  ExpectRefused("up{a=1} 1\n", "up", "labels that cannot be read");
  ExpectRefused("up{a=\"1\" 1\n", "up", "labels that cannot be read");
}

TEST(MetricsPageTest, APageThatWasCutOffIsRefused) {
  ExpectRefused("up 1\nother 123", "up", "line 2: the page ends within it");
  EXPECT_TRUE(ReadSamples("", {Named("up")}).ok());
}

TEST(MetricsPageTest, AnyBytesEndWell) {
  std::mt19937 random(7);
  const std::string alphabet = "up{}=\",\\ \n1.e+-NaIf#\xff";
  for (int round = 0; round < 20'000; ++round) {
    std::string page;
    for (int i = 0; i < 40; ++i) page += alphabet[random() % alphabet.size()];
    const absl::StatusOr<MetricSamples> samples = ReadSamples(page, {Named("up")});
    if (!samples.ok()) continue;
    for (const MetricSample& sample : *samples) EXPECT_TRUE(std::isfinite(sample.value)) << page;
  }
}

class ScrapedPageTest : public testing::Test {
 protected:
  ScrapedPage Read(const std::string& page) const {
    const absl::StatusOr<ScrapedPage> read = ReadScrapedPage(config_, page);
    EXPECT_TRUE(read.ok()) << read.status();
    return read.value_or(ScrapedPage());
  }
  void ExpectUnusable(const std::string& page, const std::string& says) const {
    const absl::Status status = ReadScrapedPage(config_, page).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(says));
  }
  void Divide(const std::string& value, const std::string& divide_by) {
    config_.kind = ScrapeKind::kMetric;
    config_.value = Named(value);
    config_.divide_by = Named(divide_by);
  }

  ScrapeConfig config_;
};

TEST_F(ScrapedPageTest, RequestsCountAgainstTheLimit) {
  config_.limit = 16;
  EXPECT_THAT(Read(VllmEngine{.running = 12, .waiting = 8}.Page()).utilization, Optional(1.25));
  EXPECT_THAT(Read(VllmEngine{}.Page()).utilization, Optional(0.0));
}

TEST_F(ScrapedPageTest, AFullCacheIsLoadByEitherName) {
  config_.limit = 100;
  const VllmEngine engine{.running = 12, .cache = 0.875};
  EXPECT_THAT(Read(engine.Page()).utilization, Optional(0.875));
  EXPECT_THAT(Read(engine.Page("vllm:gpu_cache_usage_perc")).utilization, Optional(0.875));
  config_.limit = 0;  // then the cache alone
  EXPECT_THAT(Read(VllmEngine{.running = 50, .cache = 0.25}.Page()).utilization, Optional(0.25));
}

TEST_F(ScrapedPageTest, EnginesOfOneServerShareItsLimit) {
  config_.limit = 20;
  const std::string page =
      VllmEngine{.running = 8, .waiting = 1, .cache = 0.5, .first_tokens = 10}.Page() +
      VllmEngine{.running = 2, .cache = 0.125, .first_tokens = 5, .engine = "1"}.Page();
  EXPECT_THAT(Read(page).utilization, Optional(0.55));
  EXPECT_EQ(Read(page).first_tokens->count, 15);
}

TEST_F(ScrapedPageTest, AModelNamePicksItsSeries) {
  config_.limit = 20;
  config_.model_name = "acme/small";
  const std::string page = VllmEngine{.running = 19, .cache = 0.9}.Page() +
                           VllmEngine{.running = 4, .model_name = "acme/small"}.Page();
  EXPECT_THAT(Read(page).utilization, Optional(0.2));
  config_.model_name = "acme/gone";
  ExpectUnusable(page, "vllm:num_requests_running is not on the page");
}

TEST_F(ScrapedPageTest, FirstTokensAreToldUnlessSwitchedOff) {
  const std::string page = VllmEngine{.first_tokens = 40, .first_token_seconds = 8.5}.Page();
  ASSERT_TRUE(Read(page).first_tokens.has_value());
  EXPECT_EQ(Read(page).first_tokens->count, 40);
  EXPECT_EQ(Read(page).first_tokens->seconds, 8.5);
  config_.first_token = false;
  EXPECT_FALSE(Read(page).first_tokens.has_value());
}

TEST_F(ScrapedPageTest, APageWithoutWhatIsNeededIsNamedSo) {
  ExpectUnusable("<html>\n<body>It works</body>\n</html>\n", "is not on the page; check url");
  ExpectUnusable("", "is not on the page");
  config_.limit = 10;
  ExpectUnusable("vllm:kv_cache_usage_perc 0.5\n", "vllm:num_requests_running is not on the page");
}

TEST_F(ScrapedPageTest, LiesAreRefused) {
  config_.limit = 10;
  ExpectUnusable(VllmEngine{.running = -5}.Page(), "(running + waiting) / limit comes to -0.5");
  ExpectUnusable(VllmEngine{.cache = -1}.Page(), "comes to -1");
  ExpectUnusable(VllmEngine{.cache = std::numeric_limits<double>::quiet_NaN()}.Page(),
                 "vllm:kv_cache_usage_perc is not finite");
}

TEST_F(ScrapedPageTest, AnyMetricByNameAndExpression) {
  config_.kind = ScrapeKind::kMetric;
  config_.value = Named("busy{pool=\"a\"}");
  const std::string page = "busy{pool=\"a\"} 30\nbusy{pool=\"b\"} 1\nslots 40\nnone 0\n";
  EXPECT_THAT(Read(page).utilization, Optional(30.0));
  config_.divisor = 60;
  EXPECT_THAT(Read(page).utilization, Optional(0.5));
  Divide("busy{pool=\"a\"}", "slots");
  EXPECT_THAT(Read(page).utilization, Optional(0.75));
  Divide("busy", "none");
  ExpectUnusable(page, "value / divide_by comes to inf");
  Divide("none", "none");
  ExpectUnusable(page, "value / divide_by comes to");
  Divide("gone", "slots");
  ExpectUnusable(page, "gone is not on the page");
  Divide("busy", "gone");
  ExpectUnusable(page, "gone is not on the page");
}

TEST(MeanTimeToFirstTokenTest, IsOfTheTokensBetweenTwoPages) {
  EXPECT_EQ(MeanTimeToFirstToken({.count = 10, .seconds = 5}, {.count = 14, .seconds = 7}),
            absl::Milliseconds(500));
  EXPECT_EQ(MeanTimeToFirstToken({.count = 10, .seconds = 5}, {.count = 10, .seconds = 5}),
            std::nullopt);
  // The server began anew.
  EXPECT_EQ(MeanTimeToFirstToken({.count = 10, .seconds = 5}, {.count = 2, .seconds = 1}),
            std::nullopt);
  EXPECT_EQ(MeanTimeToFirstToken({.count = 10, .seconds = 5}, {.count = 12, .seconds = 4}),
            std::nullopt);
}

// Found by fuzzing: sums of finite numbers need not be finite, nor quotients.
TEST(MeanTimeToFirstTokenTest, IsFinite) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(
      MeanTimeToFirstToken({.count = 1, .seconds = 1}, {.count = kInfinity, .seconds = kInfinity}),
      std::nullopt);
  EXPECT_EQ(MeanTimeToFirstToken({.count = 0, .seconds = 0}, {.count = 1e-300, .seconds = 1e300}),
            std::nullopt);
}

}  // namespace
}  // namespace semcached
