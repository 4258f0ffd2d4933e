// Vectors by meaning: a test says how close two are.
#ifndef SEMCACHED_TESTS_SUPPORT_VECTORS_H_
#define SEMCACHED_TESTS_SUPPORT_VECTORS_H_

#include <cmath>
#include <cstddef>
#include <random>
#include <vector>

namespace semcached {

// Length 1, all of it along one axis.
inline std::vector<float> Axis(size_t axis, size_t dimension = 8) {
  std::vector<float> vector(dimension, 0.0F);
  vector[axis % dimension] = 1.0F;
  return vector;
}

// Length 1, with `similarity` to Axis(axis): the rest lies along the next axis.
inline std::vector<float> Near(size_t axis, double similarity, size_t dimension = 8) {
  std::vector<float> vector(dimension, 0.0F);
  vector[axis % dimension] = static_cast<float>(similarity);
  vector[(axis + 1) % dimension] = static_cast<float>(std::sqrt(1 - similarity * similarity));
  return vector;
}

// Length 1, of a random direction; unrelated pairs of a high dimension are nearly orthogonal.
inline std::vector<float> RandomUnit(std::mt19937_64& random, size_t dimension) {
  std::normal_distribution<float> normal;
  std::vector<float> vector(dimension);
  double square = 0;
  for (float& value : vector) {
    value = normal(random);
    square += static_cast<double>(value) * value;
  }
  for (float& value : vector) value = static_cast<float>(value / std::sqrt(square));
  return vector;
}

}  // namespace semcached

#endif  // SEMCACHED_TESTS_SUPPORT_VECTORS_H_
