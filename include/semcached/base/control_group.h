// What the control groups of this process (cgroups of Linux) let it have.
#ifndef SEMCACHED_BASE_CONTROL_GROUP_H_
#define SEMCACHED_BASE_CONTROL_GROUP_H_

#include <absl/functional/function_ref.h>

#include <cstdint>
#include <optional>
#include <string>

namespace semcached {

// The content of a file, or nothing if it cannot be read.
using FileReader = absl::FunctionRef<std::optional<std::string>(const std::string& path)>;

// Versions 1 and 2, from the group that /proc/self/cgroup names up to the root as it is mounted;
// the least of them counts. Nothing: no limit, or none that can be read.

// CPU time, in CPUs: 1.5 is three halves of a second in each second.
std::optional<double> CpuQuota(FileReader read);
// Memory, in bytes.
std::optional<int64_t> MemoryQuota(FileReader read);

// What a group has, and may have, in bytes. Pages of files do not count: they are dropped first.
struct GroupMemory {
  int64_t used = 0;
  int64_t limit = 1;
  double share() const { return static_cast<double>(used) / static_cast<double>(limit); }
};
// Of those with a limit, the one with the largest share used.
std::optional<GroupMemory> FullestMemoryGroup(FileReader read);

// Of this process as it is now.
std::optional<double> CpuQuota();
std::optional<int64_t> MemoryQuota();
std::optional<GroupMemory> FullestMemoryGroup();

}  // namespace semcached

#endif  // SEMCACHED_BASE_CONTROL_GROUP_H_
