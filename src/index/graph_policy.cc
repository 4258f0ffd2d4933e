#include "index/graph_policy.h"

#include <algorithm>
#include <cmath>

namespace semcached {
namespace {

// Fewer fresh entries than this are scanned in a fraction of the time that the graph takes.
constexpr size_t kMinFresh = 256;

// A tenth fresh or erased. A build links only what is fresh, and searches once for each entry of
// the scope to see that it is found, which takes a small part of the time that linking it did.
constexpr size_t kTooMuch = 10;

bool TooMuchFresh(const ScopeCounts& counts) {
  return counts.Fresh() > std::max(kMinFresh, counts.covered / kTooMuch);
}

bool TooMuchErased(const ScopeCounts& counts) { return counts.Erased() * kTooMuch > counts.built; }

// Up to here the least breadth finds all; of 48,000 texts 16 found 0.995, and 24 all.
constexpr double kSmallGraph = 10'000;

// Among a thousand texts of one template a search needs so many to find the right one. Of ten
// thousand it finds nine tenths then, and a scan nearly all.
constexpr size_t kCrowdBreadth = 128;

// In a crowd the nearest so many are no further apart: at a cosine of 0.97 to each other and 0.93
// to the query, 0.04.
constexpr float kCrowdWidth = 0.1F;

// To scan more takes longer than a lookup should.
constexpr size_t kMostScanned = 100'000;

// Whether a scan should say which of those found is the nearest. It looks at the vectors alone, so
// that all who ask, for whatever threshold, are told the same.
bool IsCrowd(const GraphAnswer& answer) {
  return answer.wanted >= kCrowdBreadth && answer.graph_size <= kMostScanned &&
         answer.farthest >= std::max(answer.min_similarity, answer.nearest - kCrowdWidth);
}

}  // namespace

GraphAction DecideGraph(size_t min_entries, const ScopeCounts& counts) {
  if (counts.members == 0) return GraphAction::kNone;
  if (counts.built == 0) {
    return counts.members >= min_entries ? GraphAction::kBuild : GraphAction::kNone;
  }
  if (counts.members < min_entries / 2) return GraphAction::kDrop;
  const bool due = TooMuchFresh(counts) || TooMuchErased(counts);
  return due ? GraphAction::kBuild : GraphAction::kNone;
}

bool WorthAsking(const ScopeCounts& counts) {
  return counts.built > 0 && counts.covered * 2 >= counts.built;
}

size_t FirstBreadth(size_t ef_search, size_t limit, size_t graph_size) {
  const double tens = std::log10(static_cast<double>(graph_size) / kSmallGraph);
  const double wider = static_cast<double>(ef_search) * std::exp2(std::max(0.0, tens));
  return std::min(graph_size, std::max({size_t{1}, static_cast<size_t>(wider), 2 * limit}));
}

size_t NextBreadth(const GraphAnswer& answer) {
  const size_t broader = std::min(kCrowdBreadth, answer.graph_size);
  if (answer.found < answer.wanted || answer.wanted >= broader) return 0;
  return answer.farthest >= answer.min_similarity || !Suffices(answer) ? broader : 0;
}

bool Suffices(const GraphAnswer& answer) {
  if (answer.found < std::min(answer.wanted, answer.graph_size)) return false;
  if (answer.found == answer.graph_size) return true;
  if (IsCrowd(answer)) return false;
  if (answer.live >= answer.limit) return true;
  return answer.live > 0 && answer.farthest < answer.min_similarity;
}

}  // namespace semcached
