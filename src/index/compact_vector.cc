#include "index/compact_vector.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <numeric>

#include "index/code_kernels.h"

namespace semcached {
namespace {

constexpr int kStoredSteps = 127;
constexpr int kQuerySteps = 2047;
constexpr size_t kHeader = 2 * sizeof(float);

// Lengths of 1 are 1 within a thousandth, and float sums are off by less than this.
constexpr float kLength = 1.001F;
constexpr float kSumError = 1e-5F;

// One error times the other's length, before and after rounding.
float ProductError(float a, float b) { return kLength * (a + b) + a * b + kSumError; }

struct Rounded {
  float scale = 0;
  float error = 0;
};

// Adding it leaves the nearest whole number in the low bits, up to 2^22; a compiler can do that for
// many numbers at once, and rounding by the library it can't.
constexpr float kRoundingBias = 12'582'912.0F;  // 1.5 * 2^23
constexpr int32_t kRoundingBits = 0x4B400000;

template <typename Code>
Rounded Round(absl::Span<const float> vector, int steps, Code* codes) {
  // In lanes, which a compiler can keep side by side in a register.
  constexpr size_t kLanes = 8;
  const float* const values = vector.data();
  const size_t whole = vector.size() / kLanes * kLanes;
  float largests[kLanes] = {};
  for (size_t i = 0; i < whole; i += kLanes) {
    for (size_t lane = 0; lane < kLanes; ++lane) {
      const float size = std::abs(values[i + lane]);
      largests[lane] = largests[lane] < size ? size : largests[lane];
    }
  }
  float largest = *std::max_element(largests, largests + kLanes);
  for (size_t i = whole; i < vector.size(); ++i) largest = std::max(largest, std::abs(values[i]));
  const float scale = largest / static_cast<float>(steps);
  const float inverse = scale > 0 ? 1 / scale : 0;
  float squares[kLanes] = {};
  const auto round = [&](size_t i, size_t lane) {
    const float biased = values[i] * inverse + kRoundingBias;
    codes[i] = static_cast<Code>(std::bit_cast<int32_t>(biased) - kRoundingBits);
    const float left = values[i] - scale * (biased - kRoundingBias);
    squares[lane] += left * left;
  };
  for (size_t i = 0; i < whole; i += kLanes) {
    for (size_t lane = 0; lane < kLanes; ++lane) round(i + lane, lane);
  }
  for (size_t i = whole; i < vector.size(); ++i) round(i, i - whole);
  return {scale, std::sqrt(std::accumulate(squares, squares + kLanes, 0.0F))};
}

}  // namespace

size_t CompactBytes(size_t dimension) { return (kHeader + dimension + 7) / 8 * 8; }

CompactRow Compact(absl::Span<const float> vector) {
  CompactRow row(CompactBytes(vector.size()), std::byte{0});
  const Rounded rounded = Round(vector, kStoredSteps, reinterpret_cast<int8_t*>(&row[kHeader]));
  std::memcpy(row.data(), &rounded, kHeader);
  return row;
}

CompactVector ReadCompact(const std::byte* row) {
  CompactVector vector;
  std::memcpy(&vector.scale, row, sizeof(float));
  std::memcpy(&vector.error, row + sizeof(float), sizeof(float));
  vector.codes = reinterpret_cast<const int8_t*>(row + kHeader);
  return vector;
}

float CompactDot(const std::byte* a, const std::byte* b, size_t dimension) {
  const CompactVector left = ReadCompact(a);
  const CompactVector right = ReadCompact(b);
  return left.scale * right.scale *
         static_cast<float>(ActiveCodeKernels().dot_byte(left.codes, right.codes, dimension));
}

CompactQuery::CompactQuery(absl::Span<const float> vector) : codes_(vector.size()) {
  const Rounded rounded = Round(vector, kQuerySteps, codes_.data());
  scale_ = rounded.scale;
  error_ = rounded.error;
}

float CompactQuery::Dot(const std::byte* stored) const {
  const CompactVector vector = ReadCompact(stored);
  return scale_ * vector.scale *
         static_cast<float>(
             ActiveCodeKernels().dot_short(codes_.data(), vector.codes, codes_.size()));
}

float CompactQuery::MaxError(const std::byte* stored) const {
  return ProductError(ReadCompact(stored).error, error_);
}

}  // namespace semcached
