#include "verify/layer_kernel.h"

#include <cmath>
#include <cstring>

namespace semcached::verify {
namespace {

constexpr float kMeanShare = 0.9F;
constexpr float kSquareShare = 0.999F;

#define SEMCACHED_INLINE __attribute__((always_inline)) inline

// What one register of a target holds, and how many of them sum at once: as many as leave some for
// the operands.
struct Sse {
  using Lanes __attribute__((vector_size(16))) = float;
  static constexpr size_t kAtOnce = 8;
};
struct Avx {
  using Lanes __attribute__((vector_size(32))) = float;
  static constexpr size_t kAtOnce = 8;
};
struct Avx512 {
  using Lanes __attribute__((vector_size(64))) = float;
  static constexpr size_t kAtOnce = 4;
};

template <typename Target>
SEMCACHED_INLINE void Forward(const float* inputs, size_t count, const float* weights,
                              float* sums) {
  using Lanes = typename Target::Lanes;
  constexpr size_t kWidth = sizeof(Lanes) / sizeof(float);
  constexpr size_t kBlock = Target::kAtOnce * kWidth;
  static_assert(kHidden % kBlock == 0);
  for (size_t block = 0; block < kHidden; block += kBlock) {
    Lanes sum[Target::kAtOnce];
    std::memcpy(sum, sums + block, sizeof(sum));
    for (size_t i = 0; i < count; ++i) {
      const float* row = weights + i * kHidden + block;
      const float input = inputs[i];
      if (input == 0) continue;  // most words are in neither text
#pragma GCC unroll 8
      for (size_t k = 0; k < Target::kAtOnce; ++k) {
        Lanes weight;
        std::memcpy(&weight, row + k * kWidth, sizeof(weight));
        sum[k] += input * weight;
      }
    }
    std::memcpy(sums + block, sum, sizeof(sum));
  }
}

template <typename Target>
SEMCACHED_INLINE void Gradient(const float* const* rows, const float* deltas, size_t row_count,
                               size_t count, float* gradient) {
  using Lanes = typename Target::Lanes;
  constexpr size_t kWidth = sizeof(Lanes) / sizeof(float);
  constexpr size_t kBlock = Target::kAtOnce * kWidth;
  for (size_t i = 0; i < count; ++i) {
    for (size_t block = 0; block < kHidden; block += kBlock) {
      Lanes sum[Target::kAtOnce] = {};
      for (size_t r = 0; r < row_count; ++r) {
        const float* delta_row = deltas + r * kHidden + block;
        const float input = rows[r][i];
        if (input == 0) continue;
#pragma GCC unroll 8
        for (size_t k = 0; k < Target::kAtOnce; ++k) {
          Lanes delta;
          std::memcpy(&delta, delta_row + k * kWidth, sizeof(delta));
          sum[k] += input * delta;
        }
      }
      std::memcpy(gradient + i * kHidden + block, sum, sizeof(sum));
    }
  }
}

SEMCACHED_INLINE void Adam(const float* gradient, size_t count, const AdamStep& step,
                           float* weights, float* mean, float* square) {
  for (size_t i = 0; i < count; ++i) {
    mean[i] = kMeanShare * mean[i] + (1 - kMeanShare) * gradient[i];
    square[i] = kSquareShare * square[i] + (1 - kSquareShare) * gradient[i] * gradient[i];
    weights[i] -=
        step.rate * mean[i] / (std::sqrt(square[i]) + step.epsilon) + step.decay * weights[i];
  }
}

// One set of functions for each target; the bodies above are inlined into each.
#define SEMCACHED_LAYER_KERNELS(suffix, target, attributes)                                \
  attributes void Forward##suffix(const float* inputs, size_t count, const float* weights, \
                                  float* sums) {                                           \
    Forward<target>(inputs, count, weights, sums);                                         \
  }                                                                                        \
  attributes void Gradient##suffix(const float* const* rows, const float* deltas,          \
                                   size_t row_count, size_t count, float* gradient) {      \
    Gradient<target>(rows, deltas, row_count, count, gradient);                            \
  }                                                                                        \
  attributes void Adam##suffix(const float* gradient, size_t count, const AdamStep& step,  \
                               float* weights, float* mean, float* square) {               \
    Adam(gradient, count, step, weights, mean, square);                                    \
  }

SEMCACHED_LAYER_KERNELS(Portable, Sse, )
#if defined(__x86_64__)
SEMCACHED_LAYER_KERNELS(Avx2, Avx, __attribute__((target("avx2,fma"))))
SEMCACHED_LAYER_KERNELS(Avx512, Avx512, __attribute__((target("avx512f"))))
#endif

}  // namespace

std::vector<LayerKernels> SupportedLayerKernels() {
  std::vector<LayerKernels> kernels = {
      {"portable", ForwardPortable, GradientPortable, AdamPortable}};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    kernels.push_back({"avx2", ForwardAvx2, GradientAvx2, AdamAvx2});
  }
  if (__builtin_cpu_supports("avx512f")) {
    kernels.push_back({"avx512", ForwardAvx512, GradientAvx512, AdamAvx512});
  }
#endif
  return kernels;
}

const LayerKernels& ActiveLayerKernels() {
  static const LayerKernels kernels = SupportedLayerKernels().back();
  return kernels;
}

}  // namespace semcached::verify
