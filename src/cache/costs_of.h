#ifndef SEMCACHED_SRC_CACHE_COSTS_OF_H_
#define SEMCACHED_SRC_CACHE_COSTS_OF_H_

#include <absl/time/time.h>

#include "semcached/cache/category_costs.h"
#include "semcached/cache/requests.h"

namespace semcached {

// What one lookup, which took so long, adds to the costs of its category; a bypass adds nothing.
// What a hit saves beside time is read from the metadata of its response.
CategoryCosts CostsOf(const LookupResult& result, absl::Duration took);

}  // namespace semcached

#endif  // SEMCACHED_SRC_CACHE_COSTS_OF_H_
