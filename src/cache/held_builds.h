#ifndef SEMCACHED_SRC_CACHE_HELD_BUILDS_H_
#define SEMCACHED_SRC_CACHE_HELD_BUILDS_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <utility>

#include "semcached/base/executor.h"

namespace semcached {

// Takes no build until all of the store has been read: of a scope that is half read a graph would
// be made for nothing, and the one that is kept of all of it not be recognised. What is refused is
// due at a later tick. Thread-safe.
class HeldBuilds final : public Executor {
 public:
  explicit HeldBuilds(Executor* builds) : builds_(builds) {}

  // Returns which hold this is.
  int64_t Hold() { return ++last_; }
  bool held() const { return let_go_ < last_; }
  // Whether there was none after `hold`.
  bool IsLast(int64_t hold) const { return hold == last_; }
  // Ends it, and those before it.
  void LetGo(int64_t hold) { let_go_ = hold; }
  bool Submit(std::function<void()> task) override {
    return !held() && builds_->Submit(std::move(task));
  }

 private:
  Executor* const builds_;
  std::atomic<int64_t> last_{1};
  std::atomic<int64_t> let_go_{0};
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_CACHE_HELD_BUILDS_H_
