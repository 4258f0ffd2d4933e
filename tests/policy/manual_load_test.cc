#include "semcached/policy/manual_load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "support/fake_clock.h"

namespace semcached {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Optional;

class ManualLoadTest : public testing::Test {
 protected:
  absl::Status Set(const std::string& model, double utilization,
                   absl::Duration duration = absl::Minutes(10)) {
    return load_.Set(model, utilization, duration, clock_.Monotonic());
  }
  std::optional<double> Utilization(const std::string& model) const {
    return load_.Utilization(model, clock_.Monotonic());
  }
  void ExpectRefused(const absl::Status& status, const std::string& says) {
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(says));
  }

  FakeClock clock_;
  ManualLoad load_;
};

TEST_F(ManualLoadTest, HoldsForItsTime) {
  ASSERT_TRUE(Set("m", 0.8).ok());
  EXPECT_EQ(Utilization("other"), std::nullopt);
  clock_.Advance(absl::Minutes(9));
  EXPECT_THAT(Utilization("m"), Optional(0.8));
  EXPECT_THAT(load_.Remaining("m", clock_.Monotonic()), Optional(absl::Minutes(1)));
  EXPECT_THAT(load_.TakeExpired(clock_.Monotonic()), IsEmpty());
  clock_.Advance(absl::Minutes(1));
  EXPECT_EQ(Utilization("m"), std::nullopt);
  EXPECT_EQ(load_.Remaining("m", clock_.Monotonic()), std::nullopt);
  EXPECT_THAT(load_.TakeExpired(clock_.Monotonic()), ElementsAre("m"));
  EXPECT_THAT(load_.TakeExpired(clock_.Monotonic()), IsEmpty());
  EXPECT_THAT(load_.Models(), IsEmpty());
}

TEST_F(ManualLoadTest, ALaterOneTakesItsPlace) {
  ASSERT_TRUE(Set("m", 0.8, absl::Hours(1)).ok());
  ASSERT_TRUE(Set("m", 0.1, absl::Seconds(1)).ok());
  EXPECT_THAT(Utilization("m"), Optional(0.1));
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Utilization("m"), std::nullopt);
}

TEST_F(ManualLoadTest, MayBeCleared) {
  EXPECT_FALSE(load_.Clear("m"));
  ASSERT_TRUE(Set("m", 0.8).ok());
  EXPECT_TRUE(load_.Clear("m"));
  EXPECT_EQ(Utilization("m"), std::nullopt);
}

TEST_F(ManualLoadTest, IsBounded) {
  ExpectRefused(Set("", 0.5), "model is empty");
  ExpectRefused(Set("m", -0.1), "utilization is -0.1; allowed: 0 to 10");
  ExpectRefused(Set("m", 10.5), "utilization is 10.5");
  ExpectRefused(Set("m", std::numeric_limits<double>::quiet_NaN()), "utilization is nan");
  ExpectRefused(Set("m", std::numeric_limits<double>::infinity()), "utilization is inf");
  ExpectRefused(Set("m", 0.5, absl::Milliseconds(999)), "duration is 999ms; allowed: 1s to 24h");
  ExpectRefused(Set("m", 0.5, absl::Hours(25)), "duration is 25h");
  ExpectRefused(Set("m", 0.5, absl::InfiniteDuration()), "duration is inf");
  EXPECT_THAT(load_.Models(), IsEmpty());
  for (size_t i = 0; i < ManualLoad::kMaxModels; ++i) ASSERT_TRUE(Set(std::to_string(i), 1).ok());
  EXPECT_TRUE(absl::IsResourceExhausted(Set("one more", 1)));
  EXPECT_TRUE(Set("0", 0.5).ok());
}

}  // namespace
}  // namespace semcached
