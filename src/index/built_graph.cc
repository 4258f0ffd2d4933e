#include "index/built_graph.h"

#include <algorithm>
#include <utility>

#include "index/compact_vector.h"
#include "index/query_codes.h"

namespace semcached {

bool Reaches(const LinkGraph& graph, const IndexOptions& options, const GraphNode& node) {
  const CompactVector vector = ReadCompact(node.row);
  RotatedVector floats(options.dimension);
  for (size_t i = 0; i < floats.size(); ++i) {
    floats[i] = vector.scale * static_cast<float>(vector.codes[i]);
  }
  constexpr size_t kAmong = 2 * kMaxCopies;
  std::vector<Candidate> found = graph.Search(
      QueryCodes(std::move(floats)), std::max(kAmong, static_cast<size_t>(options.ef_search)));
  if (found.size() > kAmong) found.resize(kAmong);
  return std::any_of(found.begin(), found.end(),
                     [&](const Candidate& one) { return one.id == node.id; });
}

}  // namespace semcached
