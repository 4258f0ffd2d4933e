#include "verify/features.h"

#include <algorithm>
#include <cmath>

namespace semcached::verify {

void ComputeFeatures(std::string_view a, std::string_view b, absl::Span<const float> u,
                     absl::Span<const float> v, float* features) {
  const size_t dimension = u.size();
  float* const products = features + dimension;
  for (size_t i = 0; i < dimension; ++i) {
    features[i] = std::fabs(u[i] - v[i]);
    products[i] = u[i] * v[i];
  }
  float cosine = 0;
  for (size_t i = 0; i < dimension; ++i) cosine += products[i];
  features[2 * dimension] = cosine;
  const WordFeatures words = CompareWords(a, b);
  std::copy(words.begin(), words.end(), features + 2 * dimension + 1);
}

}  // namespace semcached::verify
