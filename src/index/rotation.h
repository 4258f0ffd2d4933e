// Turns vectors so that each component says as much as any other.
#ifndef SEMCACHED_SRC_INDEX_ROTATION_H_
#define SEMCACHED_SRC_INDEX_ROTATION_H_

#include <absl/container/fixed_array.h>
#include <absl/types/span.h>

#include <cstddef>
#include <vector>

namespace semcached {

// On the stack up to this dimension.
using RotatedVector = absl::FixedArray<float, 1024>;

// A fixed random rotation: embeddings keep much of what they say in a few components, and then
// neither signs nor bytes of the others say much. Lengths and inner products stay as they are.
//
// Random changes of sign and fast Hadamard transforms in turn (Ailon and Chazelle, 2009), over
// windows that overlap where the dimension is no power of two. Equal in every index and process.
// Immutable.
class Rotation {
 public:
  explicit Rotation(size_t dimension);

  // `vector` has the dimension.
  RotatedVector Apply(absl::Span<const float> vector) const;

 private:
  const size_t window_;          // the largest power of two within the dimension
  std::vector<size_t> windows_;  // where they begin
  std::vector<float> signs_;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_INDEX_ROTATION_H_
