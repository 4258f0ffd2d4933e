#include "semcached/cache/eviction.h"

#include "cache/eviction/orders.h"

namespace semcached {

std::unique_ptr<EvictionOrder> MakeEvictionOrder(EvictionKind kind) {
  switch (kind) {
    case EvictionKind::kLru:
      return MakeLruOrder();
    case EvictionKind::kLfu:
      return MakeLfuOrder();
    case EvictionKind::kS3Fifo:
      return MakeS3FifoOrder();
    case EvictionKind::kCostAware:
      return MakeCostAwareOrder();
  }
  return MakeLruOrder();  // no such kind
}

}  // namespace semcached
