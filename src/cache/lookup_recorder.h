#ifndef SEMCACHED_SRC_CACHE_LOOKUP_RECORDER_H_
#define SEMCACHED_SRC_CACHE_LOOKUP_RECORDER_H_

#include <cstddef>
#include <deque>
#include <vector>

#include "semcached/base/mutex.h"
#include "semcached/base/random.h"
#include "semcached/cache/recorded_lookup.h"

namespace semcached {

// Keeps a sample of lookups in memory: the newest, up to a bound in number and in bytes.
// Thread-safe.
class LookupRecorder {
 public:
  static constexpr size_t kMostBytes = 64 << 20;

  // `share` of the lookups, [0,1]; at most `keep` of them.
  LookupRecorder(double share, size_t keep, Random* random);

  // The dice: whether this lookup is one to record.
  bool Samples();
  void Add(RecordedLookup lookup) ABSL_LOCKS_EXCLUDED(mutex_);
  // Oldest first.
  std::vector<RecordedLookup> All() const ABSL_LOCKS_EXCLUDED(mutex_);
  size_t MemoryBytes() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  const double share_;
  const size_t keep_;
  Random* const random_;

  mutable Mutex mutex_;
  std::deque<RecordedLookup> lookups_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

// True with probability `share`.
bool Happens(double share, Random* random);

}  // namespace semcached

#endif  // SEMCACHED_SRC_CACHE_LOOKUP_RECORDER_H_
