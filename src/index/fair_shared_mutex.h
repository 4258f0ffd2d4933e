// One writer or many readers, and no writer waits for ever.
#ifndef SEMCACHED_SRC_INDEX_FAIR_SHARED_MUTEX_H_
#define SEMCACHED_SRC_INDEX_FAIR_SHARED_MUTEX_H_

#include <atomic>

#include "semcached/base/mutex.h"

namespace semcached {

// glibc's shared mutex lets readers in while a writer waits, so searches that overlap without a gap
// would keep every insert out. Here a waiting writer shuts a gate before new readers: it waits only
// for those that are in. A reader pays one load for it while nobody writes.
//
// The four methods take or leave `mutex_`, which they hand to their caller as this one: within one
// function the analysis would see a lock left held, or released without being held. It is switched
// off inside them alone; who calls them is judged as for any lock.
class ABSL_LOCKABLE FairSharedMutex {
 public:
  FairSharedMutex() = default;
  FairSharedMutex(const FairSharedMutex&) = delete;
  FairSharedMutex& operator=(const FairSharedMutex&) = delete;

  void Lock() ABSL_EXCLUSIVE_LOCK_FUNCTION() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    waiting_writers_.fetch_add(1, std::memory_order_relaxed);
    MutexLock gate(&gate_);
    mutex_.Lock();
    waiting_writers_.fetch_sub(1, std::memory_order_relaxed);
  }
  void Unlock() ABSL_UNLOCK_FUNCTION() ABSL_NO_THREAD_SAFETY_ANALYSIS { mutex_.Unlock(); }

  void ReaderLock() ABSL_SHARED_LOCK_FUNCTION() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    if (!NoWriterWaits()) {
      const bool counted = LockWaits::AreCounted();
      const LockWaits::Wait wait;  // for the gate and what is behind it
      const auto enter = [this] { return NoWriterWaits() && mutex_.TryReaderLock(); };
      if (counted && LockWaits::Spin(enter)) return;
      { MutexLock gate(&gate_); }
      mutex_.ReaderLock();
      return;
    }
    mutex_.ReaderLock();
  }
  void ReaderUnlock() ABSL_UNLOCK_FUNCTION() ABSL_NO_THREAD_SAFETY_ANALYSIS {
    mutex_.ReaderUnlock();
  }

 private:
  bool NoWriterWaits() const { return waiting_writers_.load(std::memory_order_relaxed) == 0; }

  std::atomic<int> waiting_writers_{0};
  Mutex gate_;
  SharedMutex mutex_;
};

class ABSL_SCOPED_LOCKABLE SearchLock {
 public:
  explicit SearchLock(FairSharedMutex* mutex) ABSL_SHARED_LOCK_FUNCTION(mutex) : mutex_(mutex) {
    mutex_->ReaderLock();
  }
  ~SearchLock() ABSL_UNLOCK_FUNCTION() { mutex_->ReaderUnlock(); }
  SearchLock(const SearchLock&) = delete;
  SearchLock& operator=(const SearchLock&) = delete;

 private:
  FairSharedMutex* const mutex_;
};

class ABSL_SCOPED_LOCKABLE ChangeLock {
 public:
  explicit ChangeLock(FairSharedMutex* mutex) ABSL_EXCLUSIVE_LOCK_FUNCTION(mutex) : mutex_(mutex) {
    mutex_->Lock();
  }
  ~ChangeLock() ABSL_UNLOCK_FUNCTION() { mutex_->Unlock(); }
  ChangeLock(const ChangeLock&) = delete;
  ChangeLock& operator=(const ChangeLock&) = delete;

 private:
  FairSharedMutex* const mutex_;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_INDEX_FAIR_SHARED_MUTEX_H_
