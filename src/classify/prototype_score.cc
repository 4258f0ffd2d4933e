#include "classify/prototype_score.h"

#include <algorithm>
#include <array>

namespace semcached {
namespace {

// The nearest examples that count: one alone may be an odd one. They follow a category of many
// clusters, where a centroid would lie between them (docs/classification.md has the figures).
constexpr size_t kNearest = 3;

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
  for (const std::vector<float>& example : examples) {
    prototype.examples.insert(prototype.examples.end(), example.begin(), example.end());
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
  return sum / static_cast<float>(counted);
}

}  // namespace semcached
