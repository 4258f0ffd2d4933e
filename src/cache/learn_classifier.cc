#include "semcached/cache/learn_classifier.h"

#include <utility>

#include "cache/vector_file.h"
#include "semcached/base/log.h"
#include "semcached/base/status.h"

namespace semcached {

absl::StatusOr<std::shared_ptr<const Classifier>> ClassifierTeacher::Learn(
    const CategoryPolicySet& categories, const PrototypeOptions& options, Embedder* embedder,
    const Call& call) {
  if (identity_ != embedder->identity()) {
    identity_ = embedder->identity();
    known_ = file_.empty() ? VectorsByText() : ReadVectorFile(file_, identity_);
  }
  VectorsByText used;
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
      const std::vector<float>& vector = used.at(example);
      if (!vector.empty())
        prototype.examples.push_back(vector);  // else: not to be told from others
    }
  }
  const bool changed = !unknown.empty() || used.size() != known_.size();
  known_ = std::move(used);  // what no category names any more is forgotten
  if (changed && !file_.empty()) {
    if (absl::Status status = WriteVectorFile(file_, identity_, known_); !status.ok()) {
      LogWarning("the next start embeds the examples again", {{"why", status.message()}});
    }
  }
  ASSIGN_OR_RETURN(std::unique_ptr<Classifier> classifier,
                   MakePrototypeClassifier(prototypes, options));
  return std::shared_ptr<const Classifier>(std::move(classifier));
}

}  // namespace semcached
