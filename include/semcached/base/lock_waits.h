// How long one thread waits for locks.
#ifndef SEMCACHED_BASE_LOCK_WAITS_H_
#define SEMCACHED_BASE_LOCK_WAITS_H_

#include <absl/container/inlined_vector.h>
#include <absl/time/time.h>
#include <absl/types/span.h>

#include "semcached/base/clock.h"

namespace semcached {

// Collects the waits of the thread that makes it for a Mutex or SharedMutex that was not free, as
// long as it lives. Nested ones each take their own. What a CondVar waits for is no wait for a lock
// and is not among them.
//
// Of one thread: made, read and destroyed there.
class LockWaits {
 public:
  // `clock` outlives the object, and takes no such lock: it is read with one just taken.
  explicit LockWaits(const Clock* clock) : clock_(clock), outer_(of_this_thread_) {
    of_this_thread_ = this;
  }
  ~LockWaits() { of_this_thread_ = outer_; }
  LockWaits(const LockWaits&) = delete;
  LockWaits& operator=(const LockWaits&) = delete;

  // In the order in which they ended.
  absl::Span<const absl::Duration> waits() const { return waits_; }

  // For the locks: whether somebody wants to know of this thread's waits.
  static bool AreCounted() { return of_this_thread_ != nullptr; }

  // For the locks: takes one by `lock`, or by `try_lock` if it is free, or soon is, and waits are
  // counted.
  template <typename TryLock, typename Lock>
  static void Take(TryLock try_lock, Lock lock) {
    if (!AreCounted()) return lock();
    if (try_lock()) return;
    const Wait wait;
    if (!Spin(try_lock)) lock();
  }

  // For the locks: whether `try_lock` has taken one within some microseconds. Most of what lookups
  // wait for is shorter, and to be woken from sleep takes longer, on virtual machines by far.
  template <typename TryLock>
  static bool Spin(TryLock try_lock) {
    constexpr int kTries = 20;
    constexpr int kPauses = 10;  // between, since a try takes the lock's memory from its holder
    for (int i = 0; i < kTries; ++i) {
      for (int pause = 0; pause < kPauses; ++pause) Pause();
      if (try_lock()) return true;
    }
    return false;
  }

  // For the locks: one wait, from where it is made to where it is destroyed; those within it are
  // part of it. Does nothing if none are counted.
  class Wait {
   public:
    Wait();
    ~Wait();
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;

   private:
    LockWaits* const counts_;
    MonotonicTime begin_;
  };

 private:
  // Lets the other thread of a core go on.
  static void Pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
  }

  static inline constinit thread_local LockWaits* of_this_thread_ = nullptr;

  const Clock* const clock_;
  LockWaits* const outer_;
  absl::InlinedVector<absl::Duration, 4> waits_;
};

}  // namespace semcached

#endif  // SEMCACHED_BASE_LOCK_WAITS_H_
