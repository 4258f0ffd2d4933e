#ifndef SEMCACHED_SRC_SERVICE_WORK_QUEUE_H_
#define SEMCACHED_SRC_SERVICE_WORK_QUEUE_H_

#include <absl/status/status.h>
#include <absl/time/time.h>

#include <functional>
#include <memory>

#include "semcached/base/call.h"
#include "semcached/base/clock.h"
#include "semcached/base/executor.h"

namespace semcached {

// The way to the workers. Who would wait for half of its time, or could not be done in all of it,
// is refused at once: a queue that is served in turn would else, under overload, bring each call to
// a worker just when its time is over, and answer nobody.
//
// Thread-safe; what it has accepted may outlive it.
class WorkQueue {
 public:
  // Whether the time that a piece of work takes tells of others.
  enum class Kind { kUsual, kRare };

  // Nobody waits longer than `most_wait`, however much time it has: who has less would be kept out.
  // `workers` and `clock` outlive what is accepted.
  WorkQueue(Executor* workers, const Clock* clock, absl::Duration most_wait);

  // Has a worker call `work`, with an error if the caller has given up meanwhile or its time is
  // over. ResourceExhausted: it is not accepted. DeadlineExceeded, Cancelled: by the call.
  absl::Status Submit(const Call& call, Kind kind, std::function<void(const absl::Status&)> work);

  // What a call that comes now would wait, as far as the last ones tell.
  absl::Duration ExpectedWait() const;

 private:
  class Waits;

  Executor& workers_;
  const absl::Duration most_wait_;
  const std::shared_ptr<Waits> waits_;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_SERVICE_WORK_QUEUE_H_
