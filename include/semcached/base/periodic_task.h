// A thread that does one thing again and again.
#ifndef SEMCACHED_BASE_PERIODIC_TASK_H_
#define SEMCACHED_BASE_PERIODIC_TASK_H_

#include <absl/time/time.h>

#include <functional>
#include <string>
#include <thread>

#include "semcached/base/mutex.h"

namespace semcached {

// Calls a function every `interval`, first one interval after Start(), counted from the end of one
// run to the beginning of the next: runs never overlap, and a slow one delays the others.
//
// What a run finds to do, it decides by a Clock of its own: the interval is the machine's time.
// Start() and Stop() are to be called from one thread, which is not the task's.
class PeriodicTask {
 public:
  // `name` (at most 15 bytes) is what the thread is called in a debugger. `interval` > 0.
  PeriodicTask(std::string name, absl::Duration interval, std::function<void()> function);
  ~PeriodicTask();  // stops

  PeriodicTask(const PeriodicTask&) = delete;
  PeriodicTask& operator=(const PeriodicTask&) = delete;

  // Without effect while running.
  void Start();

  // Waits for the run in progress, if any; none begins after it. May be started again.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  // Returns false when stopped first.
  bool WaitForNext() ABSL_LOCKS_EXCLUDED(mutex_);

  const std::string name_;
  const absl::Duration interval_;
  const std::function<void()> function_;
  std::thread thread_;  // touched by Start() and Stop() only

  Mutex mutex_;
  CondVar stopped_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace semcached

#endif  // SEMCACHED_BASE_PERIODIC_TASK_H_
