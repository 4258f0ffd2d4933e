#ifndef SEMCACHED_SRC_CACHE_FRESH_INSERTS_H_
#define SEMCACHED_SRC_CACHE_FRESH_INSERTS_H_

#include <cstddef>
#include <utility>
#include <vector>

#include "semcached/base/mutex.h"
#include "semcached/base/types.h"

namespace semcached {

// Entries whose answers are still to be compared with their neighbours'. Bounded: what comes while
// it is full is left out. Thread-safe.
class FreshInserts {
 public:
  static constexpr size_t kMost = 256;

  void Add(EntryId id) {
    MutexLock lock(&mutex_);
    if (ids_.size() < kMost) ids_.push_back(id);
  }
  std::vector<EntryId> Take() {
    MutexLock lock(&mutex_);
    return std::exchange(ids_, {});
  }

 private:
  Mutex mutex_;
  std::vector<EntryId> ids_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_CACHE_FRESH_INSERTS_H_
