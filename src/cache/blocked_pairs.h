#ifndef SEMCACHED_SRC_CACHE_BLOCKED_PAIRS_H_
#define SEMCACHED_SRC_CACHE_BLOCKED_PAIRS_H_

#include <absl/container/flat_hash_set.h>

#include <atomic>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "semcached/base/hash.h"
#include "semcached/base/mutex.h"

namespace semcached {

// Pairs of queries of which somebody said that the answer to one is wrong for the other: neither
// answers the other again, also after the entry has been inserted anew. Queries go by their exact
// keys, which hold the scope too. Bounded: the oldest pair leaves.
//
// Thread-safe.
class BlockedPairs {
 public:
  static constexpr size_t kMost = 100'000;

  // Names the pair, whichever comes first.
  static Hash128 NameOf(const Hash128& one, const Hash128& other);

  // Returns the pair that left, if one had to.
  std::optional<Hash128> Add(const Hash128& pair) ABSL_LOCKS_EXCLUDED(mutex_);
  // One atomic load while there are none.
  bool Contains(const Hash128& one, const Hash128& other) const ABSL_LOCKS_EXCLUDED(mutex_);
  size_t size() const { return size_; }

 private:
  mutable SharedMutex mutex_;
  absl::flat_hash_set<Hash128> pairs_ ABSL_GUARDED_BY(mutex_);
  std::deque<Hash128> oldest_first_ ABSL_GUARDED_BY(mutex_);
  std::atomic<size_t> size_{0};
};

// The name of a pair as 16 bytes, for a note of the store, and back; nullopt: it is none.
std::string PairBytes(const Hash128& pair);
std::optional<Hash128> PairOf(std::string_view bytes);

}  // namespace semcached

#endif  // SEMCACHED_SRC_CACHE_BLOCKED_PAIRS_H_
