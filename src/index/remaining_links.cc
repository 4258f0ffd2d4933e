#include "index/remaining_links.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <limits>

namespace semcached {
namespace {

constexpr uint32_t kGone = std::numeric_limits<uint32_t>::max();

}  // namespace

RemainingLinks::RemainingLinks(const LinkSource& graph, absl::Span<const GraphNode> nodes, size_t m)
    : graph_(graph), m_(m) {
  absl::flat_hash_map<EntryId, const GraphNode*> by_id;
  by_id.reserve(nodes.size());
  for (const GraphNode& node : nodes) by_id[node.id] = &node;
  numbers_.reserve(graph.size());
  for (uint32_t old = 0; old < graph.size(); ++old) {
    const auto found = by_id.find(graph.NodeAt(old).id);
    numbers_.push_back(found == by_id.end() ? kGone : static_cast<uint32_t>(nodes_.size()));
    if (found == by_id.end()) continue;
    nodes_.push_back(*found->second);
    olds_.push_back(old);
  }
  if (nodes_.empty()) return;
  entry_ = numbers_[graph.Entry()];
  if (entry_ != kGone) return;
  entry_ = 0;
  for (uint32_t node = 0; node < nodes_.size(); ++node) {
    if (LevelOf(node) > LevelOf(entry_)) entry_ = node;
  }
}

absl::Span<const uint32_t> RemainingLinks::LinksOf(uint32_t node, size_t level) const {
  links_.clear();
  const absl::Span<const uint32_t> olds = graph_.LinksOf(olds_[node], level);
  // More than it had would be a denser graph at each renewal, and few would cut it in pieces.
  const size_t most = std::max(olds.size(), level == 0 ? m_ : m_ / 2);
  for (const uint32_t old : olds) Add(old, node, most);
  for (const uint32_t old : olds) {
    if (numbers_[old] != kGone) continue;
    for (const uint32_t next : graph_.LinksOf(old, level)) Add(next, node, most);
  }
  return links_;
}

void RemainingLinks::Add(uint32_t old_link, uint32_t node, size_t most) const {
  const uint32_t link = numbers_[old_link];
  if (link == kGone || link == node || links_.size() >= most) return;
  if (std::find(links_.begin(), links_.end(), link) == links_.end()) links_.push_back(link);
}

}  // namespace semcached
