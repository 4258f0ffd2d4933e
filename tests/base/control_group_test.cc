#include "semcached/base/control_group.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace semcached {
namespace {

using Files = std::map<std::string, std::string>;

std::optional<std::string> Find(const Files& files, const std::string& path) {
  const auto file = files.find(path);
  if (file == files.end()) return std::nullopt;
  return file->second;
}

std::optional<double> QuotaOf(const Files& files) {
  return CpuQuota([&](const std::string& path) { return Find(files, path); });
}

std::optional<int64_t> MemoryOf(const Files& files) {
  return MemoryQuota([&](const std::string& path) { return Find(files, path); });
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

TEST(MemoryQuotaTest, TheTightestGroupOnTheWayUpCounts) {
  Files files = {{"/proc/self/cgroup", "0::/pod/sidecar\n"},
                 {"/sys/fs/cgroup/pod/sidecar/memory.max", "536870912\n"},
                 {"/sys/fs/cgroup/pod/memory.max", "max\n"}};
  EXPECT_EQ(MemoryOf(files), 512 << 20);
  files["/sys/fs/cgroup/pod/memory.max"] = "268435456\n";
  EXPECT_EQ(MemoryOf(files), 256 << 20);
  EXPECT_EQ(QuotaOf(files), std::nullopt);
}

TEST(MemoryQuotaTest, VersionOneWritesNoLimitAsALargeNumber) {
  Files files = {{"/proc/self/cgroup", "4:memory:/docker/1f\n"},
                 {"/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n"}};
  EXPECT_EQ(MemoryOf(files), std::nullopt);
  files["/sys/fs/cgroup/memory/docker/1f/memory.limit_in_bytes"] = "1073741824\n";
  EXPECT_EQ(MemoryOf(files), 1 << 30);
}

std::string FullestOf(const Files& files) {
  const auto memory =
      FullestMemoryGroup([&](const std::string& path) { return Find(files, path); });
  return memory ? std::to_string(memory->used) + " of " + std::to_string(memory->limit) : "none";
}

TEST(FullestMemoryGroupTest, WithoutALimitThereIsNone) {
  EXPECT_EQ(FullestOf({}), "none");
  EXPECT_EQ(FullestOf({{"/proc/self/cgroup", "0::/\n"},
                       {"/sys/fs/cgroup/memory.max", "max\n"},
                       {"/sys/fs/cgroup/memory.current", "5\n"}}),
            "none");
}

TEST(FullestMemoryGroupTest, PagesOfFilesDoNotCount) {
  EXPECT_EQ(
      FullestOf({{"/proc/self/cgroup", "0::/\n"},
                 {"/sys/fs/cgroup/memory.max", "1000\n"},
                 {"/sys/fs/cgroup/memory.current", "900\n"},
                 {"/sys/fs/cgroup/memory.stat", "anon 693\nactive_file 7\ninactive_file 200\n"}}),
      "693 of 1000");
  EXPECT_EQ(FullestOf({{"/proc/self/cgroup", "4:memory:/\n"},
                       {"/sys/fs/cgroup/memory/memory.limit_in_bytes", "1000\n"},
                       {"/sys/fs/cgroup/memory/memory.usage_in_bytes", "900\n"},
                       {"/sys/fs/cgroup/memory/memory.stat",
                        "active_file 9\ntotal_inactive_file 100\ntotal_active_file 50\n"}}),
            "750 of 1000");
}

// A neighbour in the same pod may fill what both share.
TEST(FullestMemoryGroupTest, TheFullestGroupOnTheWayUpCounts) {
  Files files = {{"/proc/self/cgroup", "0::/pod/sidecar\n"},
                 {"/sys/fs/cgroup/pod/sidecar/memory.max", "1000\n"},
                 {"/sys/fs/cgroup/pod/sidecar/memory.current", "300\n"},
                 {"/sys/fs/cgroup/pod/memory.max", "2000\n"},
                 {"/sys/fs/cgroup/pod/memory.current", "1900\n"}};
  EXPECT_EQ(FullestOf(files), "1900 of 2000");
  files["/sys/fs/cgroup/pod/memory.current"] = "400\n";
  EXPECT_EQ(FullestOf(files), "300 of 1000");
}

}  // namespace
}  // namespace semcached
