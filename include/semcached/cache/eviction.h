// The order in which entries of one category leave for want of room.
#ifndef SEMCACHED_CACHE_EVICTION_H_
#define SEMCACHED_CACHE_EVICTION_H_

#include <cstddef>
#include <memory>
#include <optional>

#include "semcached/base/types.h"

namespace semcached {

// Decides only; the cache erases. Not thread-safe: guarded by the category's lock.
class EvictionOrder {
 public:
  virtual ~EvictionOrder() = default;

  // `bytes` is what the entry takes; `saved_seconds` is what a hit on it saves, 0 if unknown.
  virtual void Insert(EntryId id, size_t bytes, double saved_seconds) = 0;

  // The entry was hit. Unknown ids are ignored.
  virtual void Touch(EntryId id) = 0;

  virtual void Erase(EntryId id) = 0;

  // Who leaves next; nullopt if there is nobody. May move entries between queues of the policy's
  // own; the victim stays until Erase().
  virtual std::optional<EntryId> Victim() = 0;
};

// lru: the least recently used. lfu: the least often used, of those the oldest, with counts halved
// now and then so that old fame fades. s3fifo: Yang et al., "FIFO queues are all you need for cache
// eviction", SOSP 2023; a scan of new entries passes through its small queue and leaves the main
// one alone. cost_aware: GreedyDual-Size-Frequency (Cherkasova, 1998): what saves least a byte.
std::unique_ptr<EvictionOrder> MakeEvictionOrder(EvictionKind kind);

}  // namespace semcached

#endif  // SEMCACHED_CACHE_EVICTION_H_
