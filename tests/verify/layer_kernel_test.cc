#include "verify/layer_kernel.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace semcached::verify {
namespace {

std::vector<float> Numbers(size_t count, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<float> uniform(-1, 1);
  std::vector<float> numbers(count);
  for (float& number : numbers) number = uniform(random);
  return numbers;
}

TEST(LayerKernelTest, EveryForwardIsTheSumOfItsTerms) {
  for (const size_t count : {size_t{0}, size_t{1}, size_t{7}, size_t{791}}) {
    const std::vector<float> inputs = Numbers(count, 1);
    const std::vector<float> weights = Numbers(count * kHidden, 2);
    const std::vector<float> bias = Numbers(kHidden, 3);
    for (const LayerKernels& kernels : SupportedLayerKernels()) {
      std::vector<float> sums = bias;
      kernels.forward(inputs.data(), count, weights.data(), sums.data());
      for (size_t k = 0; k < kHidden; ++k) {
        double expected = bias[k];
        for (size_t i = 0; i < count; ++i) expected += inputs[i] * weights[i * kHidden + k];
        EXPECT_NEAR(sums[k], expected, 1e-4) << kernels.name << " " << count;
      }
    }
  }
}

TEST(LayerKernelTest, EveryGradientIsTheSumOverTheRows) {
  constexpr size_t kRows = 5;
  constexpr size_t kCount = 37;
  const std::vector<float> inputs = Numbers(kRows * kCount, 1);
  const std::vector<float> deltas = Numbers(kRows * kHidden, 2);
  std::vector<const float*> rows;
  for (size_t r = 0; r < kRows; ++r) rows.push_back(inputs.data() + r * kCount);
  for (const LayerKernels& kernels : SupportedLayerKernels()) {
    std::vector<float> gradient(kCount * kHidden, 99);
    kernels.gradient(rows.data(), deltas.data(), kRows, kCount, gradient.data());
    for (size_t i = 0; i < kCount; ++i) {
      for (size_t k = 0; k < kHidden; ++k) {
        double expected = 0;
        for (size_t r = 0; r < kRows; ++r) expected += rows[r][i] * deltas[r * kHidden + k];
        EXPECT_NEAR(gradient[i * kHidden + k], expected, 1e-5) << kernels.name;
      }
    }
  }
}

TEST(LayerKernelTest, AStepGoesAgainstTheGradientAndDecays) {
  for (const LayerKernels& kernels : SupportedLayerKernels()) {
    std::vector<float> weights(33, 2);
    std::vector<float> mean(33, 0);
    std::vector<float> square(33, 0);
    const std::vector<float> gradient = Numbers(33, 4);
    const AdamStep step = {0.1F, 0.25F, 1e-8F};
    kernels.adam(gradient.data(), weights.size(), step, weights.data(), mean.data(), square.data());
    for (size_t i = 0; i < weights.size(); ++i) {
      // After one step the ratio of the two means is (1-0.9)/sqrt(1-0.999), by the gradient's sign.
      const double moved = 0.1 * std::copysign(0.1 / std::sqrt(0.001), gradient[i]);
      EXPECT_NEAR(weights[i], 2 - moved - 0.25 * 2, 1e-3) << kernels.name;
    }
  }
}

}  // namespace
}  // namespace semcached::verify
