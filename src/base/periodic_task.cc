#include "semcached/base/periodic_task.h"

#include <pthread.h>

#include <utility>

#include "semcached/base/clock.h"

namespace semcached {

PeriodicTask::PeriodicTask(std::string name, absl::Duration interval,
                           std::function<void()> function)
    : name_(std::move(name)), interval_(interval), function_(std::move(function)) {}

PeriodicTask::~PeriodicTask() { Stop(); }

void PeriodicTask::Start() {
  if (thread_.joinable()) return;
  thread_ = std::thread([this] { Run(); });
}

void PeriodicTask::Stop() {
  if (!thread_.joinable()) return;
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
  }
  stopped_.SignalAll();
  thread_.join();
  MutexLock lock(&mutex_);
  stopping_ = false;
}

void PeriodicTask::Run() {
  pthread_setname_np(pthread_self(), name_.c_str());
  while (WaitForNext()) function_();
}

bool PeriodicTask::WaitForNext() {
  const MonotonicTime due = SystemClock().Monotonic() + interval_;
  MutexLock lock(&mutex_);
  while (!stopping_) {
    const absl::Duration left = due - SystemClock().Monotonic();
    if (left <= absl::ZeroDuration()) return true;
    stopped_.WaitFor(&mutex_, absl::ToChronoNanoseconds(left));
  }
  return false;
}

}  // namespace semcached
