#include "classify/prototype_score.h"

#include <algorithm>
#include <array>

#include "semcached/base/dot_kernel.h"

namespace semcached {
namespace {

// The nearest examples that count: one alone may be an odd one. They follow a category of many
// clusters, where a centroid would lie between them (docs/classification.md has the figures).
constexpr size_t kNearest = 3;

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
  const DotKernel dot = ActiveDotKernel();
  for (size_t at = 0; at < prototype.examples.size(); at += prototype.dimension, ++count) {
    float similarity = dot(prototype.examples.data() + at, vector.data(), prototype.dimension);
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
