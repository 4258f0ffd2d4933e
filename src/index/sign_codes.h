// The signs of vectors' components, side by side for a scan.
#ifndef SEMCACHED_SRC_INDEX_SIGN_CODES_H_
#define SEMCACHED_SRC_INDEX_SIGN_CODES_H_

#include <absl/container/fixed_array.h>
#include <absl/functional/function_ref.h>
#include <absl/types/span.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "index/code_kernels.h"
#include "index/compact_vector.h"

namespace semcached {

// One bit a component: set where a vector is not below the centre.
using SignCode = absl::FixedArray<uint64_t, 16>;
SignCode SignsOf(absl::Span<const float> vector, absl::Span<const float> centre);
SignCode SignsOf(const CompactVector& vector, absl::Span<const float> centre);

// How many of `dimension` signs may differ between a query that is `from_centre` away from the
// centre and a vector of at least this cosine with it, but for one pair in millions: the expected
// share is the angle at the centre over pi (Goemans and Williamson, 1995), and five standard
// deviations are added.
uint32_t MostDifferentSigns(float cosine, float from_centre, size_t dimension);

// What a scan should bring back.
struct CodesWanted {
  float min_similarity = -1;  // near: whose signs allow for a cosine of this
  size_t near = 0;            // so many of them
  size_t any = 0;             // and so many in any case
};

// The codes of a sequence of vectors, by position. Vectors that are all alike differ in what sets
// them apart from their mean, so signs are taken around a centre near that. It moves as vectors
// come, a chunk at a time, so that no change takes longer for there being many.
//
// Thread-compatible.
class SignCodes {
 public:
  // `centre` has the dimension.
  explicit SignCodes(std::vector<float> centre);

  size_t size() const { return size_; }
  void PushBack(const CompactVector& vector);
  void PopBack();
  void Set(size_t position, const CompactVector& vector);

  // Whether as many have come as there were when the centre was taken.
  bool CentreIsOld() const { return pushed_ >= old_after_; }
  // For chunks that are new or coded anew from now on.
  void MoveCentre(std::vector<float> centre);
  // Codes one chunk anew whose centre is not the latest, if there is one.
  void Recode(absl::FunctionRef<CompactVector(size_t position)> vector_at);

  // Those at position `first` or later whose signs differ least from those of `query`; the nearest
  // first, and equal ones by position.
  std::vector<CodeMatch> Nearest(absl::Span<const float> query, size_t first,
                                 const CodesWanted& wanted) const;

  size_t MemoryBytes() const;

 private:
  static constexpr size_t kChunkBlocks = 16;
  static constexpr size_t kChunkVectors = kChunkBlocks * kBlockVectors;
  using Centre = std::shared_ptr<const std::vector<float>>;

  // Never moves, so growth costs the same at any size.
  struct Chunk {
    std::unique_ptr<uint64_t[]> bits;
    Centre centre;
  };

  size_t dimension() const { return centre_->size(); }

  const size_t words_;
  Centre centre_;
  size_t size_ = 0;
  size_t pushed_ = 0;     // since the centre was taken
  size_t old_after_ = 0;  // so many
  size_t recoded_ = 0;    // chunks that were looked at since
  std::vector<Chunk> chunks_;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_INDEX_SIGN_CODES_H_
