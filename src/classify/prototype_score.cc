#include "classify/prototype_score.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace semcached {
namespace {

// The nearest examples that count: one alone may be an odd one.
constexpr size_t kNearest = 3;

// The rest is the nearest examples'. The centroid is steady and knows one cluster; the nearest
// examples follow a category of many, and favour the one with more examples.
constexpr float kCentroidShare = 0.5f;

// Eight sums, so that the compiler may use vector registers without reordering a sum.
float InnerProduct(const float* a, const float* b, size_t size) {
  std::array<float, 8> sums{};
  size_t i = 0;
  for (; i + sums.size() <= size; i += sums.size()) {
    for (size_t lane = 0; lane < sums.size(); ++lane) sums[lane] += a[i + lane] * b[i + lane];
  }
  float total = 0;
  for (; i < size; ++i) total += a[i] * b[i];
  for (const float sum : sums) total += sum;
  return total;
}

}  // namespace

Prototype MakePrototype(const std::vector<std::vector<float>>& examples) {
  Prototype prototype;
  prototype.dimension = examples.front().size();
  prototype.centroid.assign(prototype.dimension, 0);
  for (const std::vector<float>& example : examples) {
    prototype.examples.insert(prototype.examples.end(), example.begin(), example.end());
    for (size_t i = 0; i < prototype.dimension; ++i) prototype.centroid[i] += example[i];
  }
  const float* centroid = prototype.centroid.data();
  const float length = std::sqrt(InnerProduct(centroid, centroid, prototype.dimension));
  if (length > 0) {
    for (float& value : prototype.centroid) value /= length;
  }
  return prototype;
}

float PrototypeScore(const Prototype& prototype, absl::Span<const float> vector) {
  std::array<float, kNearest> nearest;  // descending
  nearest.fill(-1);
  size_t count = 0;
  for (size_t at = 0; at < prototype.examples.size(); at += prototype.dimension, ++count) {
    float similarity =
        InnerProduct(prototype.examples.data() + at, vector.data(), prototype.dimension);
    for (float& held : nearest) {
      if (similarity > held) std::swap(similarity, held);
    }
  }
  const size_t counted = std::min(count, kNearest);
  float sum = 0;
  for (size_t i = 0; i < counted; ++i) sum += nearest[i];
  const float centroid =
      InnerProduct(prototype.centroid.data(), vector.data(), prototype.dimension);
  return kCentroidShare * centroid + (1 - kCentroidShare) * sum / static_cast<float>(counted);
}

}  // namespace semcached
