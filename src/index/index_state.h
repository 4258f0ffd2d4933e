// What an index is while it changes: shared by its callers and by the builds of its graphs.
#ifndef SEMCACHED_SRC_INDEX_INDEX_STATE_H_
#define SEMCACHED_SRC_INDEX_INDEX_STATE_H_

#include <absl/container/inlined_vector.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "index/fair_shared_mutex.h"
#include "index/graph_files.h"
#include "index/nearest.h"
#include "index/query_codes.h"
#include "index/rotation.h"
#include "index/scope_table.h"
#include "semcached/base/dot_kernel.h"
#include "semcached/index/vector_index.h"

namespace semcached {

// What a graph is built from.
struct GraphSnapshot {
  std::shared_ptr<const LinkGraph> graph;  // that is searched meanwhile; null: none
  size_t covered = 0;                      // of the members, the first so many, by that graph
  std::vector<Member> members;
  std::vector<GraphNode> nodes;            // the same, in the same order
  std::shared_ptr<const VectorSlab> rows;  // what the nodes point into
};

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
  bool Holds(EntryId id, const Hash128& scope, absl::Span<const float> vector) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  IndexStats Stats() const ABSL_LOCKS_EXCLUDED(mutex_);
  void Maintain() ABSL_LOCKS_EXCLUDED(mutex_);

  // The steps of a build, in this order. What the snapshot points to stays until the build ends.
  GraphSnapshot Snapshot(Partition* partition) ABSL_LOCKS_EXCLUDED(mutex_);
  // `covered` is what the graph answers for from now on, `left_out` the rest of the snapshot.
  void Adopt(Partition* partition, std::shared_ptr<const LinkGraph> graph,
             const std::vector<Member>& covered, const std::vector<Member>& left_out)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void EndBuild(Partition* partition, bool adopted) ABSL_LOCKS_EXCLUDED(mutex_);

  const IndexOptions& options() const { return options_; }
  // Of what is built; outlives the index, as a build does.
  std::shared_ptr<const GraphFiles> files() const { return files_; }
  // The next tick removes the files that nothing needs.
  void SweepSoon() { sweep_due_ = true; }

 private:
  // What the partition is due for.
  GraphAction Due(const Partition& partition) const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return DecideGraph(graph_min_entries_, partition.Counts());
  }
  // Marks `partition` as building and returns it if `action` is to build; null otherwise.
  static std::shared_ptr<Partition> BeginBuild(GraphAction action,
                                               const std::shared_ptr<Partition>& partition);
  void ReleaseInPieces(const std::vector<VectorSlab::Slot>& rows) ABSL_LOCKS_EXCLUDED(mutex_);
  // Removes the files of scopes that are gone or need no graph any more, if there may be any.
  // Returns the scopes that have a file and no graph, and would have kept the graph that they had.
  std::vector<std::shared_ptr<Partition>> SweepFiles() ABSL_LOCKS_EXCLUDED(mutex_);
  // Call without the lock: an executor may run the build at once.
  void Submit(std::shared_ptr<Partition> partition) ABSL_LOCKS_EXCLUDED(mutex_);

  // Offers what the partition's graph finds. False, and nothing offered, if it cannot be trusted
  // to find what is there.
  bool SearchGraph(const Partition& partition, const QueryCodes& query, float min_similarity,
                   size_t limit, Nearest* nearest) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  using LiveCandidates = absl::InlinedVector<Candidate, 16>;
  // Of the `wanted` that the graph finds, those that are stored and that count; completes `answer`.
  LiveCandidates AskGraph(const Partition& partition, const QueryCodes& query,
                          GraphAnswer* answer) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  // Offers what is near among the members from position `first` on.
  void Scan(const Partition& partition, size_t first, const QueryCodes& query, float min_similarity,
            size_t limit, Nearest* nearest) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  // Whether it is one of the nearest so far.
  bool Offer(const Member& member, const QueryCodes& query, Nearest* nearest) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  const IndexOptions options_;
  const size_t graph_min_entries_;
  const DotKernel dot_;
  const Rotation rotation_;
  Executor* const executor_;
  const std::shared_ptr<const GraphFiles> files_;
  std::atomic<bool> sweep_due_{true};  // for what earlier runs have left behind

  mutable FairSharedMutex mutex_;
  // Guards what the table's partitions point to, too.
  ScopeTable table_ ABSL_GUARDED_BY(mutex_);
  size_t builds_completed_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_INDEX_INDEX_STATE_H_
