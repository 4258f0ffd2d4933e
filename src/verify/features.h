// What the networks see of a candidate.
#ifndef SEMCACHED_SRC_VERIFY_FEATURES_H_
#define SEMCACHED_SRC_VERIFY_FEATURES_H_

#include <absl/types/span.h>

#include <cstddef>
#include <string_view>

#include "verify/words.h"

namespace semcached::verify {

// |u-v| and u*v by component, the cosine, and the words.
constexpr size_t FeatureCount(size_t dimension) { return 2 * dimension + 1 + kWordFeatures; }

// From here on most features of most pairs are 0: they count words, and are not scaled.
constexpr size_t FirstUnscaled(size_t dimension) {
  return 2 * dimension + 1 + kUnscaledWordFeatures;
}

// Fills `features`, which has FeatureCount(u.size()) elements. The same for exchanged sides.
void ComputeFeatures(std::string_view a, std::string_view b, absl::Span<const float> u,
                     absl::Span<const float> v, float* features);

}  // namespace semcached::verify

#endif  // SEMCACHED_SRC_VERIFY_FEATURES_H_
