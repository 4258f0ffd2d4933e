// Learns the weights of one network.
#ifndef SEMCACHED_SRC_VERIFY_NETWORK_TRAINING_H_
#define SEMCACHED_SRC_VERIFY_NETWORK_TRAINING_H_

#include <absl/status/statusor.h>
#include <absl/types/span.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "semcached/base/call.h"
#include "semcached/verify/learned_verifier.h"

namespace semcached::verify {

// A row of features for each pair, and its label.
struct Samples {
  size_t feature_count = 0;
  std::vector<float> features;
  std::vector<uint8_t> labels;

  const float* Row(size_t i) const { return features.data() + i * feature_count; }
  float* Row(size_t i) { return features.data() + i * feature_count; }
};

// What makes a feature's mean 0 and its deviation 1.
struct Scaling {
  std::vector<float> means;
  std::vector<float> factors;
};

// Features from `first_unscaled` on stay as they are.
Scaling MeasureScaling(const Samples& samples, absl::Span<const size_t> rows,
                       size_t first_unscaled);
void Scale(const Scaling& scaling, Samples& samples);
// The network that does to features as they are what `network` does to scaled ones.
VerifierNetwork Unscaled(VerifierNetwork network, const Scaling& scaling);

struct NetworkOptions {
  uint64_t seed = 1;
  size_t epochs = 30;
  size_t patience = 4;  // epochs without a gain, after which the best one is taken
  size_t batch = 64;
  float rate = 1e-3F;
  float decay = 2;       // of the weights, an update, times the rate
  float dropout = 0.3F;  // of the hidden units
};

// Learns from the rows `learn` of scaled samples and keeps the weights of the epoch that has the
// least loss on the rows `watch`; both have at least one row. Errors: those of `call`.
absl::StatusOr<VerifierNetwork> TrainNetwork(const Samples& samples, absl::Span<const size_t> learn,
                                             absl::Span<const size_t> watch,
                                             const NetworkOptions& options, const Call& call);

// The mean logarithmic loss.
double Loss(const VerifierNetwork& network, const Samples& samples, absl::Span<const size_t> rows);

}  // namespace semcached::verify

#endif  // SEMCACHED_SRC_VERIFY_NETWORK_TRAINING_H_
