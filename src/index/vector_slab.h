// Room for many vectors of one dimension.
#ifndef SEMCACHED_SRC_INDEX_VECTOR_SLAB_H_
#define SEMCACHED_SRC_INDEX_VECTOR_SLAB_H_

#include <absl/types/span.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <vector>

namespace semcached {

// Vectors lie in chunks that never move; the slot of a removed one is the next to be used. All
// memory goes back when the last vector is removed.
//
// Thread-compatible.
class VectorSlab {
 public:
  using Slot = uint32_t;

  explicit VectorSlab(size_t dimension);

  // Copies `vector`, of the slab's dimension.
  Slot Add(absl::Span<const float> vector);
  void Remove(Slot slot);

  // Aligned to a cache line. Valid until `slot` is removed.
  const float* At(Slot slot) const {
    return chunks_[slot / kChunkVectors].get() + (slot % kChunkVectors) * stride_;
  }

  size_t MemoryBytes() const;

 private:
  // Small, because a category of a few entries pays for a whole chunk.
  static constexpr size_t kChunkVectors = 32;
  static constexpr size_t kAlignment = 64;

  struct Free {
    void operator()(float* chunk) const { ::operator delete(chunk, std::align_val_t(kAlignment)); }
  };
  using Chunk = std::unique_ptr<float, Free>;

  const size_t stride_;  // floats from one vector to the next
  std::vector<Chunk> chunks_;
  std::vector<Slot> free_;
  size_t used_ = 0;  // slots below were handed out once
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_INDEX_VECTOR_SLAB_H_
