// The signs of vectors' components, side by side for a scan.
#ifndef SEMCACHED_SRC_INDEX_SIGN_CODES_H_
#define SEMCACHED_SRC_INDEX_SIGN_CODES_H_

#include <absl/container/fixed_array.h>
#include <absl/types/span.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "index/code_kernels.h"

namespace semcached {

// One bit a component: set where it is not negative.
using SignCode = absl::FixedArray<uint64_t, 16>;
SignCode SignsOf(absl::Span<const float> vector);
SignCode SignsOf(absl::Span<const int8_t> codes);

// How many of `dimension` signs two vectors of this cosine may differ in, but for one pair in
// millions: the expected share is the angle over pi (Goemans and Williamson, 1995), and five
// standard deviations are added.
uint32_t MostDifferentSigns(float cosine, size_t dimension);

// What a scan should bring back.
struct CodesWanted {
  uint32_t most_different = 0;  // near: signs that differ in no more
  size_t near = 0;              // so many of them
  size_t any = 0;               // and so many in any case
};

// The codes of a sequence of vectors, by position. Chunks that never move, so growth costs the same
// at any size.
//
// Thread-compatible.
class SignCodes {
 public:
  explicit SignCodes(size_t dimension);

  size_t size() const { return size_; }
  void PushBack(const SignCode& code);
  void PopBack();
  void Swap(size_t a, size_t b);

  // Those at position `first` or later that differ least from `query`; the nearest first, and equal
  // ones by position.
  std::vector<CodeMatch> Nearest(const SignCode& query, size_t first,
                                 const CodesWanted& wanted) const;

  size_t MemoryBytes() const;

 private:
  static constexpr size_t kChunkBlocks = 64;
  static constexpr size_t kChunkVectors = kChunkBlocks * kBlockVectors;

  // Of `position`: word w is at [w * kBlockVectors].
  uint64_t* At(size_t position) const;

  const size_t words_;
  size_t size_ = 0;
  std::vector<std::unique_ptr<uint64_t[]>> chunks_;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_INDEX_SIGN_CODES_H_
