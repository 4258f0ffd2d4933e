#ifndef SEMCACHED_EMBED_SHARED_RUNS_H_
#define SEMCACHED_EMBED_SHARED_RUNS_H_

#include <absl/status/statusor.h>
#include <absl/time/time.h>
#include <absl/types/span.h>

#include <cstddef>
#include <deque>
#include <vector>

#include "embed/sentence_encoder.h"
#include "semcached/base/call.h"
#include "semcached/base/clock.h"
#include "semcached/base/mutex.h"

namespace semcached {

// Runs of a model, shared by texts of several calls. Of what waits when a run may begin, it takes
// the text that came first, and with it those that are better off there than in a run of their own.
// Nothing waits for company.
//
// Thread-safe. The callers' threads do the work: each runs the model while a text of its own waits.
class SharedRuns {
 public:
  using Tokens = SentenceEncoder::Tokens;
  using Vectors = SentenceEncoder::Vectors;

  struct Limits {
    size_t at_once;      // runs, 1 or more
    size_t most_texts;   // of a run, 1 or more
    size_t most_tokens;  // of a run with several texts, padding included
  };

  // Both outlive it.
  SharedRuns(SentenceEncoder* encoder, const Limits& limits, const Clock* clock);

  // A vector for each text, in order. No more of one call waits at once than a run may have, so
  // that a long call does not keep others out. If the model fails on a run, each of its texts is
  // tried alone: nobody fails by another's text.
  //
  // ResourceExhausted: by what runs have taken, and by what waits, it would wait for half of its
  // time, or not be done in all of it. Cancelled, DeadlineExceeded: by the call, looked at whenever
  // a run begins, and not during one. Else what the encoder tells of the first text that failed.
  absl::StatusOr<Vectors> Run(absl::Span<const Tokens> texts, const Call& call)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Texts that wait for a run.
  size_t waiting() const ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    return waiting_.size();
  }

 private:
  // Texts of one call that wait together.
  struct Party {
    explicit Party(const Call& its_call) : call(its_call) {}
    const Call& call;
    size_t waiting = 0;  // texts
    size_t running = 0;  // texts, in whosever run
    bool busy = false;   // its thread runs the model
    CondVar changed;
  };
  struct Text {
    const Tokens* tokens;
    Party* party;
    bool alone = false;  // a run with others has failed
    absl::StatusOr<std::vector<float>> vector = std::vector<float>();
  };

  absl::Status RunParty(Party* party, absl::Span<Text> texts) ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Status CheckWait(const Party& party, absl::Span<const Text> texts) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Learn(size_t tokens, absl::Duration took) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::vector<Text*> TakeNext() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void DropWhoGaveUp() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Whose thread is to begin the next run; nullptr: nobody waits, or no thread is free.
  Party* NextToRun() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Wakes it, if a run may begin.
  void WakeNext() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Never throws.
  absl::StatusOr<Vectors> RunTogether(absl::Span<Text* const> texts) const;
  void End(absl::Span<Text* const> texts, absl::StatusOr<Vectors> vectors)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  SentenceEncoder& encoder_;
  const Limits limits_;
  const Clock& clock_;

  mutable Mutex mutex_;
  size_t running_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t running_tokens_ ABSL_GUARDED_BY(mutex_) = 0;  // padding included
  int learned_ ABSL_GUARDED_BY(mutex_) = 0;            // runs, up to those of a mean
  absl::Duration a_token_ ABSL_GUARDED_BY(mutex_);     // what one takes in a run, by those
  std::deque<Text*> waiting_ ABSL_GUARDED_BY(mutex_);  // in the order in which they came
};

}  // namespace semcached

#endif  // SEMCACHED_EMBED_SHARED_RUNS_H_
