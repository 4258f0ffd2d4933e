#include "index/built_graph.h"

#include <algorithm>
#include <utility>

#include "index/compact_vector.h"
#include "index/query_codes.h"

namespace semcached {
namespace {

constexpr size_t kMostUnreached = 5;  // one of so many

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

}  // namespace

BuiltGraph FinishGraph(const IndexOptions& options, const LinkSource& links,
                       absl::FunctionRef<bool()> cancelled) {
  BuiltGraph built;
  built.graph = std::make_shared<const LinkGraph>(options.dimension, links);
  for (uint32_t number = 0; number < links.size(); ++number) {
    if (cancelled()) return BuiltGraph();
    const GraphNode node = links.NodeAt(number);
    (Reaches(*built.graph, options, node) ? built.covered : built.left_out).push_back(node.id);
  }
  return built;
}

bool FallsApart(const BuiltGraph& built) {
  return built.left_out.size() * kMostUnreached > built.covered.size() + built.left_out.size();
}

}  // namespace semcached
