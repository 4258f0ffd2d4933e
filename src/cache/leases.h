#ifndef SEMCACHED_SRC_CACHE_LEASES_H_
#define SEMCACHED_SRC_CACHE_LEASES_H_

#include <absl/container/flat_hash_map.h>
#include <absl/functional/function_ref.h>
#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "semcached/base/clock.h"
#include "semcached/base/hash.h"
#include "semcached/base/mutex.h"
#include "semcached/base/types.h"
#include "semcached/cache/semantic_cache.h"

namespace semcached {

// A query that has missed, as those that come after it are compared with it.
struct MissedQuery {
  std::string principal;  // who asked; the lease is theirs
  std::string category;
  Scope scope;
  Hash128 scope_hash;
  Hash128 exact_key;
  std::string query;                      // may be empty
  std::optional<std::string> guard_text;  // as its document will have it
  Embedding embedding;                    // without values, only the same text is the same query
};

// How a wait came to its end.
enum class WaitEnd {
  kAnswered,   // an answer was inserted
  kExpired,    // the holder let the lease run out
  kAbandoned,  // the holder gave it up
  kDeclined,   // the holder's answer was not stored, so it cannot be shared
  kTimedOut,   // the waiter waited for as long as it wanted to
  kCancelled,  // the waiter's caller has gone
  kClosed,     // there is no room to wait, or the server stops
};
inline constexpr size_t kWaitEnds = static_cast<size_t>(WaitEnd::kClosed) + 1;

// As metrics write it: lower case, stable.
const char* Name(WaitEnd value);

// Whether who waited may wait on, for an answer that another makes.
bool MayWaitOn(WaitEnd end);

// Who computes which missing answer, and who waits for it. A lease ends with the first insert of an
// answer to its query, with its time, or when its holder gives it up; its waiters are then handed
// back by TakeWoken(). Bounded: where there is no room, callers are told to go on alone.
//
// Thread-safe. No lock is held while queries are compared.
class LeaseTable {
 public:
  // Told of every lease that is taken (1) or has ended (-1), under the table's lock.
  using OnLease = std::function<void(std::string_view model, int change)>;

  explicit LeaseTable(const LeaseOptions& options, OnLease on_lease = {})
      : options_(options), on_lease_(std::move(on_lease)) {}

  struct Claim {
    enum class Kind {
      kTaken,      // the lease is the caller's, as `lease`
      kHeld,       // somebody holds one whose answer would do: Wait() for `lease`
      kLookAgain,  // an answer came since `answers_before`: it may be the one
      kNone,       // no room, or closed: go on alone
    };
    Kind kind = Kind::kNone;
    std::string lease;
  };

  // Counts the answers that ended leases in this scope and others of its bucket. A lookup reads it
  // before it looks, and TakeOrFind() tells it whether to look again: else an answer that came
  // between the two would be computed twice.
  uint64_t AnswersSoFar(const Hash128& scope_hash) const;

  // Finds a lease in the scope and category of `query` whose query is the same or that `answers`
  // accepts; else takes one, named `lease`, which nobody can guess.
  Claim TakeOrFind(const std::string& lease, const std::shared_ptr<const MissedQuery>& query,
                   uint64_t answers_before, absl::FunctionRef<bool(const MissedQuery&)> answers,
                   MonotonicTime now) ABSL_LOCKS_EXCLUDED(mutex_);

  struct Waiter {
    std::function<void(WaitEnd)> wake;  // called by whoever takes it with TakeWoken()
    MonotonicTime until;
    std::function<bool()> cancelled;  // may be empty; takes no lock of the cache's
    size_t bytes = 0;
  };

  // Waits for the end of the lease, or not at all if it has ended: then the waiter is woken at
  // once. False, and `waiter` is left as it was, if there is no room for it or the table is closed.
  bool Wait(const std::string& lease, Waiter& waiter) ABSL_LOCKS_EXCLUDED(mutex_);

