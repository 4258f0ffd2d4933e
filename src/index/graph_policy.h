// When a scope gets a graph, and when a graph is believed: decisions over numbers.
#ifndef SEMCACHED_SRC_INDEX_GRAPH_POLICY_H_
#define SEMCACHED_SRC_INDEX_GRAPH_POLICY_H_

#include <cstddef>

#include "semcached/base/types.h"

namespace semcached {

struct ScopeCounts {
  size_t members = 0;
  size_t covered = 0;   // of the members, answered for by the graph
  size_t built = 0;     // were covered when the graph was built; 0: no graph
  size_t left_out = 0;  // were not, though stored then: a graph would not do for them

  size_t Fresh() const {
    const size_t scanned = members - covered;
    return scanned > left_out ? scanned - left_out : 0;
  }
  size_t Erased() const { return built - covered; }
};

enum class GraphAction { kNone, kBuild, kDrop };

// After an insert or an erase. A scope with a graph loses it when less than half of
// `auto_min_entries` remains, so that one at the limit does not build and drop in turn.
GraphAction DecideAfterChange(IndexType type, size_t auto_min_entries, const ScopeCounts& counts);

// At a tick: also brings the last few entries of a small kHnsw scope into its graph.
GraphAction DecideAtTick(IndexType type, size_t auto_min_entries, const ScopeCounts& counts);

// False when so much of the graph is erased that asking it is a waste.
bool WorthAsking(const ScopeCounts& counts);

// What a search of a graph brought back.
struct GraphAnswer {
  size_t wanted = 0;  // how many it was asked for
  size_t found = 0;
  size_t live = 0;            // of those, not erased
  float farthest = 0;         // what the similarity of the last one found is at most
  size_t limit = 0;           // how many the caller wants
  float min_similarity = -1;  // and how near
  size_t graph_size = 0;
};

// False when erased vectors, or a hole in the graph, may hide live ones: then the scope is scanned.
bool Suffices(const GraphAnswer& answer);

}  // namespace semcached

#endif  // SEMCACHED_SRC_INDEX_GRAPH_POLICY_H_
