// The links of a graph as bytes, and a graph of them once the vectors are there again.
#ifndef SEMCACHED_SRC_INDEX_STORED_GRAPH_H_
#define SEMCACHED_SRC_INDEX_STORED_GRAPH_H_

#include <absl/functional/function_ref.h>
#include <absl/status/statusor.h>
#include <absl/types/span.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "index/built_graph.h"
#include "index/link_graph.h"
#include "semcached/base/hash.h"
#include "semcached/base/types.h"
#include "semcached/index/vector_index.h"

namespace semcached {

// A graph without its vectors: they are in the documents, and an entry's id leads to them. It says
// nothing of what is stored, only which of it lies near which; so it may be older than the store.
struct StoredGraph final : LinkSource {
  size_t size() const override { return ids.size(); }
  GraphNode NodeAt(uint32_t node) const override { return {ids[node], nullptr}; }
  size_t LevelOf(uint32_t node) const override { return levels[node]; }
  absl::Span<const uint32_t> LinksOf(uint32_t node, size_t level) const override;
  uint32_t Entry() const override { return entry; }

  std::vector<EntryId> ids;
  std::vector<uint8_t> levels;   // the highest of each node
  std::vector<uint64_t> begins;  // of each node, in links
  // Of a node, level by level from 0 on: how many, and then which.
  std::vector<uint32_t> links;
  uint32_t entry = 0;
  std::vector<EntryId> aside;  // were left out when the graph was built, and are no nodes
};

// Of `left_out`, what has no node is kept with the graph. The bytes say whose it is: of this scope
// and of an index of this shape (dimension, m, ef_construction).
std::string EncodeGraph(const IndexOptions& options, const Hash128& scope, const LinkSource& graph,
                        absl::Span<const EntryId> left_out);

// FailedPrecondition: of another scope or shape. DataLoss: no graph; what is one can be searched
// without a look at its links again.
absl::StatusOr<StoredGraph> DecodeGraph(const IndexOptions& options, const Hash128& scope,
                                        std::string_view bytes);

// A graph of those of `nodes` that `stored` has. A link to one that is gone leads on to what that
// one was linked to, and each node is searched for, as after a build. What of `nodes` is neither
// covered nor left out came later. Cancelled; FailedPrecondition: too little of it is
// left (see RemainingLinks), or it falls apart.
absl::StatusOr<BuiltGraph> RestoreGraph(const IndexOptions& options, const StoredGraph& stored,
                                        absl::Span<const GraphNode> nodes,
                                        absl::FunctionRef<bool()> cancelled);

}  // namespace semcached

#endif  // SEMCACHED_SRC_INDEX_STORED_GRAPH_H_
