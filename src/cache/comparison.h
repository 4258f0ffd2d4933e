#ifndef SEMCACHED_SRC_CACHE_COMPARISON_H_
#define SEMCACHED_SRC_CACHE_COMPARISON_H_

#include <cstddef>
#include <string>
#include <vector>

#include "semcached/base/types.h"

namespace semcached {

// How far the comparison of memory and store has come.
struct ComparisonState {
  EntryId next = 0;                   // the first id of the store that is read next
  std::vector<EntryId> out_of_place;  // found in the store, but not so in memory: looked at again
  std::string category;               // whose entries are looked up next
  size_t place = 0;                   // among them
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_CACHE_COMPARISON_H_
