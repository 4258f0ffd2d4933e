// What an index is while it changes: shared by its callers and by the builds of its graphs.
#ifndef SEMCACHED_SRC_INDEX_INDEX_STATE_H_
#define SEMCACHED_SRC_INDEX_INDEX_STATE_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "index/fair_shared_mutex.h"
#include "index/nearest.h"
#include "index/scope_table.h"
#include "semcached/base/dot_kernel.h"
#include "semcached/index/vector_index.h"

namespace semcached {

// Thread-safe. A build holds it weakly, so it ends with the index and not with the last build.
class IndexState : public std::enable_shared_from_this<IndexState> {
 public:
  IndexState(const IndexOptions& options, Executor* executor);

  // As in VectorIndex.
  absl::Status Insert(EntryId id, const Hash128& scope, absl::Span<const float> vector)
      ABSL_LOCKS_EXCLUDED(mutex_);
  bool Erase(EntryId id) ABSL_LOCKS_EXCLUDED(mutex_);
  SearchResult Search(const Hash128& scope, absl::Span<const float> query, float min_similarity,
                      size_t limit) const ABSL_LOCKS_EXCLUDED(mutex_);
  bool Contains(EntryId id) const ABSL_LOCKS_EXCLUDED(mutex_);
  IndexStats Stats() const ABSL_LOCKS_EXCLUDED(mutex_);
  void Maintain() ABSL_LOCKS_EXCLUDED(mutex_);

  // The steps of a build, in this order. Each holds the lock for a bounded number of entries.
  std::vector<Member> Snapshot(const Partition& partition) const ABSL_LOCKS_EXCLUDED(mutex_);
  // Copies those of `members` that are still stored.
  void Copy(const Partition& partition, absl::Span<const Member> members, VectorPiece* piece) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  // `covered` is what the graph answers for from now on, `left_out` the rest of the snapshot.
  void Adopt(Partition* partition, std::shared_ptr<const HnswGraph> graph,
             absl::Span<const Member> covered, absl::Span<const Member> left_out)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void EndBuild(Partition* partition, bool adopted) ABSL_LOCKS_EXCLUDED(mutex_);

  const IndexOptions& options() const { return options_; }

 private:
  // Marks `partition` as building and returns it if `action` is to build; null otherwise.
  static std::shared_ptr<Partition> BeginBuild(GraphAction action,
                                               const std::shared_ptr<Partition>& partition);
  // Call without the lock: an executor may run the build at once.
  void Submit(std::shared_ptr<Partition> partition) ABSL_LOCKS_EXCLUDED(mutex_);

  // Offers what the partition's graph finds. False, and nothing offered, if it cannot be trusted
  // to find what is there.
  bool SearchGraph(const Partition& partition, absl::Span<const float> query, float min_similarity,
                   size_t limit, Nearest* nearest) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  void Scan(absl::Span<const Member> members, absl::Span<const float> query, Nearest* nearest) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  const IndexOptions options_;
  const size_t auto_min_entries_;
  const DotKernel dot_;
  Executor* const executor_;

  mutable FairSharedMutex mutex_;
  // Guards what the table's partitions point to, too.
  ScopeTable table_ ABSL_GUARDED_BY(mutex_);
  size_t builds_completed_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_INDEX_INDEX_STATE_H_
