// Finds the stored vectors nearest to a query, within one scope.
#ifndef SEMCACHED_INDEX_VECTOR_INDEX_H_
#define SEMCACHED_INDEX_VECTOR_INDEX_H_

#include <absl/status/status.h>
#include <absl/types/span.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "semcached/base/executor.h"
#include "semcached/base/hash.h"
#include "semcached/base/types.h"

namespace semcached {

// Which structure answered a search.
enum class IndexStructure {
  kNone,          // the scope is empty
  kScan,          // over all of the scope
  kGraph,         // HNSW
  kGraphAndScan,  // HNSW, and a scan over what is too fresh for it
};
const char* Name(IndexStructure value);

struct Candidate {
  EntryId id = 0;
  float similarity = 0;  // cosine, higher is closer
  float error = 0;       // at most so far off that of the vectors as they were inserted
};

struct SearchResult {
  // Nearest first. Each may be at or above the threshold, so it may be below it by up to twice its
  // error. Who serves one decides by the vector in its document.
  std::vector<Candidate> candidates;
  // Of the nearest vector that was compared, also below the threshold, in [-1,1]; -1 if the scope
  // is empty. An estimate: far below the threshold a nearer one may be there.
  float nearest_similarity = -1;
  IndexStructure answered_by = IndexStructure::kNone;
};

// What became of the file that a graph is kept in.
enum class GraphFileOutcome {
  kRestored,    // a graph was made of it
  kOutdated,    // of another format or shape, or too many of its entries are gone: built anew
  kDamaged,     // built anew
  kUnread,      // the disk would not: built anew, and what is there is not replaced
  kWritten,     // a new graph is kept in it
  kNotWritten,  // the disk would not: a restart builds the graph anew
};
const char* Name(GraphFileOutcome value);

struct IndexOptions {
  IndexType type = IndexType::kAuto;
  size_t dimension = 0;
  int m = 16;
  int ef_construction = 200;
  int ef_search = 16;  // of a graph of up to 10,000; twice as many for each tenfold beyond
  std::optional<size_t> graph_min_entries;  // see GraphMinEntries(); not for kFlat

  // Where graphs outlive the process, of this index alone; made when it is needed. Empty: nowhere.
  std::string graph_directory;
  // Told by builds, on the executor's thread. May be empty.
  std::function<void(GraphFileOutcome)> on_graph_file;
};

// From so many entries of one scope on it has a graph, and is scanned below. Unless the options
// say: where a graph is much faster on this processor, as measured (docs/performance.md), for
// kAuto; 2,000 for kHnsw; never for kFlat.
size_t GraphMinEntries(const IndexOptions& options);

struct IndexStats {
  size_t entry_count = 0;
  size_t scope_count = 0;
  size_t graph_entry_count = 0;  // of those, covered by a graph
  size_t graph_count = 0;
  size_t memory_bytes = 0;  // all structures
  size_t builds_completed = 0;
  int64_t graph_file_bytes = 0;  // on disk
};

// The index of one category and one embedding identity.
//
// Every scope is searched for itself: by a scan of its own vectors or, a very large one, by a graph
// of its own, never by filtering what a shared graph found. Vectors are kept in a byte a component.
// A scan compares the signs of all of them, a bit a component after a random rotation and around
// their mean, and then the bytes of those whose signs differ least: 512 at most, so of thousands
// that are all near a query the nearest may be missed. So it may in a graph of more than 100,000.
// Graphs are immutable: they are built aside on the executor, from vectors that have stayed, and
// swapped in; what is fresher is scanned, what is erased is skipped, and of a graph with too much
// of either a new one is made.
//
// Thread-safe. Searches run together; an insert or an erase takes constant time and waits for no
// build. Holds vectors in memory only; the caller inserts them again after a restart. Of a graph
// the links are kept in a file, by the ids of entries, so that they need not be found again: what
// came since is scanned, what is gone is left out, and a file that is damaged is not used.
class VectorIndex {
 public:
  virtual ~VectorIndex() = default;

  // Stores a copy of `vector` under `id` for searches of `scope`; visible to the next search.
  //
  // InvalidArgument: the dimension differs, a component is not finite, or the length is not 1
  // (within 1e-3). AlreadyExists: `id` is stored.
  virtual absl::Status Insert(EntryId id, const Hash128& scope, absl::Span<const float> vector) = 0;

  // The next search does not find `id`. Returns false if it was not stored.
  virtual bool Erase(EntryId id) = 0;

  // Up to `limit` vectors of `scope` whose similarity to `query` (length 1) may be at least
  // `min_similarity`. A query of another dimension, or one whose length is not 1 (within 1e-3) or
  // not finite, finds nothing.
  virtual SearchResult Search(const Hash128& scope, absl::Span<const float> query,
                              float min_similarity, size_t limit) const = 0;

  virtual bool Contains(EntryId id) const = 0;

  // True if `id` is stored for searches of `scope`, with this very vector.
  virtual bool Holds(EntryId id, const Hash128& scope, absl::Span<const float> vector) const = 0;

  virtual IndexStats Stats() const = 0;

  // Starts the builds that are due. Inserts and erases do so too; this is for a periodic tick,
  // after a build was refused by the executor. Not while entries of an earlier run are still
  // being inserted: it removes the files of scopes that are gone.
  virtual void Maintain() = 0;
};

// `executor` runs the builds and outlives the index; a build that is still queued when the index is
// destroyed does nothing.
std::unique_ptr<VectorIndex> MakeVectorIndex(const IndexOptions& options, Executor* executor);

// The memory that one more entry takes in the long run.
size_t IndexBytesPerEntry(const IndexOptions& options);

}  // namespace semcached

#endif  // SEMCACHED_INDEX_VECTOR_INDEX_H_
