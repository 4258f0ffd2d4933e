#include "semcached/base/cpus.h"

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <thread>

#include "semcached/base/control_group.h"

namespace semcached {
namespace {

int AllowedCpus() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof(allowed), &allowed) == 0) return CPU_COUNT(&allowed);
  // More CPUs than the set has bits for.
  return static_cast<int>(std::thread::hardware_concurrency());
}

}  // namespace

int UsableCpus(int cpus, std::optional<double> quota) {
  if (quota) cpus = static_cast<int>(std::min<double>(cpus, std::ceil(*quota)));
  return std::max(1, cpus);
}

int UsableCpus() { return UsableCpus(AllowedCpus(), CpuQuota()); }

}  // namespace semcached
