#include "semcached/base/cpus.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <map>
#include <thread>

namespace semcached {
namespace {

using Files = std::map<std::string, std::string>;

std::optional<double> QuotaOf(const Files& files) {
  return CpuQuota([&](const std::string& path) -> std::optional<std::string> {
    const auto file = files.find(path);
    if (file == files.end()) return std::nullopt;
    return file->second;
  });
}

TEST(CpuQuotaTest, NoFileIsNoLimit) {
  EXPECT_EQ(QuotaOf({}), std::nullopt);
  EXPECT_EQ(QuotaOf({{"/proc/self/cgroup", "0::/\n"}}), std::nullopt);
  EXPECT_EQ(QuotaOf({{"/sys/fs/cgroup/cpu.max", "100000 100000\n"}}), std::nullopt);
}

TEST(CpuQuotaTest, AContainerSeesItsGroupAsTheRoot) {
  EXPECT_EQ(
      QuotaOf({{"/proc/self/cgroup", "0::/\n"}, {"/sys/fs/cgroup/cpu.max", "150000 100000\n"}}),
      1.5);
  EXPECT_EQ(QuotaOf({{"/proc/self/cgroup", "0::/\n"}, {"/sys/fs/cgroup/cpu.max", "max 100000\n"}}),
            std::nullopt);
}

TEST(CpuQuotaTest, TheTightestGroupOnTheWayUpCounts) {
  Files files = {{"/proc/self/cgroup", "0::/system.slice/semcached.service\n"},
                 {"/sys/fs/cgroup/system.slice/semcached.service/cpu.max", "400000 100000\n"},
                 {"/sys/fs/cgroup/system.slice/cpu.max", "300000 100000\n"}};
  EXPECT_EQ(QuotaOf(files), 3);
  files["/sys/fs/cgroup/system.slice/semcached.service/cpu.max"] = "50000 100000\n";
  EXPECT_EQ(QuotaOf(files), 0.5);
}

TEST(CpuQuotaTest, VersionOneHasAFileForEachNumber) {
  const std::string groups = "5:memory:/docker/1f\n4:cpu,cpuacct:/docker/1f\n0::/docker/1f\n";
  EXPECT_EQ(QuotaOf({{"/proc/self/cgroup", groups},
                     {"/sys/fs/cgroup/cpu,cpuacct/docker/1f/cpu.cfs_quota_us", "200000\n"},
                     {"/sys/fs/cgroup/cpu,cpuacct/docker/1f/cpu.cfs_period_us", "100000\n"}}),
            2);
  // The host's path names nothing in a container, whose own group is what is mounted.
  EXPECT_EQ(QuotaOf({{"/proc/self/cgroup", groups},
                     {"/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000\n"},
                     {"/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"}}),
            0.5);
  EXPECT_EQ(QuotaOf({{"/proc/self/cgroup", groups},
                     {"/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n"},
                     {"/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"}}),
            std::nullopt);
}

TEST(CpuQuotaTest, OtherControllersSayNothing) {
  EXPECT_EQ(QuotaOf({{"/proc/self/cgroup", "3:cpuset:/\n2:cpuacct:/\n"},
                     {"/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "50000\n"},
                     {"/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n"}}),
            std::nullopt);
}

TEST(CpuQuotaTest, NonsenseIsNoLimit) {
  for (const char* limit : {"", "\n", "1", "0 100000", "100000 0", "-5 100000", "1 2 3", "a b"}) {
    EXPECT_EQ(
        QuotaOf({{"/proc/self/cgroup", "no groups\n0::/\n"}, {"/sys/fs/cgroup/cpu.max", limit}}),
        std::nullopt)
        << limit;
  }
}

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
