// The cache: lookup, insert, delete, and what keeps it in bounds.
#ifndef SEMCACHED_CACHE_SEMANTIC_CACHE_H_
#define SEMCACHED_CACHE_SEMANTIC_CACHE_H_

#include <absl/status/statusor.h>
#include <absl/time/time.h>
#include <absl/types/span.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "semcached/base/call.h"
#include "semcached/base/clock.h"
#include "semcached/base/executor.h"
#include "semcached/base/metrics.h"
#include "semcached/base/mutex.h"
#include "semcached/base/random.h"
#include "semcached/base/rate_limit.h"
#include "semcached/base/types.h"
#include "semcached/cache/category_costs.h"
#include "semcached/cache/hit_observer.h"
#include "semcached/cache/memory_steps.h"
#include "semcached/cache/policy_source.h"
#include "semcached/cache/requests.h"
#include "semcached/embed/embedder.h"
#include "semcached/embed/recent_embeddings.h"
#include "semcached/store/document_store.h"

namespace semcached {

class BlockedPairs;
class CategoryCache;
struct ComparisonState;
struct EntryMeta;
class ExactKeys;
class LeaseTable;
class LookupRecorder;
class LookupTickets;
class PendingErasures;
class FreshInserts;
class HeldBuilds;
class KeptGraphs;
class SharedUsage;
class VerifierSource;
struct LookupTicket;
class CacheMetrics;
struct RecordedLookup;
struct Usage;

// Single flight.
struct LeaseOptions {
  absl::Duration ttl = absl::Seconds(30);
  size_t max_leases = 4096;
  size_t max_waiters = 4096;
  size_t max_bytes = 64 << 20;  // of the queries and vectors of both
};

struct CacheOptions {
  // Of entries, and of what serves them all: the store's caches, remembered embeddings, lookup_ids.
  int64_t memory_limit_bytes = int64_t{1} << 30;
  int64_t disk_limit_bytes = int64_t{8} << 30;
  int64_t max_response_bytes = 256 << 10;
  bool require_category = false;
  std::string classification_embedder = "default";
  absl::Duration lookup_id_ttl = absl::Minutes(10);
  size_t max_lookup_ids = 16'384;
  size_t max_lookup_id_bytes = 64 << 20;
  // Of lookups, kept to be judged again under other policies.
  double record_share = 0;  // [0,1]
  size_t record_keep = 10'000;
  bool record_texts = false;
  // Threads that read a large store at once while it is recovered.
  size_t recovery_threads = 1;
  // Where the graphs of large indexes outlive the process; this cache's alone. Empty: nowhere.
  std::string graph_directory;
  LeaseOptions leases;
};

// What the cache works with. Everything outlives it; `embedders` are by their configured names.
struct CacheParts {
  const Clock* clock = nullptr;
  Random* random = nullptr;
  DocumentStore* store = nullptr;
  const PolicySource* policies = nullptr;
  std::map<std::string, Embedder*> embedders;
  RecentEmbeddings* recent_embeddings = nullptr;
  const VerifierSource* verifiers = nullptr;  // null: none
  Executor* builds = nullptr;                 // graph builds
  Executor* resumes = nullptr;  // lookups that have waited; null: nobody may ask for a lease
  Metrics* metrics = nullptr;
  // Told of the time from a miss to its insert, which is the model's latency. May be empty.
  std::function<void(std::string_view model, absl::Duration latency)> on_model_latency;
  // Told that a lease of `model` was taken (1) or has ended (-1), in that order. May be empty;
  // quick, and takes no lock of the cache's.
  std::function<void(std::string_view model, int change)> on_lease;
  HitObserver* hit_observer = nullptr;  // may be null
};

struct CategoryCounts {
  std::map<std::string, int64_t> misses;  // by reason
  std::map<std::string, int64_t> answered_by;
  int64_t hits_exact = 0, hits_semantic = 0, bypasses = 0;
  int64_t inserts = 0, evictions = 0, expiries = 0;
  int64_t entries = 0, memory_bytes = 0, disk_bytes = 0;
  int64_t scopes = 0, graph_entries = 0;
  CategoryCosts costs;
};

struct LeaseStats {
  int64_t held = 0;
  int64_t waiters = 0;
  std::map<std::string, int64_t> ended;  // leases since the start, by how
};

struct CacheStats {
  std::map<std::string, CategoryCounts> categories;
  std::map<std::string, int64_t> memory_bytes;  // by component
  int64_t disk_bytes = 0;
  std::map<std::string, int64_t> disk_part_bytes;  // see DocumentStore
  int64_t store_entries = 0;                       // roughly
  double warm_ratio = 1;
  LeaseStats leases;
};

// Thread-safe.
//
// Lock order: room_mutex_, then categories_mutex_, then those of the parts (a category, its index,
// the exact keys, the metrics), which call nothing that locks. None is held across the store, an
// embedder or a log line.
class SemanticCache {
 public:
  SemanticCache(const CacheOptions& options, CacheParts parts);
  ~SemanticCache();

