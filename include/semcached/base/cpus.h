// How many threads that never rest fit the CPUs that this process may use.
#ifndef SEMCACHED_BASE_CPUS_H_
#define SEMCACHED_BASE_CPUS_H_

#include <optional>

namespace semcached {

// What fits: the CPUs that the process may run on, but no more than the quota, rounded up, since a
// part of a CPU takes a thread to use it. 1 or more.
int UsableCpus(int cpus, std::optional<double> quota);

// Of this process as it is now, by its affinity and its control groups. Reads a few files.
int UsableCpus();

}  // namespace semcached

#endif  // SEMCACHED_BASE_CPUS_H_
