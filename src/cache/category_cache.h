#ifndef SEMCACHED_SRC_CACHE_CATEGORY_CACHE_H_
#define SEMCACHED_SRC_CACHE_CATEGORY_CACHE_H_

#include <absl/container/btree_set.h>
#include <absl/container/flat_hash_map.h>
#include <absl/status/status.h>

#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cache/kept_graphs.h"
#include "cache/quota.h"
#include "semcached/base/clock.h"
#include "semcached/base/executor.h"
#include "semcached/base/hash.h"
#include "semcached/base/mutex.h"
#include "semcached/base/split_map.h"
#include "semcached/cache/alive.h"
#include "semcached/cache/eviction.h"
#include "semcached/config/category_policy.h"
#include "semcached/index/vector_index.h"

namespace semcached {

// What is kept in memory of an entry; the rest is its document.
struct EntryMeta {
  EntryId id = 0;
  Hash128 scope;
  Hash128 namespace_hash;
  Hash128 exact_key;
  MonotonicTime birth;     // before the start of the process for an entry of an earlier run
  MonotonicTime last_use;  // the birth or the last hit
  absl::Duration caller_ttl = absl::InfiniteDuration();
  double saved_seconds = 0;  // what a hit saves, 0: unknown
  Usage cost;
  bool served_stale = false;

  EntryAge AgeAt(MonotonicTime now) const {
    return {std::max(absl::ZeroDuration(), now - birth),
            std::max(absl::ZeroDuration(), now - last_use)};
  }
};

// One category in memory: who is in it, how to find them, who leaves next. Touches no disk.
//
// Thread-safe. Categories share no lock, so one never holds up another; searches wait for nothing
// but the constant time of an insert into the same index.
class CategoryCache {
 public:
  // `identities` are those of the configured embedders, for which there is always room. What the
  // category takes is added to `total`. `total`, `builds` and `graphs` outlive the object.
  CategoryCache(const CategoryPolicy& policy,
                std::shared_ptr<const std::set<std::string>> identities, SharedUsage* total,
                Executor* builds, const KeptGraphs* graphs);

  // Follows a new policy of the category. Returns true if the index starts anew, empty: its vectors
  // must be admitted once more (see NeedsVector).
  bool SetPolicy(const CategoryPolicy& policy);

  // Takes an entry in; visible to the next search. An entry that is there already only gets its
  // vector back if the index lost it. An embedding without values is reached by the exact path
  // only.
  //
  // InvalidArgument: the vector is not one the index takes. ResourceExhausted: one more embedding
  // identity of callers' own than a category may hold.
  absl::Status Admit(const EntryMeta& meta, const Embedding& embedding);

  std::optional<EntryMeta> Find(EntryId id) const;

  // True if `id` is in, but the index lacks its vector.
  bool NeedsVector(EntryId id, const std::string& identity) const;

  // True if the entry is in as `meta` says (id, scope, namespace, exact key), and found by this
  // vector.
  bool Holds(const EntryMeta& meta, const Embedding& embedding) const;

  // The entry was hit.
  void Touch(EntryId id, MonotonicTime now);

  // True for the first caller only: an entry past its TTL is served once.
  bool ClaimStale(EntryId id);

  // Out of the index, then out of the table. nullopt if it was not in.
  std::optional<EntryMeta> Remove(EntryId id);

  SearchResult Search(const std::string& identity, const Hash128& scope,
                      absl::Span<const float> query, float min_similarity, size_t limit) const;

  // The dimension of the vectors held under `identity`; 0 if there are none yet.
  size_t DimensionOf(const std::string& identity) const;

  // Room that is spoken for counts as used.
  void Reserve(const Usage& usage);
  void Release(const Usage& usage);

  // The category is configured no more: it loses its guaranteed share, until SetPolicy.
  void Retire();

  // Who leaves so that `more` fits the category's quota and the namespace's share of it; nullopt if
  // it fits. Repeat until it does; nullopt with nothing left means it never will: see Fits().
  std::optional<EntryId> VictimFor(const Usage& more, const Hash128& namespace_hash);
  // Who leaves because a quota or a namespace's share has become smaller; nullopt if nobody.
  std::optional<EntryId> VictimOverQuota();
  // Who leaves for the sake of other categories; nullopt if the category is empty.
  std::optional<EntryId> Victim();
  // False if `more` alone is over the quota.
  bool Fits(const Usage& more) const;

  // Up to `limit` entries past their retention, oldest first.
  std::vector<EntryId> Expired(MonotonicTime now, size_t limit);

  std::vector<EntryId> AllIds() const;

  // Adds at least `count` ids to `ids`, from where `*place` stands, which moves on and is 0 at the
  // beginning. False: that were the last ones. What is in all the while is among them.
  bool SomeIds(size_t count, size_t* place, std::vector<EntryId>* ids) const;

  Usage usage() const;
  IndexStats index_stats() const;
  // Those of the vectors that it holds.
  std::set<std::string> Identities() const;
  double guaranteed_share() const;
  int64_t MemoryCostOf(size_t dimension) const;

  // Starts graph builds that are due.
  void Maintain();

 private:
  using Ends = absl::btree_set<std::pair<MonotonicTime, EntryId>>;
  struct NamespaceEntries {
    Usage usage;
    std::unique_ptr<EvictionOrder> order;  // null while all namespaces share one order
  };

  std::shared_ptr<VectorIndex> IndexOf(const std::string& identity) const
      ABSL_LOCKS_EXCLUDED(indexes_mutex_);
  absl::StatusOr<std::shared_ptr<VectorIndex>> MakeIndexOf(const std::string& identity,
                                                           size_t dimension)
      ABSL_LOCKS_EXCLUDED(indexes_mutex_);
  bool HoldsManyIdentities() const ABSL_SHARED_LOCKS_REQUIRED(indexes_mutex_);
  EvictionOrder& OrderOf(const EntryMeta& meta) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Of the namespace that takes the most, where each has an order of its own.
  std::optional<EntryId> VictimOfAll() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Reorder() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Count(const Usage& more) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::string name_;
  const std::shared_ptr<const std::set<std::string>> own_identities_;
  SharedUsage* const total_;
  Executor* const builds_;
  const KeptGraphs* const graphs_;

  struct NamedIndex {
    std::shared_ptr<VectorIndex> index;
    size_t dimension = 0;
  };
  mutable SharedMutex indexes_mutex_;
  std::map<std::string, NamedIndex> indexes_ ABSL_GUARDED_BY(indexes_mutex_);
  IndexPolicy index_policy_ ABSL_GUARDED_BY(indexes_mutex_);

  mutable Mutex mutex_;
  CategoryPolicy policy_ ABSL_GUARDED_BY(mutex_);
  SplitMap<EntryId, EntryMeta> entries_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<Hash128, NamespaceEntries> namespaces_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<EvictionOrder> order_ ABSL_GUARDED_BY(mutex_);
  Ends by_last_use_ ABSL_GUARDED_BY(mutex_);    // ends with the policy's TTL
  Ends by_caller_end_ ABSL_GUARDED_BY(mutex_);  // ends with the caller's own
  Usage usage_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_CACHE_CATEGORY_CACHE_H_