  // Finds an answer; a miss and a bypass are answers too.
  //
  // InvalidArgument: an unknown category, a vector that does not fit, nothing to look up by.
  // Unavailable: the embedder fails (exact hits go on). DeadlineExceeded, Cancelled: by the call.
  absl::StatusOr<LookupResult> Lookup(const LookupRequest& request, const Call& call);

  // The same, unless a text would have to be embedded: then nullopt, and no lookup is counted.
  // Takes microseconds, and up to the category's verifier.time_budget more, so that a thread that
  // serves many callers may run it.
  std::optional<absl::StatusOr<LookupResult>> TryLookup(const LookupRequest& request,
                                                        const Call& call);

  // Ends the wait of a lookup that came back with `awaits`. Calls `done` once, on this thread or
  // one of `resumes`: with a hit once an answer is there, or with a miss, which may carry the
  // lease, when the answer cannot be shared, `until` has passed, or nobody else computes it any
  // more; what Lookup() may fail with; Cancelled: `cancelled` was true, which is asked at each
  // TickLeases(). Until then no thread waits.
  using Answered = std::function<void(absl::StatusOr<LookupResult>)>;
  void Await(std::shared_ptr<const AwaitedLease> awaited, MonotonicTime until,
             std::function<bool()> cancelled, Answered done);

  // Lets the holder take its whole time again, which is returned. NotFound: it has the lease no
  // more.
  absl::StatusOr<absl::Duration> RenewLease(const std::string& lease, std::string_view principal);
  // The holder will not answer: one of those that wait takes the lease. NotFound: it had it no
  // more.
  absl::Status AbandonLease(const std::string& lease, std::string_view principal);
  // No answer of this holder's can be shared: all that wait go on. Without effect if it has none.
  void GiveUpLease(const std::string& lease, std::string_view principal);
  // Ends what has lasted long enough; some tens of times a second, which is how exact waits are.
  void TickLeases();
  // All that wait are told to go on, and from now on nobody waits.
  void CloseLeases();

  // Stores an answer. Once it returns Ok the next lookup sees it, and the leases for it have ended.
  // An insert by the lookup_id of a lease that does not come to be stored ends the lease, too.
  // Where a lease ran out and somebody else's answer was inserted first, the late one is declined.
  //
  // As Lookup; FailedPrecondition: an unknown lookup_id. ResourceExhausted: disk or memory is full.
  absl::StatusOr<InsertResult> Insert(InsertRequest request, const Call& call);

  // NotFound: there is none of that id. Unavailable: it is served no more, but the store failed to
  // erase it; delete it again.
  absl::Status Delete(EntryId id);

  // Of an entry, from its document. NotFound, or what else the store says.
  absl::StatusOr<std::string> NamespaceOf(EntryId id) const;

  // The number of entries deleted, or that would be. Reads every record: one at a time.
  // InvalidArgument: no condition, or a category that is not configured and of which the store has
  // nothing. ResourceExhausted: another one is at work.
  absl::StatusOr<int64_t> Invalidate(const InvalidateRequest& request, const Call& call);

  // A wrong answer is taken out at once, for good; told by lookup, its pair of queries is blocked.
  // Verdicts by lookup also go to the hit observer, once each.
  //
  // NotFound: no such entry or lookup. Unavailable, ResourceExhausted: it is served no more, but
  // the store failed to keep that; tell it again.
  absl::StatusOr<FeedbackResult> Report(const Feedback& feedback);

  // The recorded lookups, oldest first.
  std::vector<RecordedLookup> RecordedLookups() const;

  // Visits all live entries, of one category or of all (empty), whole.
  absl::Status ForEachLive(std::string_view category,
                           const std::function<bool(const Document&)>& visit);

