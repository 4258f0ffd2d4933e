#ifndef SEMCACHED_SRC_SERVICE_PROCESS_METRICS_H_
#define SEMCACHED_SRC_SERVICE_PROCESS_METRICS_H_

#include <absl/time/time.h>

#include <cstdint>

#include "semcached/base/metrics.h"

namespace semcached {

// Of this whole process, from the kernel.
int64_t ResidentBytes();
absl::Duration CpuTime();

// Sets the process_* gauges that Prometheus' own clients have.
void SetProcessMetrics(Metrics* metrics);

}  // namespace semcached

#endif  // SEMCACHED_SRC_SERVICE_PROCESS_METRICS_H_
