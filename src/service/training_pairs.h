#ifndef SEMCACHED_SRC_SERVICE_TRAINING_PAIRS_H_
#define SEMCACHED_SRC_SERVICE_TRAINING_PAIRS_H_

#include <absl/status/status.h>

#include <string>
#include <vector>

#include "semcached/service/server.h"
#include "semcached/v1/admin.pb.h"

namespace semcached {

// The stream of AdminService.TrainVerifier, checked and gathered. Lives on one thread.
class TrainingPairs {
 public:
  // `parts` outlives it.
  explicit TrainingPairs(const ServerParts& parts) : parts_(parts) {}

  // InvalidArgument: a text is empty, too long or no UTF-8, the category is unknown, forbids
  // caching or has no embedder here, or there are too many pairs.
  absl::Status Take(const v1::LabelledPair& pair);

  // As VerifierKeeper::Train; what is not adopted is no error.
  absl::Status Train(const Call& call, v1::TrainVerifierResponse* response) const;

 private:
  absl::Status TakeCategory(const std::string& category);

  const ServerParts& parts_;
  std::string category_;
  Embedder* embedder_ = nullptr;
  std::vector<LabelledTexts> pairs_;
  size_t bytes_ = 0;  // of their texts
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_SERVICE_TRAINING_PAIRS_H_
