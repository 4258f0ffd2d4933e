// Builds a graph over vectors that have stayed; hnswlib behind one door.
#ifndef SEMCACHED_SRC_INDEX_HNSW_GRAPH_H_
#define SEMCACHED_SRC_INDEX_HNSW_GRAPH_H_

#include <absl/functional/function_ref.h>
#include <absl/types/span.h>

#include "index/built_graph.h"
#include "index/link_graph.h"
#include "semcached/index/vector_index.h"

namespace semcached {

// The same nodes give the same graph: its dice have a fixed seed. `cancelled` is asked often.
BuiltGraph BuildHnswGraph(const IndexOptions& options, absl::Span<const GraphNode> nodes,
                          absl::FunctionRef<bool()> cancelled);

}  // namespace semcached

#endif  // SEMCACHED_SRC_INDEX_HNSW_GRAPH_H_
