// A graph over vectors that have stayed; hnswlib behind one door.
#ifndef SEMCACHED_SRC_INDEX_HNSW_GRAPH_H_
#define SEMCACHED_SRC_INDEX_HNSW_GRAPH_H_

#include <absl/functional/function_ref.h>
#include <absl/types/span.h>

#include <cstddef>
#include <memory>
#include <vector>

#include "semcached/index/vector_index.h"

namespace semcached {

// A compact vector; the graph reads it where it lies, as long as it is built or searched.
struct GraphNode {
  EntryId id = 0;
  const std::byte* row = nullptr;
};

class HnswGraph;

struct BuiltGraph {
  std::unique_ptr<const HnswGraph> graph;  // null: cancelled, empty, or no memory
  std::vector<EntryId> covered;            // a search of the graph finds these
  // The caller scans these: further copies of a vector that is in the graph several times (links
  // among copies lead nowhere else, so they cut a graph in pieces), and vectors that a search for
  // the very vector does not reach.
  std::vector<EntryId> left_out;
};

// HNSW (Malkov and Yashunin, 2018). Immutable, so searches need no lock.
class HnswGraph {
 public:
  // The same nodes give the same graph: its dice have a fixed seed. `cancelled` is asked often.
  static BuiltGraph Build(const IndexOptions& options, absl::Span<const GraphNode> nodes,
                          absl::FunctionRef<bool()> cancelled);
  ~HnswGraph();

  // The `count` nearest to `query`, a compact vector, or nearly; nearest first. Empty if there is
  // no memory to search with. `count` is also the breadth of the search if it is larger than
  // ef_search.
  std::vector<Candidate> Search(const std::byte* query, size_t count) const;

  size_t size() const;
  size_t MemoryBytes() const;

 private:
  struct Impl;
  explicit HnswGraph(std::unique_ptr<Impl> impl);

  const std::unique_ptr<Impl> impl_;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_INDEX_HNSW_GRAPH_H_
