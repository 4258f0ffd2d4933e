// The links of a graph as a disk may give them back, without the checksums that stand before them:
// a graph that can be searched, or no graph.
#include <map>
#include <string>
#include <vector>

#include "fuzz/fuzz.h"
#include "index/compact_vector.h"
#include "index/stored_graph.h"

namespace semcached {
namespace {

constexpr size_t kDimension = 8;
const Hash128 kScope = {1, 2};

IndexOptions Shape() {
  IndexOptions options;
  options.dimension = kDimension;
  options.m = 4;
  return options;
}

// All but each ninth is still there.
std::vector<GraphNode> NodesOf(const StoredGraph& stored, std::map<EntryId, CompactRow>* rows) {
  std::vector<GraphNode> nodes;
  for (const EntryId id : stored.ids) {
    if (id % 9 == 8) continue;
    std::vector<float> vector(kDimension, 0.1F);
    vector[id % kDimension] = 1;
    const auto [row, fresh] = rows->emplace(id, Compact(vector));
    nodes.push_back({id, row->second.data()});
  }
  return nodes;
}

}  // namespace
}  // namespace semcached

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace semcached;
  const auto stored = DecodeGraph(Shape(), kScope, AsText(data, size));
  if (!stored.ok()) return 0;
  std::map<EntryId, CompactRow> rows;
  const std::vector<GraphNode> nodes = NodesOf(*stored, &rows);
  const auto restored = RestoreGraph(Shape(), *stored, nodes, [] { return false; });
  if (!restored.ok()) return 0;
  const BuiltGraph& built = *restored;
  Require(built.covered.size() + built.left_out.size() == nodes.size(),
          "each node that is there is covered or left out");
  std::vector<float> query(kDimension, 0);
  query[0] = 1;
  for (const Candidate& found :
       built.graph->Search(QueryCodes(RotatedVector(query.begin(), query.end())), nodes.size())) {
    Require(rows.contains(found.id), "what is found is there");
  }
  const std::string again = EncodeGraph(Shape(), kScope, *built.graph, built.left_out);
  Require(DecodeGraph(Shape(), kScope, again).ok(), "what is written can be read");
  return 0;
}
