// What a network answers.
#ifndef SEMCACHED_SRC_VERIFY_NETWORK_H_
#define SEMCACHED_SRC_VERIFY_NETWORK_H_

#include <cstddef>

#include "semcached/verify/learned_verifier.h"

namespace semcached::verify {

// The logarithm of the odds that `features`, of `count` elements, are of a duplicate.
double Logit(const VerifierNetwork& network, const float* features, size_t count);

// In [0,1], of the mean of the networks' logits.
double Probability(const VerifierModel& model, const float* features, size_t count);

}  // namespace semcached::verify

#endif  // SEMCACHED_SRC_VERIFY_NETWORK_H_
