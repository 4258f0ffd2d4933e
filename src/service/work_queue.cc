#include "service/work_queue.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "semcached/base/mutex.h"
#include "semcached/base/status.h"

namespace semcached {
namespace {

// The mean follows a change within some tens of calls.
constexpr int kCallsOfAMean = 16;

// Of its time, what a call may wait. The rest is for the work, and for what was expected wrongly.
constexpr double kMayWait = 0.5;

// Of the usual time, what is surely enough. Callers that come again and again get in as soon as
// that allows for it, so that all are at this edge.
constexpr double kSurely = 1.5;

// For so long what the last call told is believed, then half of it, and so on.
constexpr absl::Duration kBelieved = absl::Seconds(2);

}  // namespace

// Who waits, who is at work since when, and how long a piece of work takes.
class WorkQueue::Waits {
 public:
  Waits(size_t workers, const Clock* clock) : workers_(workers), clock_(*clock) {}

  absl::Status Join(absl::Duration left, absl::Duration most_wait) ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    const absl::Duration wait = Expected();
    const bool too_long =
        wait > std::min(kMayWait * left, most_wait) || wait + kSurely * Usual() > left;
    // A worker without work takes anybody: or it would never learn that work has become quick.
    if (wait > absl::ZeroDuration() && too_long) {
      return absl::ResourceExhaustedError(absl::StrCat(
          "it would wait for about ", absl::FormatDuration(wait), ", be worked on for ",
          absl::FormatDuration(Usual()), ", and has ", absl::FormatDuration(left), "; back off"));
    }
    ++waiting_;
    return absl::OkStatus();
  }
  void Leave() ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    --waiting_;
  }

  // One that waited is worked on. Returns when that began.
  MonotonicTime Begin() ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    --waiting_;
    begun_.push_back(clock_.Monotonic());
    return begun_.back();
  }
  // `teaches`: how long it took tells of others. `left`: what it had when it began; a piece of work
  // that was cut off would have taken longer.
  void End(MonotonicTime begun, bool teaches, absl::Duration left) ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    begun_.erase(std::find(begun_.begin(), begun_.end(), begun));
    if (!teaches) return;
    const absl::Duration usual = Usual();
    absl::Duration took = clock_.Monotonic() - begun;
    if (took >= left) took = std::max(took, usual);
    learned_ = std::min(learned_ + 1, kCallsOfAMean);
    usual_ = usual + (took - usual) / learned_;
    learned_at_ = clock_.Monotonic();
  }

  absl::Duration ExpectedNow() const ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    return Expected();
  }

 private:
  // Until a worker would take one more: as each becomes free, it takes the next of those waiting.
  absl::Duration Expected() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const absl::Duration usual = Usual();
    absl::Duration wait = static_cast<int64_t>(waiting_ / workers_) * usual;
    // Those without work come first, then who began first.
    const size_t turn = waiting_ % workers_;
    const size_t idle = workers_ - std::min(workers_, begun_.size());
    if (turn >= idle) {
      const absl::Duration ago = clock_.Monotonic() - begun_[turn - idle];
      wait += std::max(absl::ZeroDuration(), usual - ago);
    }
    return wait;
  }
  // What was learned some time ago is believed less and less.
  absl::Duration Usual() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const absl::Duration ago = clock_.Monotonic() - learned_at_ - kBelieved;
    if (ago <= absl::ZeroDuration()) return usual_;
    return usual_ * std::exp2(-absl::FDivDuration(ago, kBelieved));
  }

  const size_t workers_;
  const Clock& clock_;

  mutable Mutex mutex_;
  size_t waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<MonotonicTime> begun_ ABSL_GUARDED_BY(mutex_);  // what is worked on, in that order
  int learned_ ABSL_GUARDED_BY(mutex_) = 0;  // pieces of work, up to those of a mean
  absl::Duration usual_ ABSL_GUARDED_BY(mutex_);
  MonotonicTime learned_at_ ABSL_GUARDED_BY(mutex_);
};

WorkQueue::WorkQueue(Executor* workers, const Clock* clock, absl::Duration most_wait)
    : workers_(*workers),
      most_wait_(most_wait),
      waits_(std::make_shared<Waits>(workers->thread_count(), clock)) {}

absl::Status WorkQueue::Submit(const Call& call, Kind kind,
                               std::function<void(const absl::Status&)> work) {
  RETURN_IF_ERROR(call.Check());
  RETURN_IF_ERROR(waits_->Join(call.Remaining(), most_wait_));
  // Answering a call may end the server and this queue with it; what counts stays.
  const bool queued = workers_.Submit([waits = waits_, call, kind, work = std::move(work)] {
    const absl::Status status = call.Check();
    const absl::Duration left = call.Remaining();
    const MonotonicTime begun = waits->Begin();
    work(status);
    // What was not done for want of time tells nothing of what is.
    waits->End(begun, status.ok() && kind == Kind::kUsual, left);
  });
  if (queued) return absl::OkStatus();
  waits_->Leave();
  return absl::ResourceExhaustedError("the queue of the workers is full; back off");
}

absl::Duration WorkQueue::ExpectedWait() const { return waits_->ExpectedNow(); }

}  // namespace semcached
