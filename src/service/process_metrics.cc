#include "service/process_metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace semcached {

int64_t ResidentBytes() {
  std::ifstream statm("/proc/self/statm");
  int64_t all = 0;
  int64_t resident = 0;
  statm >> all >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

absl::Duration CpuTime() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return absl::DurationFromTimeval(usage.ru_utime) + absl::DurationFromTimeval(usage.ru_stime);
}

void SetProcessMetrics(Metrics* metrics) {
  metrics->AddGauge("process_resident_memory_bytes", "Resident memory.")
      .Set(static_cast<double>(ResidentBytes()));
  metrics->AddGauge("process_cpu_seconds_total", "User and system CPU time.")
      .Set(absl::ToDoubleSeconds(CpuTime()));
  std::error_code error;
  const std::filesystem::directory_iterator open("/proc/self/fd", error);
  if (error) return;
  metrics->AddGauge("process_open_fds", "Open file descriptors.")
      .Set(static_cast<double>(std::distance(begin(open), end(open))));
}

}  // namespace semcached
