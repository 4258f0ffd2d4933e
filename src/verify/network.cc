#include "verify/network.h"

#include <algorithm>
#include <cmath>

#include "verify/layer_kernel.h"

namespace semcached::verify {

double Logit(const VerifierNetwork& network, const float* features, size_t count) {
  float hidden[kHidden];
  std::copy(network.hidden_bias.begin(), network.hidden_bias.end(), hidden);
  ActiveLayerKernels().forward(features, count, network.hidden.data(), hidden);
  float sum = network.output_bias;
  for (size_t k = 0; k < kHidden; ++k) sum += std::max(hidden[k], 0.0F) * network.output[k];
  return sum;
}

double Probability(const VerifierModel& model, const float* features, size_t count) {
  double sum = 0;
  for (const VerifierNetwork& network : model.networks) sum += Logit(network, features, count);
  return 1 / (1 + std::exp(-sum / static_cast<double>(model.networks.size())));
}

}  // namespace semcached::verify
