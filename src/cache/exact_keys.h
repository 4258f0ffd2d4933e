#ifndef SEMCACHED_SRC_CACHE_EXACT_KEYS_H_
#define SEMCACHED_SRC_CACHE_EXACT_KEYS_H_

#include <absl/container/inlined_vector.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "semcached/base/clock.h"
#include "semcached/base/hash.h"
#include "semcached/base/mutex.h"
#include "semcached/base/split_map.h"
#include "semcached/base/types.h"

namespace semcached {

// The query as the exact path compares it: outer ASCII white space cut, nothing else.
std::string_view TrimQuery(std::string_view query);

// Names a scope and a query; the index calls the scope alone by ScopeHash. Without a query, a
// vector takes its place: a retry of the same insert then meets the same key.
Hash128 ScopeHash(const HashKey& key, const Scope& scope);
Hash128 NamespaceHash(const HashKey& key, std::string_view namespace_name);
Hash128 ExactKey(const HashKey& key, const Scope& scope, std::string_view trimmed_query,
                 const Embedding& embedding);

// From the hash of scope and query to the entries of that query, one a category. Thread-safe.
class ExactKeys {
 public:
  struct Found {
    std::string category;
    EntryId id = 0;
    MonotonicTime birth;
  };
  using FoundList = absl::InlinedVector<Found, 1>;

  // Newest last.
  FoundList Find(const Hash128& key) const;

  // Points `key` of `category` at `id`, unless an entry born later is there already. Returns the id
  // of the older one of the two, which is to go; 0 if there was none but `id`.
  EntryId Publish(const Hash128& key, std::string_view category, EntryId id, MonotonicTime birth);

  // Forgets `key` of `category` if it still points at `id`.
  void Retract(const Hash128& key, std::string_view category, EntryId id);

  size_t MemoryBytes() const;

 private:
  // Sharded, so that callers of different queries do not wait for one lock.
  static constexpr size_t kShards = 16;
  struct Shard {
    mutable SharedMutex mutex;
    SplitMap<Hash128, FoundList> found ABSL_GUARDED_BY(mutex);
  };
  Shard& ShardOf(const Hash128& key) { return shards_[key.low % kShards]; }
  const Shard& ShardOf(const Hash128& key) const { return shards_[key.low % kShards]; }

  Shard shards_[kShards];
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_CACHE_EXACT_KEYS_H_
