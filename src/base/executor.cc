#include "semcached/base/executor.h"

#include <pthread.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <utility>

namespace semcached {

ThreadPool::ThreadPool(std::string name, size_t thread_count, size_t queue_limit, int nice)
    : name_(std::move(name)), queue_limit_(queue_limit) {
  threads_.reserve(thread_count);
  {
    MutexLock lock(&mutex_);
    idle_.reserve(thread_count);
  }
  for (size_t i = 0; i < thread_count; ++i) {
    threads_.emplace_back([this, nice] { Work(nice); });
  }
}

ThreadPool::~ThreadPool() {
  {
    MutexLock lock(&mutex_);
    stopping_ = true;
    while (!idle_.empty()) WakeOne();
  }
  for (std::thread& thread : threads_) thread.join();
}

bool ThreadPool::Submit(std::function<void()> task) {
  MutexLock lock(&mutex_);
  if (stopping_ || queue_.size() >= queue_limit_) return false;
  queue_.push_back(std::move(task));
  if (!idle_.empty()) WakeOne();
  return true;
}

size_t ThreadPool::QueueDepth() const {
  MutexLock lock(&mutex_);
  return queue_.size();
}

size_t ThreadPool::idle_count() const {
  MutexLock lock(&mutex_);
  return idle_.size();
}

void ThreadPool::WakeOne() {
  Idle* const next = idle_.back();
  idle_.pop_back();
  next->woken = true;
  next->wake.Signal();
}

void ThreadPool::Work(int nice) {
  pthread_setname_np(pthread_self(), name_.c_str());
  // On Linux a nice value belongs to the thread. Failure only costs the priority.
  if (nice != 0) setpriority(PRIO_PROCESS, static_cast<id_t>(syscall(SYS_gettid)), nice);
  Idle self;
  while (true) {
    std::function<void()> task;
    {
      MutexLock lock(&mutex_);
      while (queue_.empty() && !stopping_) {
        self.woken = false;
        idle_.push_back(&self);
        while (!self.woken) self.wake.Wait(&mutex_);
      }
      if (queue_.empty()) return;
      task = std::move(queue_.front());
      queue_.pop_front();
    }
    task();
  }
}

}  // namespace semcached
