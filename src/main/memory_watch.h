#ifndef SEMCACHED_SRC_MAIN_MEMORY_WATCH_H_
#define SEMCACHED_SRC_MAIN_MEMORY_WATCH_H_

#include <functional>
#include <optional>

#include "semcached/base/control_group.h"
#include "semcached/base/metrics.h"
#include "semcached/cache/memory_steps.h"

namespace semcached {

// Sees how much of its control group's memory is used, by whomever, and says which steps to take.
class MemoryWatch {
 public:
  using Read = std::function<std::optional<GroupMemory>()>;
  using Take = std::function<void(MemoryStep)>;
  // `take` is told of each change.
  MemoryWatch(Read read, Take take, Metrics* metrics);

  // Some times a second; one thread at a time. Without a limit nothing is short.
  void Look();
  MemoryStep step() const { return step_; }

 private:
  const Read read_;
  const Take take_;
  Gauge used_;
  Gauge limit_;
  Gauge shown_step_;
  MemoryStep step_ = MemoryStep::kNone;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_MAIN_MEMORY_WATCH_H_
