#include "main/server_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <string>
#include <thread>

namespace semcached {
namespace {

using ::testing::HasSubstr;

// A process that is looked at each second.
class RestWatchTest : public ::testing::Test {
 protected:
  // It uses so much of a core for another second.
  bool AfterASecondAt(double share) {
    now_ += absl::Seconds(1);
    cpu_seconds_ += share;
    return watch_.Look(now_, cpu_seconds_);
  }

  RestWatch watch_;
  absl::Duration now_ = absl::Seconds(1000);
  double cpu_seconds_ = 70;
};

TEST_F(RestWatchTest, ThreeQuietSecondsOnEndAreRest) {
  EXPECT_FALSE(watch_.Look(now_, cpu_seconds_)) << "one reading tells nothing";
  EXPECT_FALSE(AfterASecondAt(0.01));
  EXPECT_FALSE(AfterASecondAt(0.02));
  EXPECT_TRUE(AfterASecondAt(0.01));
  EXPECT_NEAR(watch_.share(), 0.01, 1e-9);
}

TEST_F(RestWatchTest, WorkInBetweenBeginsItAnew) {
  watch_.Look(now_, cpu_seconds_);
  AfterASecondAt(0);
  AfterASecondAt(0);
  EXPECT_FALSE(AfterASecondAt(0.3));
  EXPECT_NEAR(watch_.share(), 0.3, 1e-9);
  EXPECT_FALSE(AfterASecondAt(0));
  EXPECT_FALSE(AfterASecondAt(0));
  EXPECT_TRUE(AfterASecondAt(0));
}

// A page of metrics at a port of its own.
class MetricsPage {
 public:
  explicit MetricsPage(const std::string& text) {
    server_.Get("/metrics", [text](const httplib::Request&, httplib::Response& response) {
      response.set_content(text, "text/plain");
    });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_.listen_after_bind(); });
  }
  ~MetricsPage() {
    // stop() before the server runs would be forgotten.
    while (!server_.is_running()) std::this_thread::yield();
    server_.stop();
    thread_.join();
  }

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
};

TEST(ReadProcessTest, TakesTwoSeriesOfThePage) {
  const MetricsPage page(
      "# TYPE process_cpu_seconds_total counter\n"
      "process_cpu_seconds_total 12.5\n"
      "process_resident_memory_bytes 4096\n");
  const auto process = ReadProcess(page.address());
  ASSERT_TRUE(process.ok()) << process.status();
  EXPECT_EQ(process->cpu_seconds, 12.5);
  EXPECT_EQ(process->resident_bytes, 4096);
}

TEST(ReadProcessTest, TellsWhereItFoundNothing) {
  const MetricsPage page("something_else 1\n");
  const absl::Status status = ReadProcess(page.address()).status();
  EXPECT_TRUE(absl::IsUnavailable(status));
  EXPECT_THAT(status.message(), HasSubstr(page.address()));
  EXPECT_TRUE(absl::IsInvalidArgument(ReadProcess("nowhere").status()));
}

}  // namespace
}  // namespace semcached
