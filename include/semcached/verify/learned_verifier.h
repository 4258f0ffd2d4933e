// A verifier whose weights were learned from labelled pairs, by TrainVerifier.
#ifndef SEMCACHED_VERIFY_LEARNED_VERIFIER_H_
#define SEMCACHED_VERIFY_LEARNED_VERIFIER_H_

#include <absl/status/statusor.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "semcached/verify/verifier.h"

namespace semcached {

// One hidden layer of rectified units and a logistic output.
struct VerifierNetwork {
  static constexpr size_t kHidden = 64;

  std::vector<float> hidden;  // a row of kHidden weights an input
  std::vector<float> hidden_bias;
  std::vector<float> output;
  float output_bias = 0;

  friend bool operator==(const VerifierNetwork&, const VerifierNetwork&) = default;
};

// Several networks of the same inputs, whose outputs are averaged.
struct VerifierModel {
  size_t dimension = 0;  // of the vectors
  std::vector<VerifierNetwork> networks;

  friend bool operator==(const VerifierModel&, const VerifierModel&) = default;
};

inline constexpr size_t kMaxVerifierNetworks = 16;

// InvalidArgument: no networks or too many, sizes that do not fit the dimension, or a weight that
// is not finite.
absl::StatusOr<std::shared_ptr<const Verifier>> MakeLearnedVerifier(std::string identity,
                                                                    VerifierModel model);

}  // namespace semcached

#endif  // SEMCACHED_VERIFY_LEARNED_VERIFIER_H_
