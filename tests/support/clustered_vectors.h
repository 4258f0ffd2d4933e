#ifndef SEMCACHED_TESTS_SUPPORT_CLUSTERED_VECTORS_H_
#define SEMCACHED_TESTS_SUPPORT_CLUSTERED_VECTORS_H_

#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

#include "support/vectors.h"

namespace semcached {

// Length 1, with `similarity` to `vector` (nearly, in a high dimension), in a random direction.
inline std::vector<float> NearTo(const std::vector<float>& vector, double similarity,
                                 std::mt19937_64& random) {
  const std::vector<float> other = RandomUnit(random, vector.size());
  double along = 0;
  for (size_t i = 0; i < vector.size(); ++i) along += static_cast<double>(vector[i]) * other[i];
  const double across = std::sqrt((1 - similarity * similarity) / (1 - along * along));
  std::vector<float> near(vector.size());
  for (size_t i = 0; i < near.size(); ++i) {
    near[i] = static_cast<float>(similarity * vector[i] + across * (other[i] - along * vector[i]));
  }
  return near;
}

// Embeddings of a cache's queries come in topics, and in paraphrases within a topic. `count`
// vectors of length 1 around topics of about 50.
inline std::vector<std::vector<float>> ClusteredVectors(size_t count, size_t dimension,
                                                        std::mt19937_64& random) {
  std::vector<std::vector<float>> topics;
  for (size_t i = 0; i < count / 50 + 1; ++i) topics.push_back(RandomUnit(random, dimension));
  std::vector<std::vector<float>> vectors;
  vectors.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    vectors.push_back(NearTo(topics[random() % topics.size()], 0.7, random));
  }
  return vectors;
}

}  // namespace semcached

#endif  // SEMCACHED_TESTS_SUPPORT_CLUSTERED_VECTORS_H_