  // Reads the store and fills the indexes; until the first one is done, lookups miss with kWarming.
  // Runs on the caller's thread, one at a time, beside lookups and inserts; returns early once
  // `stop` is true. Until it has succeeded no graph is built.
  absl::Status Recover(const std::atomic<bool>& stop);
  double WarmRatio() const;

  // Follows the policies in force: new and changed categories. Returns true if Recover() must run
  // again, for vectors of an index that starts anew or entries of a category that is back.
  bool FollowPolicies();

  // Bounded housekeeping, about once a second: expires, keeps the budgets, starts graph builds.
  void Tick();

  // Takes the steps up to `step`, and takes back those beyond. What is to be evicted is by the
  // ticks. Refusing connections is the caller's.
  void YieldMemory(MemoryStep step);

  // Compares some of what the store has with what memory has, and the other way round, and repairs
  // what differs: no crash is needed for a document to be lost, or its place. About once a second;
  // a whole pass takes an hour, of few entries less; a slow disk leaves some out. Reads the store.
  // One thread at a time.
  void CompareSome();

  // Looks at the answers inserted since the last call: one that says something else than the answer
  // to a query that it would be served for is counted and logged. About once a second, for
  // some 20 ms; of very many inserts only the first are looked at. One thread at a time.
  void FlagConflicts();

  CacheStats Stats() const;
  // Of every category, since the start.
  CostsByCategory Costs() const;

 private:
  class CountedWaits;
  class LookupRun;
  struct Resolved;

  // Both kinds of lookup, and the second look of one that an answer overtook.
  std::optional<absl::StatusOr<LookupResult>> LookUp(const LookupRequest& request, const Call& call,
                                                     bool may_embed);
  absl::StatusOr<InsertResult> InsertAnswer(InsertRequest request, const Call& call);
  // Has those that were woken look again.
  void ResumeWoken();

  std::shared_ptr<CategoryCache> FindCategory(std::string_view category) const
      ABSL_LOCKS_EXCLUDED(categories_mutex_);
  std::map<std::string, std::shared_ptr<CategoryCache>, std::less<>> AllCategories() const
      ABSL_LOCKS_EXCLUDED(categories_mutex_);

  // The vector of `query` in the space of the named embedder: one that is remembered of this
  // tenant's, or a new one.
  absl::StatusOr<Embedding> Embed(std::string_view tenant, const std::string& embedder,
                                  const std::string& query, const Call& call);
  Embedder* FindEmbedder(const std::string& name) const;

  // The category that the classifier finds for a vector of its own space, or the default one.
  struct Classified {
    const CategoryInForce* category = nullptr;
    CategorySource source = CategorySource::kDefault;
  };
  absl::StatusOr<Classified> Classify(const Policies& policies, const Embedding& embedding) const;

  absl::StatusOr<Resolved> Resolve(const InsertRequest& request, const Policies& policies,
                                   const Call& call);
  // Chooses and takes out of memory who leaves for `more`; the caller erases them from the store,
  // outside the lock.
  void MakeRoomWithin(const std::string& name, CategoryCache* category, const Usage& more,
                      const Hash128& namespace_hash, std::vector<EntryId>* evicted)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(room_mutex_);
  absl::Status MakeRoomAmongAll(const std::string& inserting, const Usage& more, int64_t disk_limit,
                                std::vector<EntryId>* evicted)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(room_mutex_);
  // What memory_limit leaves for entries, and what of it they may take at present.
  int64_t WholeEntryBudget() const;
  int64_t EntryMemoryBudget() const;
  // While the step is to evict, what entries may take is a little less than what they take.
  void AdjustEntryMemory();
  void KeepBudgets() ABSL_LOCKS_EXCLUDED(room_mutex_);
  // Out of memory, then out of the store. True if memory had it; an error is the store's: nobody is
  // served the entry any more, but a restart may find it again.
  absl::StatusOr<bool> Remove(EntryId id);
  // Out of the store alone. What it refuses is tried again each tick, and not recovered meanwhile.
  absl::Status EraseFromStore(absl::Span<const EntryId> ids);
  // Out of memory only.
  bool RemoveFromMemory(CategoryCache* category, const std::string& name, EntryId id);
  // Reads back what feedback blocked in earlier runs.
  absl::Status RecoverBlockedPairs();
  absl::Status BlockPair(const Hash128& one, const Hash128& other);
  // Whether two answers say the same, by their bytes or their embeddings.
  HitVerdict CompareAnswers(const std::string& embedder, const Response& one, const Response& other,
                            const Call& call);
  // Tells the observer what the fresh answer says of the cached one, which was not served.
  void FinishAudit(const LookupTicket& ticket, const std::string& embedder, const Response& cached,
                   const Response& fresh, const Call& call);
  void NoteWrite(const absl::Status& status);
  void FlagConflict(const Policies& policies, const Document& document, const Call& time);
  // What a scan of one range of ids came to.
  struct RecoveredPart {
    absl::Status status;
    ScanReport report;
    std::vector<EntryId> dead;  // expired, or replaced by a newer one

