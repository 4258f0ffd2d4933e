// A vector in a byte a component, near enough to propose candidates.
#ifndef SEMCACHED_SRC_INDEX_COMPACT_VECTOR_H_
#define SEMCACHED_SRC_INDEX_COMPACT_VECTOR_H_

#include <absl/container/fixed_array.h>
#include <absl/types/span.h>

#include <cstddef>
#include <cstdint>

namespace semcached {

// Each component is `scale` times a code of -127 to 127.
struct CompactVector {
  float scale = 0;
  float error = 0;  // the length of what rounding took away
  const int8_t* codes = nullptr;
};

// Bytes of a row: scale, error and codes. A multiple of 8.
size_t CompactBytes(size_t dimension);

// On the stack up to a dimension of 1024.
using CompactRow = absl::FixedArray<std::byte, 1032>;

CompactRow Compact(absl::Span<const float> vector);
// `row`: what Compact gave, or a copy of it.
CompactVector ReadCompact(const std::byte* row);

// Of two rows.
float CompactDot(const std::byte* a, const std::byte* b, size_t dimension);

// A query in twelve bits a component, sixteen times finer than what is stored.
class CompactQuery {
 public:
  explicit CompactQuery(absl::Span<const float> vector);

  // The inner product with what is stored.
  float Dot(const std::byte* stored) const;
  // How far that may be off the exact one at most, where both vectors are of length 1.
  float MaxError(const std::byte* stored) const;

 private:
  absl::FixedArray<int16_t, 1024> codes_;
  float scale_ = 0;
  float error_ = 0;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_INDEX_COMPACT_VECTOR_H_
