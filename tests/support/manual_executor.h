#ifndef SEMCACHED_TESTS_SUPPORT_MANUAL_EXECUTOR_H_
#define SEMCACHED_TESTS_SUPPORT_MANUAL_EXECUTOR_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <utility>

#include "semcached/base/executor.h"
#include "semcached/base/mutex.h"

namespace semcached {

// Nothing runs until the test says so, and then on the test's thread. Thread-safe.
class ManualExecutor final : public Executor {
 public:
  bool Submit(std::function<void()> task) override {
    MutexLock lock(&mutex_);
    if (full_) return false;
    tasks_.push_back(std::move(task));
    return true;
  }

  // Runs what is queued, and what that queues; returns how many ran.
  size_t RunAll() {
    size_t count = 0;
    while (true) {
      std::function<void()> task;
      {
        MutexLock lock(&mutex_);
        if (tasks_.empty()) return count;
        task = std::move(tasks_.front());
        tasks_.pop_front();
      }
      task();
      ++count;
    }
  }

  // Runs what was queued first; there is something.
  void RunOne() {
    std::function<void()> task;
    {
      MutexLock lock(&mutex_);
      task = std::move(tasks_.front());
      tasks_.pop_front();
    }
    task();
  }

  // Drops what is queued without running it.
  void DropAll() {
    std::deque<std::function<void()>>
        dropped;  // ends after the lock: a task may submit when it ends
    MutexLock lock(&mutex_);
    dropped.swap(tasks_);
  }

  // While full, every task is refused.
  void SetFull(bool full) {
    MutexLock lock(&mutex_);
    full_ = full;
  }

  size_t queued() const {
    MutexLock lock(&mutex_);
    return tasks_.size();
  }

 private:
  mutable Mutex mutex_;
  std::deque<std::function<void()>> tasks_ ABSL_GUARDED_BY(mutex_);
  bool full_ ABSL_GUARDED_BY(mutex_) = false;
};

// Runs every task before Submit returns.
class InlineExecutor final : public Executor {
 public:
  bool Submit(std::function<void()> task) override {
    task();
    return true;
  }
};

}  // namespace semcached

#endif  // SEMCACHED_TESTS_SUPPORT_MANUAL_EXECUTOR_H_
