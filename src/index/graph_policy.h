// When a scope gets a graph, and when a graph is believed: decisions over numbers.
#ifndef SEMCACHED_SRC_INDEX_GRAPH_POLICY_H_
#define SEMCACHED_SRC_INDEX_GRAPH_POLICY_H_

#include <cstddef>

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

// What a scope is due for that gets a graph at `min_entries`. It loses the graph when less than
// half of that remains, so that a scope at the limit does not build and drop in turn.
GraphAction DecideGraph(size_t min_entries, const ScopeCounts& counts);

// False when so much of the graph is erased that asking it is a waste.
bool WorthAsking(const ScopeCounts& counts);

// How many a graph is asked for at first: `ef_search` up to 10,000 entries, and twice as many for
// each tenfold beyond, since a larger graph has more wrong ways; but twice the limit, which leaves
// room for erased ones.
size_t FirstBreadth(size_t ef_search, size_t limit, size_t graph_size);

// What a search of a graph brought back.
struct GraphAnswer {
  size_t wanted = 0;  // how many it was asked for
  size_t found = 0;
  size_t live = 0;            // of those, not erased; counted up to the limit
  float nearest = 0;          // the highest similarity found
  float farthest = 0;         // what the similarity of the last one found is at most
  size_t limit = 0;           // how many the caller wants
  float min_similarity = -1;  // and how near
  size_t graph_size = 0;
};

// How many to ask for instead. More if all that was found may be above the threshold, as among the
// texts of one template, or if erased ones are in the way: the right one may come later. 0: no
// more.
size_t NextBreadth(const GraphAnswer& answer);

// False when erased vectors, a hole in the graph or a crowd above the threshold may hide the right
// one: then the scope is scanned.
bool Suffices(const GraphAnswer& answer);

}  // namespace semcached

#endif  // SEMCACHED_SRC_INDEX_GRAPH_POLICY_H_
