// Builds a graph over vectors that have stayed; hnswlib behind one door.
#ifndef SEMCACHED_SRC_INDEX_HNSW_GRAPH_H_
#define SEMCACHED_SRC_INDEX_HNSW_GRAPH_H_

#include <absl/functional/function_ref.h>
#include <absl/types/span.h>

#include <memory>
#include <vector>

#include "index/link_graph.h"
#include "semcached/index/vector_index.h"

namespace semcached {

struct BuiltGraph {
  std::unique_ptr<const LinkGraph> graph;  // null: cancelled, empty, or no memory
  std::vector<EntryId> covered;            // a search of the graph finds these
  // The caller scans these: further copies of a vector that is in the graph several times (links
  // among copies lead nowhere else, so they cut a graph in pieces), and vectors that a search for
  // the very vector does not reach.
  std::vector<EntryId> left_out;
};

// The same nodes give the same graph: its dice have a fixed seed. `cancelled` is asked often.
BuiltGraph BuildHnswGraph(const IndexOptions& options, absl::Span<const GraphNode> nodes,
                          absl::FunctionRef<bool()> cancelled);

}  // namespace semcached

#endif  // SEMCACHED_SRC_INDEX_HNSW_GRAPH_H_
