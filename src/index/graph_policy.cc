#include "index/graph_policy.h"

#include <algorithm>

namespace semcached {
namespace {

// Fewer fresh entries than this are scanned in the time that a graph takes anyway.
constexpr size_t kAutoMinFresh = 1024;
constexpr size_t kHnswMinFresh = 32;

// A graph up to this size is built in well under a second, so a tick may do it for one entry.
constexpr size_t kQuickBuild = 1024;

// A quarter: sizes grow geometrically from build to build, so all builds of a growing scope
// together cost about five times the last one.
bool TooMuchFresh(size_t min_fresh, const ScopeCounts& counts) {
  return counts.Fresh() > std::max(min_fresh, counts.covered / 4);
}

bool TooMuchErased(const ScopeCounts& counts) { return counts.Erased() * 5 > counts.built; }

}  // namespace

GraphAction DecideAfterChange(IndexType type, size_t auto_min_entries, const ScopeCounts& counts) {
  if (type == IndexType::kFlat || counts.members == 0) return GraphAction::kNone;
  const bool has_graph = counts.built > 0;
  const bool is_auto = type == IndexType::kAuto;
  if (is_auto) {
    if (has_graph && counts.members < auto_min_entries / 2) return GraphAction::kDrop;
    if (!has_graph) {
      return counts.members >= auto_min_entries ? GraphAction::kBuild : GraphAction::kNone;
    }
  }
  const size_t min_fresh = is_auto ? kAutoMinFresh : kHnswMinFresh;
  const bool due = TooMuchFresh(min_fresh, counts) || TooMuchErased(counts);
  return due ? GraphAction::kBuild : GraphAction::kNone;
}

GraphAction DecideAtTick(IndexType type, size_t auto_min_entries, const ScopeCounts& counts) {
  if (type == IndexType::kHnsw && counts.Fresh() > 0 && counts.members <= kQuickBuild) {
    return GraphAction::kBuild;
  }
  return DecideAfterChange(type, auto_min_entries, counts);
}

bool WorthAsking(const ScopeCounts& counts) {
  return counts.built > 0 && counts.covered * 2 >= counts.built;
}

bool Suffices(const GraphAnswer& answer) {
  if (answer.found < std::min(answer.wanted, answer.graph_size)) return false;
  if (answer.live >= answer.limit || answer.found == answer.graph_size) return true;
  return answer.live > 0 && answer.farthest < answer.min_similarity;
}

}  // namespace semcached