  // An answer to the query of this key can be found from now on.
  void EndAnswered(const Hash128& scope_hash, std::string_view category, const Hash128& exact_key)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // NotFound: it has ended, or is another principal's; the caller cannot tell which.
  absl::Status End(const std::string& lease, std::string_view principal, WaitEnd end)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // From now on for the whole time again, which is returned. NotFound as End().
  absl::StatusOr<absl::Duration> Renew(const std::string& lease, std::string_view principal,
                                       MonotonicTime now) ABSL_LOCKS_EXCLUDED(mutex_);

  // Ends the leases and the waits whose time has come, and the waits of who has gone.
  void Tick(MonotonicTime now) ABSL_LOCKS_EXCLUDED(mutex_);
  // Wakes all that wait, and lets nobody take a lease or wait from now on.
  void Close() ABSL_LOCKS_EXCLUDED(mutex_);

  struct Woken {
    Waiter waiter;
    WaitEnd end = WaitEnd::kAnswered;
  };
  // The next `most` that are to be woken.
  std::vector<Woken> TakeWoken(size_t most) ABSL_LOCKS_EXCLUDED(mutex_);
  // True for the one who is to wake the next ones, until it calls EndWaking().
  bool ClaimWaking() { return woken_count_ > 0 && !waking_.exchange(true); }
  void EndWaking() { waking_ = false; }

  struct Counts {
    size_t leases = 0;
    size_t waiters = 0;  // woken ones too, until they are taken
    size_t bytes = 0;
    std::array<int64_t, kWaitEnds> ended{};  // leases since the start, by WaitEnd
  };
  Counts Count() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // Waiters and end are guarded by mutex_; the rest is constant.
  struct Lease {
    Lease(std::string its_name, std::shared_ptr<const MissedQuery> its_query, uint64_t its_number,
          MonotonicTime its_end)
        : name(std::move(its_name)),
          query(std::move(its_query)),
          number(its_number),
          expires_at(its_end) {}

    const std::string name;
    const std::shared_ptr<const MissedQuery> query;
    const uint64_t number;  // rises with each lease of the table
    MonotonicTime expires_at;
    std::vector<Waiter> waiters;
  };
  struct GroupName {
    Hash128 scope_hash;
    std::string category;

    bool operator==(const GroupName&) const = default;
    template <typename H>
    friend H AbslHashValue(H state, const GroupName& name) {
      return H::combine(std::move(state), name.scope_hash, name.category);
    }
  };
  static constexpr size_t kBuckets = 256;

  std::atomic<uint64_t>& Answers(const Hash128& scope_hash);
  bool HasRoomFor(size_t bytes) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Those of one scope and category above this number, in the order in which they were taken.
  std::vector<std::shared_ptr<const Lease>> TakenSince(const GroupName& name, uint64_t number) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // kTaken, or kNone if there is no room.
  Claim Take(std::string name, const std::shared_ptr<const MissedQuery>& query, MonotonicTime now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Wake(Waiter waiter, WaitEnd end) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void EndLocked(const std::string& lease, WaitEnd end) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const LeaseOptions options_;
  const OnLease on_lease_;
  std::array<std::atomic<uint64_t>, kBuckets> answers_{};
  // Read without the lock by inserts, most of which end no lease.
  std::atomic<size_t> lease_count_{0};
  std::atomic<size_t> woken_count_{0};
  std::atomic<bool> waking_{false};

  mutable Mutex mutex_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  absl::flat_hash_map<std::string, std::shared_ptr<Lease>> leases_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<GroupName, std::vector<std::shared_ptr<Lease>>> groups_
      ABSL_GUARDED_BY(mutex_);
  uint64_t last_number_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<Woken> woken_ ABSL_GUARDED_BY(mutex_);
  size_t waiting_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  std::array<int64_t, kWaitEnds> ended_ ABSL_GUARDED_BY(mutex_) = {};
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_CACHE_LEASES_H_
