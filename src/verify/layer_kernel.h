// The three loops in which a network's time goes, for the vectors that this processor has.
#ifndef SEMCACHED_SRC_VERIFY_LAYER_KERNEL_H_
#define SEMCACHED_SRC_VERIFY_LAYER_KERNEL_H_

#include <cstddef>
#include <vector>

#include "semcached/verify/learned_verifier.h"

namespace semcached::verify {

inline constexpr size_t kHidden = VerifierNetwork::kHidden;

struct AdamStep {
  float rate = 0;   // with the corrections of the first steps
  float decay = 0;  // of the weight itself, times the rate
  float epsilon = 0;
};

struct LayerKernels {
  const char* name;

  // sums[kHidden] += inputs[count] * weights[count][kHidden].
  void (*forward)(const float* inputs, size_t count, const float* weights, float* sums);

  // gradient[count][kHidden] = the sum over rows r of rows[r][count] * deltas[r][kHidden].
  void (*gradient)(const float* const* rows, const float* deltas, size_t row_count, size_t count,
                   float* gradient);

  // One step of Adam (Kingma and Ba, 2015), with decoupled decay.
  void (*adam)(const float* gradient, size_t count, const AdamStep& step, float* weights,
               float* mean, float* square);
};

// Those that this processor can run, slowest first; the first is portable. Results differ in the
// last bits.
std::vector<LayerKernels> SupportedLayerKernels();

// The fastest of them.
const LayerKernels& ActiveLayerKernels();

}  // namespace semcached::verify

#endif  // SEMCACHED_SRC_VERIFY_LAYER_KERNEL_H_
