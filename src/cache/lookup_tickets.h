#ifndef SEMCACHED_SRC_CACHE_LOOKUP_TICKETS_H_
#define SEMCACHED_SRC_CACHE_LOOKUP_TICKETS_H_

#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cache/audit.h"
#include "semcached/base/clock.h"
#include "semcached/base/hash.h"
#include "semcached/base/mutex.h"
#include "semcached/base/random.h"
#include "semcached/base/split_map.h"
#include "semcached/base/types.h"

namespace semcached {

// The pair of queries behind a semantic hit, as feedback needs it.
struct ServedHit {
  EntryId entry = 0;
  Hash128 query_key;  // of the lookup
  Hash128 entry_key;  // of the cached query
  float similarity = 0;
};

// What a lookup already knows. Of a miss: all that the insert which follows needs, without a second
// embedding. Of a semantic hit: what feedback on it needs: no scope, no query, and of the embedding
// the identity alone.
struct LookupTicket {
  std::string principal;  // who asked; only they may use it
  Scope scope;
  std::string query;
  Embedding embedding;
  std::string category;
  MonotonicTime asked_at;  // set when it is issued
  Audited audited;
  std::optional<ServedHit> hit;
  bool leased = false;  // a lease of the same name was taken with it
};

// Tickets by their lookup_id, which is 128 random bits that nobody can guess. Bounded in number and
// in bytes (the oldest leave first) and in age; gone at a restart.
//
// Thread-safe.
class LookupTickets {
 public:
  LookupTickets(const Clock* clock, Random* random, absl::Duration ttl, size_t max_count,
                size_t max_bytes)
      : clock_(clock), random_(random), ttl_(ttl), max_count_(max_count), max_bytes_(max_bytes) {}

  // A name for a ticket that is issued later.
  std::string NewId();
  void Issue(const std::string& lookup_id, LookupTicket ticket) ABSL_LOCKS_EXCLUDED(mutex_);
  // The same under a new name, which is returned.
  std::string Issue(LookupTicket ticket) ABSL_LOCKS_EXCLUDED(mutex_);

  // nullptr: unknown, too old, or another principal's; the caller cannot tell which. A ticket can
  // be used again: a retried insert is harmless.
  std::shared_ptr<const LookupTicket> Find(const std::string& lookup_id,
                                           std::optional<std::string_view> principal)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // True the first time: a verdict that is told twice counts once.
  bool ClaimVerdict(const std::string& lookup_id) ABSL_LOCKS_EXCLUDED(mutex_);
  // The same for the comparison that an audit makes.
  bool ClaimAudit(const std::string& lookup_id) ABSL_LOCKS_EXCLUDED(mutex_);

  // Notes which entry the ticket's insert made, for feedback by lookup_id.
  void SetEntry(const std::string& lookup_id, EntryId id) ABSL_LOCKS_EXCLUDED(mutex_);
  // 0: unknown, or nothing was inserted.
  EntryId EntryOf(const std::string& lookup_id, std::optional<std::string_view> principal)
      ABSL_LOCKS_EXCLUDED(mutex_);

  size_t MemoryBytes() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Issued {
    std::shared_ptr<const LookupTicket> ticket;
    EntryId entry = 0;
    bool judged = false;
    bool audited = false;
  };

  bool Claim(const std::string& lookup_id, bool Issued::*mark) ABSL_LOCKS_EXCLUDED(mutex_);
  // Returns what was dropped: to free it takes longer than to find it.
  std::vector<std::shared_ptr<const LookupTicket>> DropOld(MonotonicTime now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const Clock* const clock_;
  Random* const random_;
  const absl::Duration ttl_;
  const size_t max_count_;
  const size_t max_bytes_;

  mutable Mutex mutex_;
  SplitMap<std::string, Issued> issued_ ABSL_GUARDED_BY(mutex_);
  std::deque<std::string> oldest_first_ ABSL_GUARDED_BY(mutex_);
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_CACHE_LOOKUP_TICKETS_H_