    void Join(RecoveredPart other);
  };
  RecoveredPart RecoverRange(const Policies& policies, const IdRange& range,
                             const std::atomic<bool>& stop) ABSL_LOCKS_EXCLUDED(admission_mutex_);
  absl::Status ReadStore(const std::atomic<bool>& stop);
  // Of categories and identities of which memory has nothing; one that is back builds them again.
  void RemoveStaleGraphs() const;
  void AdmitRecovered(const Policies& policies, const EntryRecord& record,
                      std::vector<EntryId>* dead);
  // Gives what was read a place in memory, unless it is dead: then its id is added to `dead`.
  void Admit(const Policies& policies, CategoryCache* category, const EntryMeta& meta,
             const EntryRecord& record, std::vector<EntryId>* dead);
  // What memory keeps of a document that is read back.
  EntryMeta MetaOf(const EntryRecord& record, const CategoryCache& category) const;
  // Whether memory has `record` as it should; true where it need not have it.
  bool IsInPlace(const Policies& policies, const EntryRecord& record) const;
  void CompareStored(int64_t count);
  void CompareRemembered(size_t count, const Call& time);
  // Those that were found out of place by the last comparison, and still are.
  void PutInPlace(const Call& time);

  const CacheOptions options_;
  const CacheParts parts_;
  const absl::Time wall_at_start_;
  const MonotonicTime monotonic_at_start_;

  // Each synchronises itself.
  const std::unique_ptr<SharedUsage> usage_;  // of all categories
  const std::unique_ptr<ExactKeys> exact_keys_;
  const std::unique_ptr<LookupTickets> tickets_;      // of misses, for Insert
  const std::unique_ptr<LookupTickets> hit_tickets_;  // of semantic hits, for feedback
  const std::unique_ptr<LeaseTable> leases_;
  const std::unique_ptr<BlockedPairs> blocked_pairs_;
  const std::unique_ptr<LookupRecorder> recorder_;
  const std::unique_ptr<CacheMetrics> metrics_;
  const std::unique_ptr<PendingErasures> pending_erasures_;
  const std::unique_ptr<ComparisonState> comparison_;
  const std::unique_ptr<FreshInserts> fresh_inserts_;  // whose answers are to be compared
  const std::unique_ptr<KeptGraphs> kept_graphs_;
  const std::unique_ptr<HeldBuilds> builds_;  // none while the store is read
  RateLimit conflict_logs_;
  // Lets one thread of the recovery admit at a time; guards nothing that a request needs.
  Mutex admission_mutex_;
  std::atomic<bool> warm_{false};
  std::atomic<bool> recovering_{false};
  std::atomic<bool> pairs_recovered_{false};
  std::atomic<int64_t> recovered_{0};
  std::atomic<bool> disk_full_{false};
  std::atomic<absl::StatusCode> last_write_{absl::StatusCode::kOk};  // to the store
  std::atomic<bool> invalidating_{false};
  std::atomic<MemoryStep> memory_step_{MemoryStep::kNone};
  std::atomic<double> memory_share_{1};    // of the entries' budget, that they may take at present
  std::atomic<int64_t> shared_memory_{0};  // of what serves all entries, as of the last tick

  mutable SharedMutex categories_mutex_;
  std::map<std::string, std::shared_ptr<CategoryCache>, std::less<>> categories_
      ABSL_GUARDED_BY(categories_mutex_);

  // Room is made and reserved for one insert at a time, so that two do not count the same room.
  Mutex room_mutex_;
};

}  // namespace semcached

#endif  // SEMCACHED_CACHE_SEMANTIC_CACHE_H_
