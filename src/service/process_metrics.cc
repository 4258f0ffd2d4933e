#include "service/process_metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

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

int64_t CountUnixConnections(const std::string& path) {
  std::ifstream table("/proc/net/unix");
  constexpr int kConnected = 3;
  int64_t count = 0;
  std::string line;
  std::getline(table, line);  // the heading
  while (std::getline(table, line)) {
    std::istringstream fields(line);
    std::string number, references, protocol, flags, type, inode, bound;
    int state = 0;
    fields >> number >> references >> protocol >> flags >> type >> std::hex >> state >> inode;
    fields.get();                 // one space,
    std::getline(fields, bound);  // then the path, which may have more of them
    if (state == kConnected && bound == path) ++count;
  }
  return count;
}

int64_t CountTcpConnections(int port) {
  constexpr int kEstablished = 1;
  int64_t count = 0;
  for (const char* file : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream table(file);
    std::string line;
    std::getline(table, line);  // the heading
    while (std::getline(table, line)) {
      std::istringstream fields(line);
      std::string number, local, remote;
      int state = 0;
      fields >> number >> local >> remote >> std::hex >> state;
      const size_t colon = local.rfind(':');
      if (state != kEstablished || colon == std::string::npos) continue;
      if (std::strtol(local.c_str() + colon + 1, nullptr, 16) == port) ++count;
    }
  }
  return count;
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
