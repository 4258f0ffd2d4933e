#include "semcached/policy/scraped_load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "policy/vllm_page.h"
#include "semcached/policy/load_scraper.h"
#include "support/fake_clock.h"

namespace semcached {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Optional;

ScrapeConfig Server(const std::string& model, absl::Duration interval = absl::Seconds(2)) {
  ScrapeConfig config;
  config.model = model;
  config.limit = 10;
  config.interval = interval;
  return config;
}

class ScrapedLoadTest : public testing::Test {
 protected:
  ScrapedLoadTest() { Scrape({Server("m")}); }

  void Scrape(std::vector<ScrapeConfig> servers) {
    config_.scrape = std::move(servers);
    sensor_ = std::make_unique<ScrapedLoad>(config_, &metrics_);
  }
  void Gives(const VllmEngine& engine, size_t server = 0) {
    sensor_->Take(server, engine.Page(), clock_.Monotonic());
  }
  void Fails(const std::string& why, size_t server = 0) {
    sensor_->Take(server, absl::UnavailableError(why), clock_.Monotonic());
  }
  // Pages 2 s apart, with ten first tokens between each two.
  void FirstTokensTake(absl::Duration each, int pages) {
    for (int i = 0; i < pages; ++i) {
      clock_.Advance(absl::Seconds(2));
      engine_.first_tokens += 10;
      engine_.first_token_seconds += 10 * absl::ToDoubleSeconds(each);
      Gives(engine_);
    }
  }
  std::optional<double> Utilization(const std::string& model = "m") const {
    return sensor_->Utilization(model, clock_.Monotonic());
  }
  std::string Problem(const std::string& model = "m") const {
    return sensor_->Problem(model, clock_.Monotonic());
  }
  double Failures() {
    return metrics_.AddCounter("semcached_scrape_failures_total", "", {{"model", "m"}}).Value();
  }

