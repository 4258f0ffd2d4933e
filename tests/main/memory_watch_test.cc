#include "main/memory_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace semcached {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class MemoryWatchTest : public ::testing::Test {
 protected:
  // Of 1,000.
  void Use(int64_t used) {
    group_ = {used, 1000};
    watch_.Look();
  }
  std::vector<std::string> Taken() { return std::exchange(taken_, {}); }

  Metrics metrics_;
  std::optional<GroupMemory> group_;
  std::vector<std::string> taken_;
  MemoryWatch watch_{[this] { return group_; },
                     [this](MemoryStep step) { taken_.emplace_back(Name(step)); }, &metrics_};
};

TEST_F(MemoryWatchTest, WithoutALimitNothingIsShort) {
  watch_.Look();
  EXPECT_THAT(Taken(), IsEmpty());
}

TEST_F(MemoryWatchTest, StepsAreTakenInTheirOrderAsMemoryFills) {
  for (const int64_t used : {500, 849, 850, 899, 900, 950, 979, 980, 1000}) Use(used);
  EXPECT_THAT(Taken(),
              ElementsAre("shrink_caches", "evict", "refuse_inserts", "refuse_connections"));
  EXPECT_THAT(metrics_.Render(), HasSubstr("semcached_memory_step 4\n"));
  EXPECT_THAT(metrics_.Render(), HasSubstr("semcached_group_memory_used_bytes 1000\n"));
}

TEST_F(MemoryWatchTest, ASuddenNeedTakesThemAllAtOnce) {
  Use(990);
  EXPECT_THAT(Taken(), ElementsAre("refuse_connections"));
}

// What a step frees does not end it: else it would be taken and left each second.
TEST_F(MemoryWatchTest, AStepIsLeftATwentiethLower) {
  Use(960);
  EXPECT_THAT(Taken(), ElementsAre("refuse_inserts"));
  for (const int64_t used : {940, 949, 901, 951, 900}) Use(used);
  EXPECT_THAT(Taken(), IsEmpty());
  Use(899);
  EXPECT_THAT(Taken(), ElementsAre("evict"));
  Use(800);
  EXPECT_THAT(Taken(), ElementsAre("shrink_caches"));
  Use(799);
  EXPECT_THAT(Taken(), ElementsAre("none"));
}

TEST_F(MemoryWatchTest, ALimitThatIsLiftedEndsEveryStep) {
  Use(990);
  group_.reset();
  watch_.Look();
  EXPECT_THAT(Taken(), ElementsAre("refuse_connections", "none"));
}

}  // namespace
}  // namespace semcached
