#ifndef SEMCACHED_EMBED_SHARED_RUNS_H_
#define SEMCACHED_EMBED_SHARED_RUNS_H_

#include <absl/status/statusor.h>
#include <absl/types/span.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include "semcached/base/call.h"
#include "semcached/base/mutex.h"

namespace semcached {

// Runs of a model, shared by texts of several calls. A text waits only while all runs that may go
// on at once do; the next one then takes the text that came first, and with it those about as long.
//
// Thread-safe. The callers' threads do the work, also for each other.
class SharedRuns {
 public:
  using Tokens = std::vector<int64_t>;
  using Vectors = std::vector<std::vector<float>>;

  // A vector for each text, in one run of the model. Called by up to `at_once` threads at once.
  using Encode = std::function<absl::StatusOr<Vectors>(absl::Span<const Tokens* const> texts)>;

  struct Limits {
    size_t at_once;      // runs, 1 or more
    size_t most_texts;   // of a run, 1 or more
    size_t most_tokens;  // of a run with several texts, padding included
  };

  SharedRuns(Encode encode, const Limits& limits);

  // A vector for each text, in order. If the model fails on a run, each of its texts is tried
  // alone, so that nobody fails by another's text.
  //
  // Cancelled, DeadlineExceeded: by the call, looked at before and after each run and not during
  // one. Else what Encode tells of the first text that failed.
  absl::StatusOr<Vectors> Run(absl::Span<const Tokens> texts, const Call& call)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Texts that wait for a run.
  size_t waiting() const ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    return waiting_.size();
  }

 private:
  struct Text {
    const Tokens* tokens;
    enum { kWaits, kRuns, kDone } state = kWaits;
    absl::StatusOr<std::vector<float>> vector = std::vector<float>();
  };

  std::vector<Text*> TakeNext() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void RunTogether(absl::Span<Text* const> texts) ABSL_LOCKS_EXCLUDED(mutex_);
  // Until none of them is in a run.
  void Withdraw(std::vector<Text>* texts) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Encode encode_;
  const Limits limits_;

  mutable Mutex mutex_;
  CondVar run_ended_;
  size_t running_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<Text*> waiting_ ABSL_GUARDED_BY(mutex_);  // in the order in which they came
};

}  // namespace semcached

#endif  // SEMCACHED_EMBED_SHARED_RUNS_H_
