// Tells the category of a vector.
#ifndef SEMCACHED_CLASSIFY_CLASSIFIER_H_
#define SEMCACHED_CLASSIFY_CLASSIFIER_H_

#include <absl/status/statusor.h>
#include <absl/types/span.h>

#include <memory>
#include <string>
#include <vector>

namespace semcached {

struct Classification {
  std::string category;  // the best one, or the default if that is not sure
  bool sure = false;
  float lead = 0;  // of the best over the second, in similarity
};

// Immutable, hence thread-safe. Knows vectors only, no texts and no embedder.
class Classifier {
 public:
  virtual ~Classifier() = default;

  // `vector` has length 1 and the dimension the classifier was made with.
  virtual Classification Classify(absl::Span<const float> vector) const = 0;
};

// One category and the vectors of its examples, each of length 1.
struct PrototypeCategory {
  std::string category;
  bool is_private = false;  // may not be cached: taken when it merely comes close
  std::vector<std::vector<float>> examples;
};

struct PrototypeOptions {
  std::string default_category;
  double margin = 0.03;          // less lead than this: not sure, the default category
  double private_margin = 0.02;  // a private category this close to the best is taken
};

// Compares a vector with prototypes learned from the examples of each category. Categories without
// examples are never chosen, but for the default one. InvalidArgument: dimensions differ.
absl::StatusOr<std::unique_ptr<Classifier>> MakePrototypeClassifier(
    const std::vector<PrototypeCategory>& categories, const PrototypeOptions& options);

}  // namespace semcached

#endif  // SEMCACHED_CLASSIFY_CLASSIFIER_H_
