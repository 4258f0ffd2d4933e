#ifndef SEMCACHED_TESTS_SUPPORT_FAKE_VERIFIER_H_
#define SEMCACHED_TESTS_SUPPORT_FAKE_VERIFIER_H_

#include <map>
#include <string>
#include <utility>

#include "semcached/base/mutex.h"
#include "semcached/base/status.h"
#include "semcached/verify/verifier.h"

namespace semcached {

// Answers as it was told: by the pair of texts, or else a default score. Thread-safe.
class FakeVerifier final : public Verifier {
 public:
  explicit FakeVerifier(std::string identity, double score = 0.5)
      : identity_(std::move(identity)), score_(score) {}

  const std::string& name() const override { return name_; }
  const std::string& identity() const override { return identity_; }

  absl::StatusOr<double> Score(const VerifyCandidate& candidate, const Call& call) const override {
    if (candidate.query.empty() || candidate.cached_query.empty()) {
      return absl::InvalidArgumentError("a text is missing");
    }
    RETURN_IF_ERROR(call.Check());
    MutexLock lock(&mutex_);
    ++calls_;
    RETURN_IF_ERROR(failure_);
    std::string query(candidate.query);
    std::string cached(candidate.cached_query);
    if (cached < query) std::swap(query, cached);
    const auto found = scores_.find({query, cached});
    return found == scores_.end() ? score_ : found->second;
  }

  // The order of the texts does not matter.
  void Say(std::string a, std::string b, double score) {
    MutexLock lock(&mutex_);
    if (b < a) std::swap(a, b);
    scores_[{std::move(a), std::move(b)}] = score;
  }

  // Every call fails so until it is told to fail with OkStatus.
  void FailWith(absl::Status failure) {
    MutexLock lock(&mutex_);
    failure_ = std::move(failure);
  }

  // Calls with good arguments that were still wanted.
  int calls() const {
    MutexLock lock(&mutex_);
    return calls_;
  }

 private:
  const std::string name_ = "fake";
  const std::string identity_;
  const double score_;
  mutable Mutex mutex_;
  std::map<std::pair<std::string, std::string>, double> scores_ ABSL_GUARDED_BY(mutex_);
  absl::Status failure_ ABSL_GUARDED_BY(mutex_);
  mutable int calls_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace semcached

#endif  // SEMCACHED_TESTS_SUPPORT_FAKE_VERIFIER_H_
