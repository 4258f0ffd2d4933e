#include "semcached/base/cpus.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <thread>

namespace semcached {
namespace {

TEST(UsableCpusTest, AreThoseAllowedWithinTheQuota) {
  EXPECT_EQ(UsableCpus(8, std::nullopt), 8);
  EXPECT_EQ(UsableCpus(8, 2), 2);
  EXPECT_EQ(UsableCpus(8, 1.5), 2);
  EXPECT_EQ(UsableCpus(8, 0.1), 1);
  EXPECT_EQ(UsableCpus(2, 1e12), 2);
  EXPECT_EQ(UsableCpus(0, std::nullopt), 1);
}

// In a thread of its own, whose affinity goes with it.
TEST(UsableCpusTest, FollowTheAffinityOfTheThreadThatAsks) {
  std::thread([] {
    cpu_set_t allowed;
    ASSERT_EQ(sched_getaffinity(0, sizeof(allowed), &allowed), 0);
    int first = 0;
    while (!CPU_ISSET(first, &allowed)) ++first;
    CPU_ZERO(&allowed);
    CPU_SET(first, &allowed);
    ASSERT_EQ(sched_setaffinity(0, sizeof(allowed), &allowed), 0);
    EXPECT_EQ(UsableCpus(), 1);
  }).join();
}

}  // namespace
}  // namespace semcached
