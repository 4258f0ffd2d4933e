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

Rotation::Rotation(size_t dimension) : window_(std::bit_floor(dimension)) {
  windows_.push_back(0);
  const size_t last = dimension - window_;
  if (last > 0) windows_.push_back(last);
  // Two that hardly overlap have hardly anything to mix.
  if (last > window_ / 2) windows_.push_back(last / 2);
  signs_.resize(kRounds * windows_.size() * window_);
  std::mt19937_64 random(kSeed);
  for (float& sign : signs_) sign = random() % 2 == 0 ? 1.0F : -1.0F;
}

RotatedVector Rotation::Apply(absl::Span<const float> vector) const {
  RotatedVector rotated(vector.begin(), vector.end());
  const float scale = 1.0F / std::sqrt(static_cast<float>(window_));
  const float* signs = signs_.data();
  for (size_t round = 0; round < kRounds; ++round) {
    // One after the other, so that what two share is mixed with the rest of either. Signs change
    // before each: without, the second would undo what the first did to what they share.
    for (const size_t begin : windows_) {
      float* values = rotated.data() + begin;
      for (size_t i = 0; i < window_; ++i) values[i] *= scale * signs[i];
      Hadamard(values, window_);
      signs += window_;
    }
  }
  return rotated;
}

}  // namespace semcached
