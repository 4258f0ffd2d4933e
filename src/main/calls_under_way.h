#ifndef SEMCACHED_SRC_MAIN_CALLS_UNDER_WAY_H_
#define SEMCACHED_SRC_MAIN_CALLS_UNDER_WAY_H_

#include <memory>

#include "semcached/base/mutex.h"

namespace semcached {

// Calls of gRPC's callback interface, each from when it is begun until what it was made with is
// gone, which is after its callback.
//
// Who only waits for callbacks may let go of a channel first. The context of a call holds the
// channel, too, and is then the last to let go, on a thread of the channel's own: gRPC 1.51 aborts.
//
// Thread-safe.
class CallsUnderWay {
 public:
  CallsUnderWay() = default;
  ~CallsUnderWay() { Await(); }
  CallsUnderWay(const CallsUnderWay&) = delete;
  CallsUnderWay& operator=(const CallsUnderWay&) = delete;

  // `Call` has the context, the request and the response; the callback holds it.
  template <typename Call>
  std::shared_ptr<Call> Begin() {
    MutexLock lock(&mutex_);
    ++count_;
    return std::shared_ptr<Call>(new Call, [this](Call* call) {
      delete call;
      MutexLock ended(&mutex_);
      --count_;
      changed_.SignalAll();
    });
  }

  // Until there are none.
  void Await() {
    MutexLock lock(&mutex_);
    while (count_ > 0) changed_.Wait(&mutex_);
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  int count_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_MAIN_CALLS_UNDER_WAY_H_
