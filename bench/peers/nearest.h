#ifndef SEMCACHED_BENCH_PEERS_NEAREST_H_
#define SEMCACHED_BENCH_PEERS_NEAREST_H_

#include <absl/types/span.h>

#include <cstddef>
#include <vector>

#include "semcached/base/dot_kernel.h"

namespace semcached::peers {

struct Nearest {
  size_t position = 0;
  float similarity = -1;  // of none
};

// What is true of an approximate search: all are compared, in floats.
inline Nearest NearestOf(absl::Span<const std::vector<float>> stored,
                         const std::vector<float>& query) {
  const DotKernel dot = ActiveDotKernel();
  Nearest nearest;
  for (size_t i = 0; i < stored.size(); ++i) {
    const float similarity = dot(stored[i].data(), query.data(), query.size());
    if (similarity > nearest.similarity) nearest = {i, similarity};
  }
  return nearest;
}

}  // namespace semcached::peers

#endif  // SEMCACHED_BENCH_PEERS_NEAREST_H_
