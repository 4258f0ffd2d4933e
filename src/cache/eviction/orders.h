// The eviction orders, one a file.
#ifndef SEMCACHED_CACHE_EVICTION_ORDERS_H_
#define SEMCACHED_CACHE_EVICTION_ORDERS_H_

#include <memory>

#include "semcached/cache/eviction.h"

namespace semcached {

std::unique_ptr<EvictionOrder> MakeLruOrder();
std::unique_ptr<EvictionOrder> MakeLfuOrder();
std::unique_ptr<EvictionOrder> MakeS3FifoOrder();
std::unique_ptr<EvictionOrder> MakeCostAwareOrder();

}  // namespace semcached

#endif  // SEMCACHED_CACHE_EVICTION_ORDERS_H_
