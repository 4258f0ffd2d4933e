// How many threads that never rest fit the CPUs that this process may use.
#ifndef SEMCACHED_BASE_CPUS_H_
#define SEMCACHED_BASE_CPUS_H_

#include <absl/functional/function_ref.h>

#include <optional>
#include <string>

namespace semcached {

// The content of a file, or nothing if it cannot be read.
using FileReader = absl::FunctionRef<std::optional<std::string>(const std::string& path)>;

// The CPU time that the control groups of this process let it have, in CPUs: 1.5 is three halves of
// a second in each second. Versions 1 and 2, from the group that /proc/self/cgroup names up to the
// root as it is mounted; the least of them counts. Nothing: no limit, or none that can be read.
std::optional<double> CpuQuota(FileReader read);

// What fits: the CPUs that the process may run on, but no more than the quota, rounded up, since a
// part of a CPU takes a thread to use it. 1 or more.
int UsableCpus(int cpus, std::optional<double> quota);

// Of this process as it is now, by its affinity and its control groups. Reads a few files.
int UsableCpus();

}  // namespace semcached

#endif  // SEMCACHED_BASE_CPUS_H_
