// Room for many rows of one size.
#ifndef SEMCACHED_SRC_INDEX_VECTOR_SLAB_H_
#define SEMCACHED_SRC_INDEX_VECTOR_SLAB_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace semcached {

// Rows lie in chunks that never move; the slot of a removed one is the next to be used. All memory
// goes back when the last row is removed.
//
// Thread-compatible; a row may be read while others are added and removed.
class VectorSlab {
 public:
  using Slot = uint32_t;

  // `row_bytes`: a multiple of 8.
  explicit VectorSlab(size_t row_bytes) : row_bytes_(row_bytes) {}

  // Copies a row.
  Slot Add(const std::byte* row);
  void Remove(Slot slot);

  // Aligned to 8. Valid until `slot` is removed.
  const std::byte* At(Slot slot) const {
    return chunks_[slot / kChunkRows].get() + slot % kChunkRows * row_bytes_;
  }

  size_t MemoryBytes() const;

 private:
  // Small, because a category of a few entries pays for a whole chunk.
  static constexpr size_t kChunkRows = 32;

  const size_t row_bytes_;
  std::vector<std::unique_ptr<std::byte[]>> chunks_;
  std::vector<Slot> free_;
  size_t used_ = 0;  // slots below were handed out once
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_INDEX_VECTOR_SLAB_H_
