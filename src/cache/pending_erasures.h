#ifndef SEMCACHED_SRC_CACHE_PENDING_ERASURES_H_
#define SEMCACHED_SRC_CACHE_PENDING_ERASURES_H_

#include <absl/container/flat_hash_set.h>
#include <absl/types/span.h>

#include <vector>

#include "semcached/base/mutex.h"
#include "semcached/base/types.h"

namespace semcached {

// Entries that are gone for callers, but that the store has refused to erase: not to be recovered,
// and to be erased later. Thread-safe.
//
// Bounded by what the store holds. Forgotten at a restart: then they may be found again.
class PendingErasures {
 public:
  void Add(absl::Span<const EntryId> ids) {
    MutexLock lock(&mutex_);
    ids_.insert(ids.begin(), ids.end());
  }
  bool Contains(EntryId id) const {
    MutexLock lock(&mutex_);
    return ids_.contains(id);
  }
  std::vector<EntryId> All() const {
    MutexLock lock(&mutex_);
    return {ids_.begin(), ids_.end()};
  }
  void Remove(absl::Span<const EntryId> ids) {
    MutexLock lock(&mutex_);
    for (const EntryId id : ids) ids_.erase(id);
  }

 private:
  mutable Mutex mutex_;
  absl::flat_hash_set<EntryId> ids_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_CACHE_PENDING_ERASURES_H_
