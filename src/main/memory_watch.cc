#include "main/memory_watch.h"

#include <utility>

#include "semcached/base/log.h"

namespace semcached {

MemoryWatch::MemoryWatch(Read read, Take take, Metrics* metrics)
    : read_(std::move(read)),
      take_(std::move(take)),
      used_(metrics->AddGauge(
          "semcached_group_memory_used_bytes",
          "Of the control group, by all in it, without pages of files; 0 without a limit.")),
      limit_(metrics->AddGauge("semcached_group_memory_limit_bytes",
                               "Of the control group that is fullest; 0 without a limit.")),
      shown_step_(metrics->AddGauge(
          "semcached_memory_step",
          "What gives way as memory runs short: 0 nothing, 1 caches shrink, 2 entries are evicted, "
          "3 inserts are refused, 4 new connections are.")) {}

void MemoryWatch::Look() {
  const std::optional<GroupMemory> group = read_();
  used_.Set(group ? static_cast<double>(group->used) : 0);
  limit_.Set(group ? static_cast<double>(group->limit) : 0);
  const MemoryStep next = group ? NextMemoryStep(step_, group->share()) : MemoryStep::kNone;
  if (next == step_) return;
  const int64_t used = group ? group->used : 0;
  const int64_t limit = group ? group->limit : 0;
  if (next > step_) {
    LogWarning("memory of the control group runs short",
               {{"step", Name(next)}, {"before", Name(step_)}, {"used", used}, {"limit", limit}});
  } else {
    LogInfo("memory of the control group is there again",
            {{"step", Name(next)}, {"before", Name(step_)}, {"used", used}, {"limit", limit}});
  }
  step_ = next;
  shown_step_.Set(static_cast<int>(next));
  take_(next);
}

}  // namespace semcached
