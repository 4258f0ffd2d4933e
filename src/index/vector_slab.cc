#include "index/vector_slab.h"

#include <cstring>

namespace semcached {

VectorSlab::Slot VectorSlab::Add(const std::byte* row) {
  Slot slot = 0;
  if (!free_.empty()) {
    slot = free_.back();
    free_.pop_back();
  } else {
    if (used_ == chunks_.size() * kChunkRows) {
      chunks_.push_back(std::make_unique_for_overwrite<std::byte[]>(kChunkRows * row_bytes_));
    }
    slot = static_cast<Slot>(used_++);
  }
  std::memcpy(chunks_[slot / kChunkRows].get() + slot % kChunkRows * row_bytes_, row, row_bytes_);
  return slot;
}

void VectorSlab::Remove(Slot slot) {
  free_.push_back(slot);
  if (free_.size() < used_) return;
  std::vector<std::unique_ptr<std::byte[]>>().swap(chunks_);
  std::vector<Slot>().swap(free_);
  used_ = 0;
}

size_t VectorSlab::MemoryBytes() const {
  return chunks_.size() * kChunkRows * row_bytes_ + chunks_.capacity() * sizeof(chunks_[0]) +
         free_.capacity() * sizeof(Slot);
}

}  // namespace semcached
