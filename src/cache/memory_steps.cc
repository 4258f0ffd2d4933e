#include "semcached/cache/memory_steps.h"

#include <algorithm>
#include <array>
#include <cstddef>

namespace semcached {
namespace {

// From where on each step is taken, in their order.
constexpr std::array<double, 5> kFrom = {0, 0.85, 0.90, 0.95, 0.98};
constexpr double kHysteresis = 0.05;

MemoryStep HighestFor(double share) {
  size_t step = kFrom.size() - 1;
  while (step > 0 && !(share >= kFrom[step])) --step;
  return static_cast<MemoryStep>(step);
}

}  // namespace

MemoryStep NextMemoryStep(MemoryStep now, double share) {
  const MemoryStep up = HighestFor(share);
  const MemoryStep down = HighestFor(share + kHysteresis);
  return std::clamp(now, up, std::max(up, down));
}

const char* Name(MemoryStep value) {
  switch (value) {
    case MemoryStep::kNone:
      return "none";
    case MemoryStep::kShrinkCaches:
      return "shrink_caches";
    case MemoryStep::kEvict:
      return "evict";
    case MemoryStep::kRefuseInserts:
      return "refuse_inserts";
    case MemoryStep::kRefuseConnections:
      return "refuse_connections";
  }
  return "unknown";
}

}  // namespace semcached
