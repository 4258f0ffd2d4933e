// The links of a graph, over those of its nodes that are still there.
#ifndef SEMCACHED_SRC_INDEX_REMAINING_LINKS_H_
#define SEMCACHED_SRC_INDEX_REMAINING_LINKS_H_

#include <absl/types/span.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "index/link_graph.h"

namespace semcached {

// Those of the nodes of `graph` whose ids are in `nodes`, numbered anew without gaps, over the rows
// that `nodes` names. A link to one that is gone leads on to what that one was linked to; whether a
// search still finds everybody is for the caller to see.
class RemainingLinks final : public LinkSource {
 public:
  // `graph` outlives the object; its rows are not read. A node has no more links than it had,
  // or `m` on level 0 and half as many above if that is more.
  RemainingLinks(const LinkSource& graph, absl::Span<const GraphNode> nodes, size_t m);

  // False if there is no node, or fewer than half of those of `graph`: what they have left was
  // found by way of too much that is gone.
  bool IsEnough() const { return !nodes_.empty() && 2 * nodes_.size() >= graph_.size(); }

  // If 0, IsEnough() alone may be called.
  size_t size() const override { return nodes_.size(); }
  GraphNode NodeAt(uint32_t node) const override { return nodes_[node]; }
  size_t LevelOf(uint32_t node) const override { return graph_.LevelOf(olds_[node]); }
  // Until the next call.
  absl::Span<const uint32_t> LinksOf(uint32_t node, size_t level) const override;
  uint32_t Entry() const override { return entry_; }

 private:
  void Add(uint32_t old_link, uint32_t node, size_t most) const;

  const LinkSource& graph_;
  const size_t m_;
  std::vector<uint32_t> numbers_;  // by the number in `graph_`
  std::vector<GraphNode> nodes_;
  std::vector<uint32_t> olds_;  // by the new number
  uint32_t entry_ = 0;
  mutable std::vector<uint32_t> links_;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_INDEX_REMAINING_LINKS_H_
