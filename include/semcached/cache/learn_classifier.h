// Learns a classifier from the examples in the category files.
#ifndef SEMCACHED_CACHE_LEARN_CLASSIFIER_H_
#define SEMCACHED_CACHE_LEARN_CLASSIFIER_H_

#include <absl/container/flat_hash_map.h>
#include <absl/status/statusor.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "semcached/base/call.h"
#include "semcached/classify/classifier.h"
#include "semcached/config/category_policy.h"
#include "semcached/embed/embedder.h"

namespace semcached {

// Keeps the embeddings of the examples, in memory and in a file, so that a reload and a start embed
// only those that are new.
//
// Not thread-safe.
class ClassifierTeacher {
 public:
  // `file` may be empty: then a start embeds them all.
  explicit ClassifierTeacher(std::string file = "") : file_(std::move(file)) {}

  // Unavailable: the embedder fails.
  absl::StatusOr<std::shared_ptr<const Classifier>> Learn(const CategoryPolicySet& categories,
                                                          const PrototypeOptions& options,
                                                          Embedder* embedder, const Call& call);

 private:
  const std::string file_;
  std::string identity_;                                        // of what is known
  absl::flat_hash_map<std::string, std::vector<float>> known_;  // by text
};

}  // namespace semcached

#endif  // SEMCACHED_CACHE_LEARN_CLASSIFIER_H_
