// Several measurements of one figure.
#ifndef SEMCACHED_BASE_SPREAD_H_
#define SEMCACHED_BASE_SPREAD_H_

#include <algorithm>
#include <cstddef>
#include <vector>

namespace semcached {

// Of a figure that was measured several times.
struct Spread {
  double least = 0;
  double median = 0;  // of an even number: the mean of the two in the middle
  double most = 0;
};

// Zeros of none.
inline Spread SpreadOf(std::vector<double> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const size_t upper = values.size() / 2;
  const size_t lower = (values.size() - 1) / 2;
  return {values.front(), (values[lower] + values[upper]) / 2, values.back()};
}

}  // namespace semcached

#endif  // SEMCACHED_BASE_SPREAD_H_
