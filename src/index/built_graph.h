// A graph that was built aside, and what it can be asked for.
#ifndef SEMCACHED_SRC_INDEX_BUILT_GRAPH_H_
#define SEMCACHED_SRC_INDEX_BUILT_GRAPH_H_

#include <absl/functional/function_ref.h>

#include <cstddef>
#include <memory>
#include <vector>

#include "index/link_graph.h"
#include "semcached/index/vector_index.h"

namespace semcached {

struct BuiltGraph {
  std::shared_ptr<const LinkGraph> graph;  // null: cancelled, empty, or no memory
  std::vector<EntryId> covered;            // a search of the graph finds these
  size_t changed = 0;  // nodes that came or went since the graph that it was made of
  // The caller scans these: further copies of a vector that is in the graph several times (links
  // among copies lead nowhere else, so they cut a graph in pieces), and vectors that a search for
  // the very vector does not reach.
  std::vector<EntryId> left_out;
};

// So many copies of a vector are in a graph at the most.
inline constexpr size_t kMaxCopies = 8;

// A graph of `links`, each of whose nodes has been searched for; among its copies, and what
// rounding has made nearer than itself. `links` has at least one node. Null if it was cancelled.
BuiltGraph FinishGraph(const IndexOptions& options, const LinkSource& links,
                       absl::FunctionRef<bool()> cancelled);

// Whether searches miss so much of what is in `built` that it is better linked anew: a fifth.
bool FallsApart(const BuiltGraph& built);

}  // namespace semcached

#endif  // SEMCACHED_SRC_INDEX_BUILT_GRAPH_H_