  LoadConfig config_;
  FakeClock clock_;
  Metrics metrics_;
  VllmEngine engine_;
  std::unique_ptr<ScrapedLoad> sensor_;
};

TEST_F(ScrapedLoadTest, KnowsNothingBeforeTheFirstPage) {
  EXPECT_THAT(sensor_->Models(), ElementsAre("m"));
  EXPECT_EQ(Utilization(), std::nullopt);
  EXPECT_EQ(Problem(), "not scraped yet");
  EXPECT_EQ(Problem("other"), "not configured");
}

TEST_F(ScrapedLoadTest, TheLastPageCounts) {
  Gives({.running = 9});
  EXPECT_THAT(Utilization(), Optional(0.9));
  EXPECT_EQ(Problem(), "");
  Gives({.running = 2});
  EXPECT_THAT(Utilization(), Optional(0.2));
  EXPECT_EQ(Utilization("other"), std::nullopt);
  EXPECT_EQ(Failures(), 0);
}

TEST_F(ScrapedLoadTest, AFailureLeavesTheLastPageUntilThatIsStale) {
  Gives({.running = 9});
  clock_.Advance(config_.stale_after);
  Fails("Couldn't connect to server");
  EXPECT_THAT(Utilization(), Optional(0.9));
  EXPECT_EQ(Problem(), "Couldn't connect to server");
  clock_.Advance(absl::Milliseconds(1));
  EXPECT_EQ(Utilization(), std::nullopt);
  EXPECT_EQ(Failures(), 1);
  Gives({.running = 4});
  EXPECT_THAT(Utilization(), Optional(0.4));
  EXPECT_EQ(Problem(), "");
}

TEST_F(ScrapedLoadTest, WithoutNewPagesItIsStale) {
  Gives({.running = 9});
  clock_.Advance(config_.stale_after + absl::Milliseconds(1));
  EXPECT_EQ(Utilization(), std::nullopt);
  EXPECT_EQ(Problem(), "stale");
}

TEST_F(ScrapedLoadTest, APageThatSaysNothingIsUnknownAtOnce) {
  Gives({.running = 9});
  Gives({.running = -1});
  EXPECT_EQ(Utilization(), std::nullopt);
  EXPECT_THAT(Problem(), HasSubstr("comes to -0.1"));
  EXPECT_EQ(Failures(), 1);
}

TEST_F(ScrapedLoadTest, ServersOfOneModelShareItsWork) {
  Scrape({Server("m"), Server("other"), Server("m")});
  Gives({.running = 9}, 0);
  EXPECT_THAT(Utilization(), Optional(0.9));  // the other one is not known yet
  Gives({.running = 1}, 2);
  Gives({.running = 10}, 1);
  EXPECT_THAT(Utilization(), Optional(0.5));
  EXPECT_THAT(Utilization("other"), Optional(1.0));
  Fails("gone", 2);
  EXPECT_EQ(Problem(), "gone");
  EXPECT_THAT(sensor_->Models(), ElementsAre("m", "other"));
}

TEST_F(ScrapedLoadTest, SlowFirstTokensAreLoad) {
  FirstTokensTake(absl::Milliseconds(200), 120);
  EXPECT_NEAR(Utilization().value(), 0, 0.01);
  FirstTokensTake(absl::Seconds(2), 60);
  EXPECT_NEAR(Utilization().value(), 0.9, 0.01);
  engine_.running = 15;
  FirstTokensTake(absl::Seconds(2), 1);
  EXPECT_THAT(Utilization(), Optional(1.5));  // the highest counts
}

TEST_F(ScrapedLoadTest, FirstTokensOfABusyPastDoNotKeepAnIdleServerBusy) {
  FirstTokensTake(absl::Milliseconds(200), 120);
  FirstTokensTake(absl::Seconds(2), 60);
  for (int i = 0; i < 6; ++i) {
    clock_.Advance(absl::Seconds(2));
    Gives(engine_);  // nothing new
  }
  EXPECT_THAT(Utilization(), Optional(0.0));
}

TEST_F(ScrapedLoadTest, ARestartedServerIsNoFirstToken) {
  FirstTokensTake(absl::Milliseconds(200), 120);
  engine_ = {};
  Gives(engine_);
  FirstTokensTake(absl::Milliseconds(200), 30);
  EXPECT_NEAR(Utilization().value(), 0, 0.01);
}

TEST_F(ScrapedLoadTest, OnlyFirstTokensMayBeAllThereIs) {
  const auto page = [](int count) {
    return absl::StrCat("vllm:time_to_first_token_seconds_count ", count,
                        "\nvllm:time_to_first_token_seconds_sum ", count, "\n");
  };
  ScrapeConfig server = Server("m");
  server.limit = 0;
  Scrape({server});
  sensor_->Take(0, page(1), clock_.Monotonic());
  EXPECT_EQ(Utilization(), std::nullopt);
  EXPECT_EQ(Problem(), "too few first tokens yet");
  for (int i = 2; i < 30; ++i) {
    clock_.Advance(absl::Seconds(1));
    sensor_->Take(0, page(i), clock_.Monotonic());
  }
  EXPECT_NEAR(Utilization().value(), 0, 0.01);
  EXPECT_EQ(Problem(), "");
}

// Gives one page for ever, or hangs until it is cancelled.
class FakePage final : public PageSource {
 public:
  explicit FakePage(std::string page) : page_(std::move(page)) {}

  absl::StatusOr<std::string> Get(const Call& call) override {
    ++looks_;
    while (page_.empty() && call.Check().ok()) std::this_thread::yield();
    if (page_.empty()) return call.Check();
    return page_;
  }
  int looks() const { return looks_; }

 private:
  const std::string page_;
  std::atomic<int> looks_{0};
};

TEST(LoadScraperTest, AServerThatHangsDelaysNoOther) {
  LoadConfig config;
  config.scrape = {Server("hangs", absl::Milliseconds(1)),
                   Server("answers", absl::Milliseconds(1))};
  FakeClock clock;
  Metrics metrics;
  ScrapedLoad load(config, &metrics);
  auto hanging = std::make_unique<FakePage>("");
  auto answering = std::make_unique<FakePage>(VllmEngine{.running = 9}.Page());
  const FakePage& hangs = *hanging;
  const FakePage& answers = *answering;
  std::vector<std::unique_ptr<PageSource>> pages;
  pages.push_back(std::move(hanging));
  pages.push_back(std::move(answering));

  LoadScraper scraper(config, std::move(pages), clock, &load);
  EXPECT_EQ(answers.looks(), 0);
  scraper.Start();
  while (hangs.looks() < 1 || answers.looks() < 5) std::this_thread::yield();
  EXPECT_THAT(load.Utilization("answers", clock.Monotonic()), Optional(0.9));
  EXPECT_EQ(hangs.looks(), 1);
  scraper.Stop();  // does not wait for what hangs
  EXPECT_EQ(load.Problem("hangs", clock.Monotonic()), "not scraped yet");
}

}  // namespace
}  // namespace semcached
