// Where background work runs.
#ifndef SEMCACHED_BASE_EXECUTOR_H_
#define SEMCACHED_BASE_EXECUTOR_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "semcached/base/mutex.h"

namespace semcached {

// Thread-safe.
class Executor {
 public:
  virtual ~Executor() = default;

  // Runs `task` some time later, on another thread or when the executor is driven. Returns false,
  // and drops the task, when the queue is full or the executor is stopping.
  virtual bool Submit(std::function<void()> task) = 0;

  // How many tasks run at once.
  virtual size_t thread_count() const { return 1; }
};

// A fixed set of threads over one bounded queue. Of those without work the one that had some last
// takes the next: its stack and its memory are still in the caches. The destructor runs what is
// queued, then joins.
class ThreadPool final : public Executor {
 public:
  // `name` (at most 15 bytes) is what the threads are called in a debugger. `nice` is added to
  // their priority value: 0 for work that callers wait for, 10 for work that may take its time.
  ThreadPool(std::string name, size_t thread_count, size_t queue_limit, int nice = 0);
  ~ThreadPool() override;

  bool Submit(std::function<void()> task) override ABSL_LOCKS_EXCLUDED(mutex_);

  size_t QueueDepth() const ABSL_LOCKS_EXCLUDED(mutex_);
  size_t thread_count() const override { return threads_.size(); }
  // Threads without work.
  size_t idle_count() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // A thread without work.
  struct Idle {
    CondVar wake;
    bool woken = false;
  };

  void Work(int nice) ABSL_LOCKS_EXCLUDED(mutex_);
  void WakeOne() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string name_;
  const size_t queue_limit_;

  mutable Mutex mutex_;
  std::deque<std::function<void()>> queue_ ABSL_GUARDED_BY(mutex_);
  std::vector<Idle*> idle_ ABSL_GUARDED_BY(mutex_);  // who has been so for the least time is last
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;  // written by the constructor and the destructor only
};

}  // namespace semcached

#endif  // SEMCACHED_BASE_EXECUTOR_H_
