#include "index/rotation.h"

#include <bit>
#include <cmath>
#include <random>

namespace semcached {
namespace {

constexpr size_t kRounds = 2;
constexpr uint64_t kSeed = 20;

// Unscaled: lengths grow by the root of the size, which is a power of two.
void Hadamard(float* values, size_t size) {
  for (size_t half = 1; half < size; half *= 2) {
    for (size_t block = 0; block < size; block += 2 * half) {
      float* low = values + block;
      float* high = low + half;
      for (size_t i = 0; i < half; ++i) {
        const float a = low[i];
        const float b = high[i];
        low[i] = a + b;
        high[i] = a - b;
      }
    }
  }
}

}  // namespace

Rotation::Rotation(size_t dimension)
    : dimension_(dimension), window_(std::bit_floor(dimension)), signs_(kRounds * dimension) {
  std::mt19937_64 random(kSeed);
  for (float& sign : signs_) sign = random() % 2 == 0 ? 1.0F : -1.0F;
}

RotatedVector Rotation::Apply(absl::Span<const float> vector) const {
  RotatedVector rotated(vector.begin(), vector.end());
  const float scale = 1.0F / std::sqrt(static_cast<float>(window_));
  for (size_t round = 0; round < kRounds; ++round) {
    const float* signs = signs_.data() + round * dimension_;
    for (size_t i = 0; i < dimension_; ++i) rotated[i] *= signs[i];
    // The windows go one after the other, so that what both hold is mixed with either's rest.
    for (const size_t begin : {size_t{0}, dimension_ - window_}) {
      Hadamard(rotated.data() + begin, window_);
      for (size_t i = 0; i < window_; ++i) rotated[begin + i] *= scale;
      if (window_ == dimension_) break;
    }
  }
  return rotated;
}

}  // namespace semcached
