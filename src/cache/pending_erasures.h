#ifndef SEMCACHED_SRC_CACHE_PENDING_ERASURES_H_
#define SEMCACHED_SRC_CACHE_PENDING_ERASURES_H_

#include <absl/container/flat_hash_set.h>
#include <absl/types/span.h>

#include <vector>

#include "semcached/base/mutex.h"
#include "semcached/base/types.h"

namespace semcached {

// Entries that are gone for callers and not yet for the store: being erased, or refused, to be
// erased later. They are not to be recovered. Thread-safe.
//
// Bounded by what the store holds. Forgotten at a restart: then they may be found again.
class PendingErasures {
 public:
  // Before they are taken out of memory, so that nobody who has just read one puts it back.
  void Begin(absl::Span<const EntryId> ids) {
    MutexLock lock(&mutex_);
    begun_.insert(ids.begin(), ids.end());
  }
  // The store has erased them, or has refused to.
  void End(absl::Span<const EntryId> ids, bool erased) {
    MutexLock lock(&mutex_);
    for (const EntryId id : ids) {
      begun_.erase(id);
      if (erased) {
        refused_.erase(id);
      } else {
        refused_.insert(id);
      }
    }
  }
  bool Contains(EntryId id) const {
    MutexLock lock(&mutex_);
    return refused_.contains(id) || begun_.contains(id);
  }
  // To be tried again.
  std::vector<EntryId> Refused() const {
    MutexLock lock(&mutex_);
    return {refused_.begin(), refused_.end()};
  }

 private:
  mutable Mutex mutex_;
  absl::flat_hash_set<EntryId> begun_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_set<EntryId> refused_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_CACHE_PENDING_ERASURES_H_
