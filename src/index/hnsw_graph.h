// Builds a graph over vectors that have stayed; hnswlib behind one door.
#ifndef SEMCACHED_SRC_INDEX_HNSW_GRAPH_H_
#define SEMCACHED_SRC_INDEX_HNSW_GRAPH_H_

#include <absl/functional/function_ref.h>
#include <absl/types/span.h>

#include <cstddef>

#include "index/built_graph.h"
#include "index/link_graph.h"
#include "semcached/index/vector_index.h"

namespace semcached {

// A graph that was built of the first `covered` of the nodes, which a search of it finds, and of
// others that may be gone; its rows are not read. Null: there is none.
struct EarlierGraph {
  const LinkGraph* graph = nullptr;
  size_t covered = 0;
};

// Keeps the links of `earlier` and links what it does not cover into them. All are linked anew if
// too little of it is left (see RemainingLinks), or if the outcome falls apart. The same arguments
// give the same graph: its dice have a fixed seed. `cancelled` is asked often.
BuiltGraph BuildHnswGraph(const IndexOptions& options, absl::Span<const GraphNode> nodes,
                          const EarlierGraph& earlier, absl::FunctionRef<bool()> cancelled);

}  // namespace semcached

#endif  // SEMCACHED_SRC_INDEX_HNSW_GRAPH_H_
