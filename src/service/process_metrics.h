#ifndef SEMCACHED_SRC_SERVICE_PROCESS_METRICS_H_
#define SEMCACHED_SRC_SERVICE_PROCESS_METRICS_H_

#include <absl/time/time.h>

#include <cstdint>
#include <string>

#include "semcached/base/metrics.h"

namespace semcached {

// Of this whole process, from the kernel.
int64_t ResidentBytes();
absl::Duration CpuTime();

// Established connections that were accepted on a Unix socket of this path, or on a TCP port of
// this network namespace.
int64_t CountUnixConnections(const std::string& path);
int64_t CountTcpConnections(int port);

// Sets the process_* gauges that Prometheus' own clients have.
void SetProcessMetrics(Metrics* metrics);

}  // namespace semcached

#endif  // SEMCACHED_SRC_SERVICE_PROCESS_METRICS_H_
