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

bool Has(const std::string& controllers, const char* controller) {
  const std::vector<std::string> names = absl::StrSplit(controllers, ',');
  return std::find(names.begin(), names.end(), controller) != names.end();
}

using VisitGroup = absl::FunctionRef<void(int version, const std::string& group)>;

// `group` and all above it, below `mount`. In a container the path may be the host's, whose groups
// are not mounted there: then only the root is found, which is the container's own.
void VisitUpwards(int version, const std::string& mount, std::string group, VisitGroup visit) {
  while (true) {
    while (absl::EndsWith(group, "/")) group.pop_back();
    visit(version, absl::StrCat(mount, group));
    const size_t slash = group.rfind('/');
    if (slash == std::string::npos) return;
    group.resize(slash);
  }
}

// The groups of this process that `controller` may have limits in.
void VisitGroups(const char* controller, const std::vector<const char*>& mounts_of_version_1,
                 FileReader read, VisitGroup visit) {
  const std::optional<std::string> groups = read("/proc/self/cgroup");
  if (!groups) return;
  const std::vector<std::string> lines = absl::StrSplit(*groups, '\n', absl::SkipEmpty());
  for (const std::string& line : lines) {
    // "0::/a/b" of version 2, "4:cpu,cpuacct:/a/b" of version 1; a path may hold colons.
    const std::vector<std::string> fields = absl::StrSplit(line, absl::MaxSplits(':', 2));
    if (fields.size() != 3) continue;
    if (fields[0] == "0" && fields[1].empty()) {
      VisitUpwards(2, kVersion2, fields[2], visit);
    } else if (Has(fields[1], controller)) {
      for (const char* mount : mounts_of_version_1) VisitUpwards(1, mount, fields[2], visit);
    }
  }
}

void VisitMemoryGroups(FileReader read, VisitGroup visit) {
  VisitGroups("memory", {"/sys/fs/cgroup/memory"}, read, visit);
}

std::optional<double> MemoryLimit(int version, const std::string& group, FileReader read) {
  return version == 2 ? BytesOfVersion2(group, read) : BytesOfVersion1(group, read);
}

// The value of `key` in a file of lines "key value"; 0 if there is none.
int64_t ValueIn(const std::optional<std::string>& lines, const std::string& key) {
  for (const absl::string_view line : absl::StrSplit(lines.value_or(""), '\n')) {
    const std::pair<std::string, std::string> fields =
        absl::StrSplit(line, absl::MaxSplits(' ', 1));
    int64_t value = 0;
    if (fields.first == key && absl::SimpleAtoi(fields.second, &value)) return value;
  }
  return 0;
}

// Without pages of files, which the kernel drops before anybody goes without memory: of a store
// that is read all the time they would fill any group.
std::optional<int64_t> MemoryUsed(int version, const std::string& group, FileReader read) {
  const char* const file = version == 2 ? "/memory.current" : "/memory.usage_in_bytes";
  const std::string total = version == 2 ? "" : "total_";
  int64_t used = 0;
  if (!absl::SimpleAtoi(read(group + file).value_or(""), &used)) return std::nullopt;
  const std::optional<std::string> parts = read(group + "/memory.stat");
  const int64_t files =
      ValueIn(parts, total + "active_file") + ValueIn(parts, total + "inactive_file");
  return std::max<int64_t>(0, used - files);
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
  std::optional<double> least;
  VisitGroups("cpu", {"/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct"}, read,
              [&](int version, const std::string& group) {
                least = Least(least, version == 2 ? CpusOfVersion2(group, read)
                                                  : CpusOfVersion1(group, read));
              });
  return least;
}

std::optional<int64_t> MemoryQuota(FileReader read) {
  std::optional<double> least;
  VisitMemoryGroups(read, [&](int version, const std::string& group) {
    least = Least(least, MemoryLimit(version, group, read));
  });
  if (!least) return std::nullopt;
  return static_cast<int64_t>(*least);
}

std::optional<GroupMemory> FullestMemoryGroup(FileReader read) {
  std::optional<GroupMemory> fullest;
  VisitMemoryGroups(read, [&](int version, const std::string& group) {
    const std::optional<double> limit = MemoryLimit(version, group, read);
    const std::optional<int64_t> used = MemoryUsed(version, group, read);
    if (!limit || !used) return;
    const GroupMemory memory = {*used, static_cast<int64_t>(*limit)};
    if (!fullest || memory.share() > fullest->share()) fullest = memory;
  });
  return fullest;
}

std::optional<double> CpuQuota() { return CpuQuota(ReadWhole); }
std::optional<int64_t> MemoryQuota() { return MemoryQuota(ReadWhole); }
std::optional<GroupMemory> FullestMemoryGroup() { return FullestMemoryGroup(ReadWhole); }

}  // namespace semcached
