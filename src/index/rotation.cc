#include "index/rotation.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <random>

namespace semcached {
namespace {

constexpr size_t kRounds = 2;
constexpr uint64_t kSeed = 20;

constexpr size_t kLanes = 8;

// Written out, it stays in registers.
void HadamardOfEight(float* v) {
  const float a[] = {v[0] + v[1], v[0] - v[1], v[2] + v[3], v[2] - v[3],
                     v[4] + v[5], v[4] - v[5], v[6] + v[7], v[6] - v[7]};
  const float b[] = {a[0] + a[2], a[1] + a[3], a[0] - a[2], a[1] - a[3],
                     a[4] + a[6], a[5] + a[7], a[4] - a[6], a[5] - a[7]};
  for (size_t i = 0; i < kLanes / 2; ++i) {
    v[i] = b[i] + b[i + 4];
    v[i + 4] = b[i] - b[i + 4];
  }
}

// Sums and differences of what lies `half` apart.
void Butterflies(float* values, size_t size, size_t half) {
  for (size_t block = 0; block < size; block += 2 * half) {
    for (size_t i = block; i < block + half; ++i) {
      const float low = values[i];
      const float high = values[i + half];
      values[i] = low + high;
      values[i + half] = low - high;
    }
  }
}

// The same where `half` is a multiple of four. GCC does not see for itself that it may.
void WideButterflies(float* values, size_t size, size_t half) {
  using Four = float __attribute__((vector_size(16)));
  for (size_t block = 0; block < size; block += 2 * half) {
    for (size_t i = block; i < block + half; i += 4) {
      Four low;
      Four high;
      std::memcpy(&low, values + i, sizeof(Four));  // wherever they lie
      std::memcpy(&high, values + i + half, sizeof(Four));
      const Four sum = low + high;
      const Four difference = low - high;
      std::memcpy(values + i, &sum, sizeof(Four));
      std::memcpy(values + i + half, &difference, sizeof(Four));
    }
  }
}

// Unscaled: lengths grow by the root of the size, which is a power of two.
void Hadamard(float* values, size_t size) {
  if (size < kLanes) {
    for (size_t half = 1; half < size; half *= 2) Butterflies(values, size, half);
    return;
  }
  for (size_t begin = 0; begin < size; begin += kLanes) HadamardOfEight(values + begin);
  for (size_t half = kLanes; half < size; half *= 2) WideButterflies(values, size, half);
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
