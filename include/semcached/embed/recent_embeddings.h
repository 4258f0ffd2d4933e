// Remembers the embeddings of recent texts.
#ifndef SEMCACHED_EMBED_RECENT_EMBEDDINGS_H_
#define SEMCACHED_EMBED_RECENT_EMBEDDINGS_H_

#include <absl/container/flat_hash_map.h>

#include <cstddef>
#include <list>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "semcached/base/hash.h"
#include "semcached/base/mutex.h"

namespace semcached {

// Keyed by a keyed hash of tenant, identity and text, so that it holds no text and nobody learns by
// its speed what another tenant asks; the least recently used one leaves first. The caller decides
// what may be remembered: nothing of a category that may not be cached.
//
// Thread-safe.
class RecentEmbeddings {
 public:
  // `capacity` 0 remembers nothing.
  RecentEmbeddings(size_t capacity, const HashKey& key)
      : capacity_(capacity), key_(key), most_(capacity) {}

  // nullptr if it is not remembered.
  std::shared_ptr<const std::vector<float>> Find(std::string_view tenant, std::string_view identity,
                                                 std::string_view text) ABSL_LOCKS_EXCLUDED(mutex_);

  // Replaces what was remembered for this text; a null `vector` is not remembered.
  void Remember(std::string_view tenant, std::string_view identity, std::string_view text,
                std::shared_ptr<const std::vector<float>> vector) ABSL_LOCKS_EXCLUDED(mutex_);

  // From now on it remembers this share of `capacity`, in [0,1], and forgets what is more.
  void SetShare(double share) ABSL_LOCKS_EXCLUDED(mutex_);

  // About what the vectors and their bookkeeping take.
  size_t MemoryBytes() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  using Remembered = std::pair<Hash128, std::shared_ptr<const std::vector<float>>>;

  Hash128 KeyOf(std::string_view tenant, std::string_view identity, std::string_view text) const;

  const size_t capacity_;
  const HashKey key_;

  void ForgetOldest() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable Mutex mutex_;
  size_t most_ ABSL_GUARDED_BY(mutex_);  // at present
  std::list<Remembered> newest_first_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<Hash128, std::list<Remembered>::iterator> by_key_ ABSL_GUARDED_BY(mutex_);
  size_t memory_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace semcached

#endif  // SEMCACHED_EMBED_RECENT_EMBEDDINGS_H_
