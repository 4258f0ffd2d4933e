// How well a vector fits a category's examples.
#ifndef SEMCACHED_CLASSIFY_PROTOTYPE_SCORE_H_
#define SEMCACHED_CLASSIFY_PROTOTYPE_SCORE_H_

#include <absl/types/span.h>

#include <cstddef>
#include <vector>

namespace semcached {

// The examples of one category, all of one dimension.
struct Prototype {
  size_t dimension = 0;
  std::vector<float> examples;  // one after the other
};

// `examples` is not empty; its vectors have one dimension.
Prototype MakePrototype(const std::vector<std::vector<float>>& examples);

// The mean similarity to the nearest examples: in [-1, 1] for vectors of length 1, higher is
// closer. Costs one inner product an example.
float PrototypeScore(const Prototype& prototype, absl::Span<const float> vector);

}  // namespace semcached

#endif  // SEMCACHED_CLASSIFY_PROTOTYPE_SCORE_H_
