// Keeps retries a small share of calls.
#ifndef SEMCACHED_EMBED_RETRY_BUDGET_H_
#define SEMCACHED_EMBED_RETRY_BUDGET_H_

#include "semcached/base/mutex.h"

namespace semcached {

// Each request earns a tenth of a retry; at most ten are saved up, so that what counts is the last
// hundred requests. One is given in advance. When an endpoint fails for everybody, retries then
// add a tenth to its load and not a multiple. (Finagle's RetryBudget; Google SRE book, ch. 21.)
//
// Thread-safe.
class RetryBudget {
 public:
  void CountRequest() ABSL_LOCKS_EXCLUDED(mutex_);

  // True if a retry may be sent now; it is then spent.
  bool TakeRetry() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // In tenths of a retry: sums of 0.1 are not exact.
  static constexpr int kRetry = 10;
  static constexpr int kMost = 10 * kRetry;

  Mutex mutex_;
  int tenths_ ABSL_GUARDED_BY(mutex_) = kRetry;
};

}  // namespace semcached

#endif  // SEMCACHED_EMBED_RETRY_BUDGET_H_
