#ifndef SEMCACHED_SRC_SERVICE_CALLS_AT_WORK_H_
#define SEMCACHED_SRC_SERVICE_CALLS_AT_WORK_H_

#include <grpcpp/support/server_callback.h>

#include <atomic>

namespace semcached {

// The unary calls of a service that are not over: from the entry of their method until gRPC has
// sent the answer or given the call up. Outlives them. Thread-safe.
class CallsAtWork {
 public:
  // One more. The method returns what it gets, and whoever does the work finishes it.
  grpc::ServerUnaryReactor* Begin() { return new Reactor(&count_); }

  bool IsIdle() const { return count_.load(std::memory_order_relaxed) == 0; }

 private:
  class Reactor final : public grpc::ServerUnaryReactor {
   public:
    explicit Reactor(std::atomic<int>* count) : count_(count) {
      count_->fetch_add(1, std::memory_order_relaxed);
    }
    void OnDone() override {
      count_->fetch_sub(1, std::memory_order_relaxed);
      delete this;
    }
    // As gRPC's own default reactor: else each OnDone() would wake another thread.
    bool InternalInlineable() override { return true; }

   private:
    std::atomic<int>* const count_;
  };

  std::atomic<int> count_{0};
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_SERVICE_CALLS_AT_WORK_H_
