#include "index/vector_slab.h"

#include <algorithm>

namespace semcached {
namespace {

size_t RoundUp(size_t value, size_t unit) { return (value + unit - 1) / unit * unit; }

}  // namespace

VectorSlab::VectorSlab(size_t dimension)
    : stride_(RoundUp(dimension, kAlignment / sizeof(float))) {}

VectorSlab::Slot VectorSlab::Add(absl::Span<const float> vector) {
  Slot slot = 0;
  if (!free_.empty()) {
    slot = free_.back();
    free_.pop_back();
  } else {
    if (used_ == chunks_.size() * kChunkVectors) {
      void* memory =
          ::operator new(kChunkVectors* stride_ * sizeof(float), std::align_val_t(kAlignment));
      chunks_.emplace_back(static_cast<float*>(memory));
    }
    slot = static_cast<Slot>(used_++);
  }
  std::copy(vector.begin(), vector.end(),
            chunks_[slot / kChunkVectors].get() + (slot % kChunkVectors) * stride_);
  return slot;
}

void VectorSlab::Remove(Slot slot) {
  free_.push_back(slot);
  if (free_.size() < used_) return;
  std::vector<Chunk>().swap(chunks_);
  std::vector<Slot>().swap(free_);
  used_ = 0;
}

size_t VectorSlab::MemoryBytes() const {
  return chunks_.size() * kChunkVectors * stride_ * sizeof(float) +
         chunks_.capacity() * sizeof(Chunk) + free_.capacity() * sizeof(Slot);
}

}  // namespace semcached
