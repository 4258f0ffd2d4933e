// Looks words up in the tables of the guards.
#ifndef SEMCACHED_GUARD_SORTED_TABLE_H_
#define SEMCACHED_GUARD_SORTED_TABLE_H_

#include <algorithm>
#include <iterator>
#include <string_view>

namespace semcached::guard {

// Whether `sorted`, an array of words in their order, has `word`.
template <typename Table>
bool Has(const Table& sorted, std::string_view word) {
  return std::binary_search(std::begin(sorted), std::end(sorted), word);
}

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_SORTED_TABLE_H_
