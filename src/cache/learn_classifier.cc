#include "semcached/cache/learn_classifier.h"

#include <utility>

#include "semcached/base/status.h"

namespace semcached {

absl::StatusOr<std::shared_ptr<const Classifier>> ClassifierTeacher::Learn(
    const CategoryPolicySet& categories, const PrototypeOptions& options, Embedder* embedder,
    const Call& call) {
  absl::flat_hash_map<std::string, std::vector<float>> used;
  std::vector<std::string_view> unknown;
  for (const auto& [name, policy] : categories.categories) {
    for (const std::string& example : policy.examples) {
      const auto found = known_.find(example);
      if (found == known_.end()) {
        unknown.push_back(example);
      } else {
        used[example] = found->second;
      }
    }
  }
  if (!unknown.empty()) {
    ASSIGN_OR_RETURN(std::vector<std::vector<float>> vectors, embedder->Embed(unknown, call));
    for (size_t i = 0; i < unknown.size(); ++i) {
      used[std::string(unknown[i])] = std::move(vectors[i]);
    }
  }
  std::vector<PrototypeCategory> prototypes;
  for (const auto& [name, policy] : categories.categories) {
    PrototypeCategory& prototype = prototypes.emplace_back();
    prototype.category = name;
    prototype.is_private = !policy.allow_caching;
    for (const std::string& example : policy.examples) {
      prototype.examples.push_back(used.at(example));
    }
  }
  known_ = std::move(used);  // what no file names any more is forgotten
  ASSIGN_OR_RETURN(std::unique_ptr<Classifier> classifier,
                   MakePrototypeClassifier(prototypes, options));
  return std::shared_ptr<const Classifier>(std::move(classifier));
}

}  // namespace semcached
