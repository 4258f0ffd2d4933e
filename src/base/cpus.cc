#include "semcached/base/cpus.h"

#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <sched.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>
#include <thread>
#include <utility>
#include <vector>

namespace semcached {
namespace {

// Where systemd, Docker and Kubernetes mount them.
constexpr char kVersion2[] = "/sys/fs/cgroup";
constexpr const char* kVersion1[] = {"/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct"};

std::optional<double> Ratio(const std::string& quota, const std::string& period) {
  int64_t numerator = 0;
  int64_t denominator = 0;
  // "max" and -1 stand for no limit.
  if (!absl::SimpleAtoi(quota, &numerator) || !absl::SimpleAtoi(period, &denominator) ||
      numerator <= 0 || denominator <= 0) {
    return std::nullopt;
  }
  return static_cast<double>(numerator) / static_cast<double>(denominator);
}

// Of one group of version 2: "150000 100000", "max 100000".
std::optional<double> QuotaOfVersion2(const std::string& group, FileReader read) {
  const std::optional<std::string> limit = read(group + "/cpu.max");
  if (!limit) return std::nullopt;
  const std::vector<std::string> fields =
      absl::StrSplit(*limit, absl::ByAnyChar(" \n"), absl::SkipEmpty());
  return fields.size() == 2 ? Ratio(fields[0], fields[1]) : std::nullopt;
}

// Of one group of version 1, which has a file for each number.
std::optional<double> QuotaOfVersion1(const std::string& group, FileReader read) {
  const std::optional<std::string> quota = read(group + "/cpu.cfs_quota_us");
  const std::optional<std::string> period = read(group + "/cpu.cfs_period_us");
  return quota && period ? Ratio(*quota, *period) : std::nullopt;
}

std::optional<double> Least(std::optional<double> a, std::optional<double> b) {
  if (a && b) return std::min(*a, *b);
  return a ? a : b;
}

// Of `group` and all above it, below `mount`. In a container the path may be the host's, whose
// groups are not mounted there: then only the root is found, which is the container's own.
std::optional<double> LeastQuota(const std::string& mount, std::string group, FileReader read,
                                 std::optional<double> (*quota_of)(const std::string&,
                                                                   FileReader)) {
  std::optional<double> least;
  while (true) {
    while (absl::EndsWith(group, "/")) group.pop_back();
    least = Least(least, quota_of(absl::StrCat(mount, group), read));
    const size_t slash = group.rfind('/');
    if (slash == std::string::npos) return least;
    group.resize(slash);
  }
}

bool HasCpu(const std::string& controllers) {
  const std::vector<std::string> names = absl::StrSplit(controllers, ',');
  return std::find(names.begin(), names.end(), "cpu") != names.end();
}

std::optional<std::string> ReadWhole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  // Of a file without a byte this fails, which is as good as no file.
  if (!(content << file.rdbuf())) return std::nullopt;
  return std::move(content).str();
}

int AllowedCpus() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof(allowed), &allowed) == 0) return CPU_COUNT(&allowed);
  // More CPUs than the set has bits for.
  return static_cast<int>(std::thread::hardware_concurrency());
}

}  // namespace

std::optional<double> CpuQuota(FileReader read) {
  const std::optional<std::string> groups = read("/proc/self/cgroup");
  if (!groups) return std::nullopt;
  std::optional<double> least;
  const std::vector<std::string> lines = absl::StrSplit(*groups, '\n', absl::SkipEmpty());
  for (const std::string& line : lines) {
    // "0::/a/b" of version 2, "4:cpu,cpuacct:/a/b" of version 1; a path may hold colons.
    const std::vector<std::string> fields = absl::StrSplit(line, absl::MaxSplits(':', 2));
    if (fields.size() != 3) continue;
    if (fields[0] == "0" && fields[1].empty()) {
      least = Least(least, LeastQuota(kVersion2, fields[2], read, QuotaOfVersion2));
    } else if (HasCpu(fields[1])) {
      for (const char* mount : kVersion1) {
        least = Least(least, LeastQuota(mount, fields[2], read, QuotaOfVersion1));
      }
    }
  }
  return least;
}

int UsableCpus(int cpus, std::optional<double> quota) {
  if (quota) cpus = static_cast<int>(std::min<double>(cpus, std::ceil(*quota)));
  return std::max(1, cpus);
}

int UsableCpus() { return UsableCpus(AllowedCpus(), CpuQuota(ReadWhole)); }

}  // namespace semcached
