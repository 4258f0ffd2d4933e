#include "semcached/base/control_group.h"

#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>
#include <vector>

namespace semcached {
namespace {

// Where systemd, Docker and Kubernetes mount them.
constexpr char kVersion2[] = "/sys/fs/cgroup";

// What limits one resource, and where version 1 has it.
struct Resource {
  const char* controller;
  std::vector<const char*> mounts;
  // Of one group.
  std::optional<double> (*of_version_1)(const std::string& group, FileReader read);
  std::optional<double> (*of_version_2)(const std::string& group, FileReader read);
};

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

// "150000 100000", "max 100000".
std::optional<double> CpusOfVersion2(const std::string& group, FileReader read) {
  const std::optional<std::string> limit = read(group + "/cpu.max");
  if (!limit) return std::nullopt;
  const std::vector<std::string> fields =
      absl::StrSplit(*limit, absl::ByAnyChar(" \n"), absl::SkipEmpty());
  return fields.size() == 2 ? Ratio(fields[0], fields[1]) : std::nullopt;
}

// A file for each number.
std::optional<double> CpusOfVersion1(const std::string& group, FileReader read) {
  const std::optional<std::string> quota = read(group + "/cpu.cfs_quota_us");
  const std::optional<std::string> period = read(group + "/cpu.cfs_period_us");
  return quota && period ? Ratio(*quota, *period) : std::nullopt;
}

std::optional<double> Bytes(const std::optional<std::string>& limit) {
  return limit ? Ratio(*limit, "1") : std::nullopt;
}
std::optional<double> BytesOfVersion2(const std::string& group, FileReader read) {
  return Bytes(read(group + "/memory.max"));
}
std::optional<double> BytesOfVersion1(const std::string& group, FileReader read) {
  const std::optional<double> bytes = Bytes(read(group + "/memory.limit_in_bytes"));
  // No limit is the largest number of whole pages there.
  constexpr double kNoLimit = 0x1p62;
  return bytes < kNoLimit ? bytes : std::nullopt;
}

std::optional<double> Least(std::optional<double> a, std::optional<double> b) {
  if (a && b) return std::min(*a, *b);
  return a ? a : b;
}

// Of `group` and all above it, below `mount`. In a container the path may be the host's, whose
// groups are not mounted there: then only the root is found, which is the container's own.
std::optional<double> LeastOf(const std::string& mount, std::string group, FileReader read,
                              std::optional<double> (*limit_of)(const std::string&, FileReader)) {
  std::optional<double> least;
  while (true) {
    while (absl::EndsWith(group, "/")) group.pop_back();
    least = Least(least, limit_of(absl::StrCat(mount, group), read));
    const size_t slash = group.rfind('/');
    if (slash == std::string::npos) return least;
    group.resize(slash);
  }
}

bool Has(const std::string& controllers, const char* controller) {
  const std::vector<std::string> names = absl::StrSplit(controllers, ',');
  return std::find(names.begin(), names.end(), controller) != names.end();
}

std::optional<double> Limit(const Resource& resource, FileReader read) {
  const std::optional<std::string> groups = read("/proc/self/cgroup");
  if (!groups) return std::nullopt;
  std::optional<double> least;
  const std::vector<std::string> lines = absl::StrSplit(*groups, '\n', absl::SkipEmpty());
  for (const std::string& line : lines) {
    // "0::/a/b" of version 2, "4:cpu,cpuacct:/a/b" of version 1; a path may hold colons.
    const std::vector<std::string> fields = absl::StrSplit(line, absl::MaxSplits(':', 2));
    if (fields.size() != 3) continue;
    if (fields[0] == "0" && fields[1].empty()) {
      least = Least(least, LeastOf(kVersion2, fields[2], read, resource.of_version_2));
    } else if (Has(fields[1], resource.controller)) {
      for (const char* mount : resource.mounts) {
        least = Least(least, LeastOf(mount, fields[2], read, resource.of_version_1));
      }
    }
  }
  return least;
}

std::optional<std::string> ReadWhole(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  // Of a file without a byte this fails, which is as good as no file.
  if (!(content << file.rdbuf())) return std::nullopt;
  return std::move(content).str();
}

}  // namespace

std::optional<double> CpuQuota(FileReader read) {
  return Limit(
      {"cpu", {"/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct"}, CpusOfVersion1, CpusOfVersion2},
      read);
}

std::optional<int64_t> MemoryQuota(FileReader read) {
  const std::optional<double> bytes =
      Limit({"memory", {"/sys/fs/cgroup/memory"}, BytesOfVersion1, BytesOfVersion2}, read);
  if (!bytes) return std::nullopt;
  return static_cast<int64_t>(*bytes);
}

std::optional<double> CpuQuota() { return CpuQuota(ReadWhole); }
std::optional<int64_t> MemoryQuota() { return MemoryQuota(ReadWhole); }

}  // namespace semcached
