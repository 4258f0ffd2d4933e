// Which vectors belong to which scope.
#ifndef SEMCACHED_SRC_INDEX_SCOPE_TABLE_H_
#define SEMCACHED_SRC_INDEX_SCOPE_TABLE_H_

#include <absl/container/flat_hash_map.h>
#include <absl/types/span.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "index/compact_vector.h"
#include "index/graph_policy.h"
#include "index/link_graph.h"
#include "index/sign_codes.h"
#include "index/vector_slab.h"
#include "semcached/base/hash.h"
#include "semcached/base/split_map.h"
#include "semcached/base/types.h"

namespace semcached {

// One stored vector.
struct Member {
  EntryId id = 0;
  VectorSlab::Slot slot = 0;
  uint32_t round = 0;  // of its partition, when it came
};

// The row of a vector that is stored no longer.
struct ErasedRow {
  VectorSlab::Slot slot = 0;
  uint32_t came = 0;  // in this round
  uint32_t went = 0;
};

// The vectors of one scope, side by side. Those that the graph answers for come first.
struct Partition {
  explicit Partition(const Hash128& s) : scope(s) {}

  // Whether the graph, or the build that runs, still reads `row`: each knows what had come before
  // its round and had not gone. The graph of an empty scope is not asked again.
  bool Reads(const ErasedRow& row) const {
    const auto knows = [&](uint32_t of) { return row.came < of && of <= row.went; };
    return (graph != nullptr && !members.empty() && knows(graph_round)) || knows(build_round);
  }

  ScopeCounts Counts() const { return {members.size(), covered, built, left_out}; }

  const Hash128 scope;
  std::vector<Member> members;
  size_t covered = 0;  // see ScopeCounts, and for the next two
  size_t built = 0;
  size_t left_out = 0;
  std::shared_ptr<const LinkGraph> graph;
  std::unique_ptr<SignCodes> codes;  // by position in `members`; null while they are few
  std::vector<ErasedRow> erased;     // that are still read
  uint32_t round = 0;                // begins when a build looks at what there is
  uint32_t graph_round = 0;          // begun by the build of the graph
  uint32_t build_round = 0;          // begun by the build that runs; 0: none has looked yet
  bool building = false;             // at most one build of a scope at a time
  bool deferred = false;  // the last one failed or was refused: the next tick may try again
  // Of the build that runs, so no lock is needed.
  bool asked_files = false;  // for a graph of an earlier run
  size_t unwritten = 0;      // nodes of the graph that came or went since its file was written
};

// All partitions of an index. Each operation takes constant time (amortised), each id is in one
// partition, and no partition is empty.
//
// Thread-compatible.
class ScopeTable {
 public:
  using Partitions = absl::flat_hash_map<Hash128, std::shared_ptr<Partition>>;

  explicit ScopeTable(size_t dimension);

  bool Contains(EntryId id) const { return places_.contains(id); }

  // `id` is not stored, `row` a compact vector. Returns its partition.
  const std::shared_ptr<Partition>& Insert(EntryId id, const Hash128& scope, const std::byte* row);

  // Returns the partition that `id` was in; empty if that was its last. Null if `id` is not stored.
  std::shared_ptr<Partition> Erase(EntryId id);

  // Null if nothing is stored in `scope`.
  const Partition* Find(const Hash128& scope) const;

  // Null if `id` is not in `partition`.
  const Member* FindMember(const Partition& partition, EntryId id) const;

  // The same, if the graph answers for it.
  const Member* FindCovered(const Partition& partition, EntryId id) const;

  // From now on the partition's graph answers for `member`, or a scan does. Nothing happens if it
  // is so already, or if it is no longer stored.
  void Cover(Partition* partition, const Member& member);
  void Uncover(Partition* partition, const Member& member);

  // Takes the erased rows that nobody reads any more, to release them.
  static std::vector<VectorSlab::Slot> TakeUnread(Partition* partition);
  void Release(absl::Span<const VectorSlab::Slot> rows);

  // The compact vector of `member`.
  const std::byte* Row(const Member& member) const { return slab_->At(member.slot); }
  // What the rows lie in, for who reads them without the table.
  std::shared_ptr<const VectorSlab> slab() const { return slab_; }
  const Partitions& partitions() const { return partitions_; }
  size_t size() const { return places_.size(); }

  // Graphs included.
  size_t MemoryBytes() const;

 private:
  struct Place {
    Partition* partition;
    uint32_t position;  // in its members
  };

  // Null unless this very member is in `partition`.
  const Place* FindPlace(const Partition& partition, const Member& member) const;
  void Swap(Partition* partition, size_t a, size_t b);
  // Makes the sign codes of a partition that has grown, and drops those of one that has shrunk.
  void AdjustCodes(Partition* partition);
  // Moves their centre when it is old, and codes anew a bounded number of them.
  void KeepCentred(Partition* partition);
  // The mean of some of the members, evenly chosen.
  std::vector<float> MeanOf(const Partition& partition) const;
  CompactVector VectorOf(const Member& member) const { return ReadCompact(Row(member)); }

  const size_t dimension_;
  const std::shared_ptr<VectorSlab> slab_;
  Partitions partitions_;
  SplitMap<EntryId, Place> places_;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_INDEX_SCOPE_TABLE_H_
