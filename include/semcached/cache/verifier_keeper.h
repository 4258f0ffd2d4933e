// Keeps the verifiers that were learned, and learns new ones.
#ifndef SEMCACHED_CACHE_VERIFIER_KEEPER_H_
#define SEMCACHED_CACHE_VERIFIER_KEEPER_H_

#include <absl/status/statusor.h>

#include <memory>
#include <string>
#include <vector>

#include "semcached/base/call.h"
#include "semcached/base/mutex.h"
#include "semcached/embed/embedder.h"
#include "semcached/verify/train.h"
#include "semcached/verify/verifier_set.h"

namespace semcached {

// Two queries, and whether one answer serves both.
struct LabelledTexts {
  bool duplicate = false;
  std::string text_a;  // UTF-8, not empty
  std::string text_b;
};

// The verifiers in force, as lookups ask for them. Thread-safe.
class VerifierSource {
 public:
  virtual ~VerifierSource() = default;
  virtual std::shared_ptr<const VerifierSet> Current() const = 0;  // never null
};

// Thread-safe; trains one category at a time.
class VerifierKeeper final : public VerifierSource {
 public:
  // Takes what earlier runs left in `directory`; a damaged file is logged and left out.
  explicit VerifierKeeper(std::string directory);

  std::shared_ptr<const VerifierSet> Current() const override ABSL_LOCKS_EXCLUDED(current_mutex_);

  // Embeds the pairs, learns, and judges on pairs held back. What is adopted is in force at once,
  // and after a restart; what is not leaves everything as it was: the evidence says why.
  //
  // ResourceExhausted: another training is at work. InvalidArgument: as TrainVerifier. Unavailable:
  // the embedder or the disk fails.
  absl::StatusOr<VerifierEvidence> Train(const std::string& category,
                                         const std::vector<LabelledTexts>& pairs,
                                         Embedder* embedder, const Call& call)
      ABSL_LOCKS_EXCLUDED(training_mutex_);

 private:
  void Publish(VerifierSet verifiers) ABSL_LOCKS_EXCLUDED(current_mutex_);

  const std::string directory_;
  Mutex training_mutex_;
  bool training_ ABSL_GUARDED_BY(training_mutex_) = false;

  mutable SharedMutex current_mutex_;
  std::shared_ptr<const VerifierSet> current_ ABSL_GUARDED_BY(current_mutex_);
};

}  // namespace semcached

#endif  // SEMCACHED_CACHE_VERIFIER_KEEPER_H_
