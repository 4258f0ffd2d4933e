#include "semcached/replay/stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace semcached {
namespace {

using testing::HasSubstr;

class StreamTest : public testing::Test {
 protected:
  StreamTest() {
    for (int i = 0; i < 100; ++i) Add("code", i == 42 ? 3 : 1);
    for (int i = 0; i < 10; ++i) Add("news", 1);
    workload_.shares = {{"code", 0.8}, {"news", 0.2}};
    workload_.tenants = 4;
    workload_.history_arrivals = 50;
    workload_.history_span = absl::Hours(10);
    for (int i = 0; i < 5000; ++i) arrivals_.push_back({absl::Seconds(i), 5, 6});
  }
  void Add(const std::string& category, int texts) {
    bank_.by_category[category].push_back(bank_.intents.size());
    bank_.intents.push_back({category, std::vector<std::string>(static_cast<size_t>(texts), "t")});
  }
  AskStream Make(double exponent, uint64_t seed = 1) {
    auto stream = MakeAskStream(arrivals_, bank_, workload_, {exponent, {}}, seed);
    EXPECT_TRUE(stream.ok()) << stream.status();
    return *std::move(stream);
  }
  std::map<size_t, int> CountIntents(const AskStream& stream) {
    std::map<size_t, int> counts;
    for (const Ask& ask : stream.trace) ++counts[ask.intent];
    return counts;
  }

  QuestionBank bank_;
  ReplayWorkload workload_;
  Arrivals arrivals_;
};

TEST_F(StreamTest, KeepsArrivalsAndShares) {
  const AskStream stream = Make(0);
  ASSERT_EQ(stream.trace.size(), arrivals_.size());
  int64_t code = 0;
  for (size_t i = 0; i < stream.trace.size(); ++i) {
    EXPECT_EQ(stream.trace[i].at, arrivals_[i].at);
    EXPECT_EQ(stream.trace[i].work.output_tokens, 6);
    EXPECT_LT(stream.trace[i].tenant, 4);
    code += bank_.intents[stream.trace[i].intent].category == "code" ? 1 : 0;
  }
  EXPECT_NEAR(static_cast<double>(code), 4000, 150);
}

TEST_F(StreamTest, APowerLawAsksMostForWhatHasMostWords) {
  const auto even = CountIntents(Make(0));
  EXPECT_NEAR(even.at(42), 40, 30);
  const auto steep = CountIntents(Make(1));
  const auto most = std::max_element(
      steep.begin(), steep.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  EXPECT_EQ(most->first, 42U);
  EXPECT_NEAR(most->second, 4000 / 5.187, 120);  // the 100th harmonic number
}

TEST_F(StreamTest, TheHistoryComesBeforeInOrder) {
  const AskStream stream = Make(0);
  ASSERT_EQ(stream.history.size(), 50U);
  EXPECT_EQ(stream.history.front().at, -absl::Hours(10));
  EXPECT_LT(stream.history.back().at, absl::ZeroDuration());
  EXPECT_TRUE(std::is_sorted(stream.history.begin(), stream.history.end(),
                             [](const Ask& a, const Ask& b) { return a.at < b.at; }));
}

TEST_F(StreamTest, WhatIsCutOffBeforeIsHistory) {
  const AskStream whole = Make(0);
  const AskStream cut = CutStream(whole, absl::Seconds(1000), absl::Seconds(60));
  ASSERT_EQ(cut.trace.size(), 60U);
  EXPECT_EQ(cut.trace.front().at, absl::ZeroDuration());
  EXPECT_EQ(cut.trace.front().work.at, absl::ZeroDuration());
  EXPECT_EQ(cut.trace.front().intent, whole.trace[1000].intent);
  ASSERT_EQ(cut.history.size(), 1050U);
  EXPECT_EQ(cut.history.front().at, -absl::Hours(10) - absl::Seconds(1000));
  EXPECT_EQ(cut.history.back().at, -absl::Seconds(1));
  EXPECT_TRUE(CutStream(whole, absl::Hours(5), absl::InfiniteDuration()).trace.empty());
  EXPECT_EQ(CutStream(whole, absl::ZeroDuration(), absl::InfiniteDuration()).trace.size(), 5000U);
}

TEST_F(StreamTest, ASeedIsAStream) {
  EXPECT_EQ(CountIntents(Make(1, 7)), CountIntents(Make(1, 7)));
  EXPECT_NE(CountIntents(Make(1, 7)), CountIntents(Make(1, 8)));
}

TEST_F(StreamTest, NamesACategoryWithoutQuestions) {
  workload_.shares["math"] = 0.1;
  EXPECT_THAT(MakeAskStream(arrivals_, bank_, workload_, {}, 1).status().message(),
              HasSubstr("math"));
}

TEST(FactTest, ChangesOnceAPeriod) {
  const absl::Duration stays = absl::Minutes(10);
  int changes = 0;
  for (int second = 1; second <= 600; ++second) {
    changes +=
        FactAt(3, absl::Seconds(second), stays) != FactAt(3, absl::Seconds(second - 1), stays) ? 1
                                                                                               : 0;
  }
  EXPECT_EQ(changes, 1);
  EXPECT_EQ(FactAt(3, absl::Hours(5), absl::ZeroDuration()), 0);
}

}  // namespace
}  // namespace semcached
