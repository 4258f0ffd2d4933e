#include "index/stored_graph.h"

#include <absl/container/flat_hash_set.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

#include "index/remaining_links.h"
#include "semcached/base/byte_io.h"

namespace semcached {
namespace {

// Of a node on one level: no m is so large.
constexpr size_t kMostLinks = 4096;
constexpr size_t kMostLevels = 64;

// Of an encoded node beside its links, one level; and of all beside its nodes.
constexpr size_t kNodeBytes = sizeof(EntryId) + sizeof(uint8_t) + sizeof(uint16_t);
constexpr size_t kBytesBeside = 64;

std::string ScopeBytes(const Hash128& scope) {
  ByteWriter bytes;
  bytes.Number(scope.high);
  bytes.Number(scope.low);
  return std::move(bytes).Take();
}

std::string Shape(const IndexOptions& options) {
  ByteWriter shape;
  shape.Number(static_cast<uint32_t>(options.dimension));
  shape.Number(static_cast<uint32_t>(options.m));
  shape.Number(static_cast<uint32_t>(options.ef_construction));
  return std::move(shape).Take();
}

}  // namespace

absl::Span<const uint32_t> StoredGraph::LinksOf(uint32_t node, size_t level) const {
  uint64_t at = begins[node];
  for (; level > 0; --level) at += 1 + links[at];
  return {&links[at] + 1, links[at]};
}

std::string EncodeGraph(const IndexOptions& options, const Hash128& scope, const LinkSource& graph,
                        absl::Span<const EntryId> left_out) {
  absl::flat_hash_set<EntryId> aside(left_out.begin(), left_out.end());
  size_t links = 0;
  for (uint32_t node = 0; node < graph.size(); ++node) {
    aside.erase(graph.NodeAt(node).id);
    for (size_t level = 0; level <= graph.LevelOf(node); ++level) {
      links += graph.LinksOf(node, level).size();
    }
  }
  ByteWriter bytes;
  bytes.Reserve(kBytesBeside + graph.size() * kNodeBytes + links * sizeof(uint32_t) +
                aside.size() * sizeof(EntryId));
  bytes.Raw(ScopeBytes(scope));
  bytes.Raw(Shape(options));
  bytes.Number(static_cast<uint32_t>(graph.size()));
  bytes.Number(graph.Entry());
  bytes.Number(static_cast<uint32_t>(aside.size()));
  for (const EntryId id : aside) bytes.Number(id);
  for (uint32_t node = 0; node < graph.size(); ++node) {
    bytes.Number(graph.NodeAt(node).id);
    bytes.Number(static_cast<uint8_t>(graph.LevelOf(node)));
    for (size_t level = 0; level <= graph.LevelOf(node); ++level) {
      const absl::Span<const uint32_t> of = graph.LinksOf(node, level);
      bytes.Number(static_cast<uint16_t>(of.size()));
      bytes.Raw({reinterpret_cast<const char*>(of.data()), of.size() * sizeof(uint32_t)});
    }
  }
  return std::move(bytes).Take();
}

absl::StatusOr<StoredGraph> DecodeGraph(const IndexOptions& options, const Hash128& scope,
                                        std::string_view bytes) {
  const std::string of = ScopeBytes(scope);
  const std::string shape = Shape(options);
  ByteReader reader(bytes);
  if (reader.Raw(of.size()) != of) {
    return absl::FailedPreconditionError("it is the graph of another scope");
  }
  if (reader.Raw(shape.size()) != shape) {
    return absl::FailedPreconditionError("it has another dimension, m or ef_construction");
  }
  StoredGraph graph;
  const auto count = reader.Number<uint32_t>();
  graph.entry = reader.Number<uint32_t>();
  const auto aside = reader.Number<uint32_t>();
  // What the bytes have room for, whatever they say.
  const size_t most = std::min<size_t>(count, bytes.size() / kNodeBytes);
  graph.ids.reserve(most);
  graph.levels.reserve(most);
  graph.begins.reserve(most);
  graph.links.reserve(bytes.size() / sizeof(uint32_t));
  for (uint32_t i = 0; i < aside && reader.ok(); ++i) {
    graph.aside.push_back(reader.Number<EntryId>());
  }
  for (uint32_t node = 0; node < count && reader.ok(); ++node) {
    graph.ids.push_back(reader.Number<EntryId>());
    graph.levels.push_back(reader.Number<uint8_t>());
    if (graph.levels.back() >= kMostLevels) reader.Fail();
    graph.begins.push_back(graph.links.size());
    for (size_t level = 0; level <= graph.levels.back() && reader.ok(); ++level) {
      const auto links = reader.Number<uint16_t>();
      if (links > kMostLinks) reader.Fail();
      const std::string_view raw = reader.Raw(reader.ok() ? links * sizeof(uint32_t) : 0);
      graph.links.push_back(links);
      const size_t begin = graph.links.size();
      graph.links.resize(begin + raw.size() / sizeof(uint32_t));
      if (!raw.empty()) std::memcpy(&graph.links[begin], raw.data(), raw.size());
    }
  }
  if (!reader.Done() || graph.entry >= count) return absl::DataLossError("it is no graph");
  absl::flat_hash_set<EntryId> ids;
  ids.reserve(count);
  const uint8_t highest = graph.levels[graph.entry];
  for (uint32_t node = 0; node < count; ++node) {
    bool holds = ids.insert(graph.ids[node]).second && graph.levels[node] <= highest;
    for (size_t level = 0; level <= graph.levels[node]; ++level) {
      for (const uint32_t link : graph.LinksOf(node, level)) {
        holds = holds && link < count && graph.levels[link] >= level;
      }
    }
    if (!holds) return absl::DataLossError("its links lead nowhere");
  }
  for (const EntryId id : graph.aside) {
    if (ids.contains(id)) return absl::DataLossError("what it leaves out is in it");
  }
  return graph;
}

absl::StatusOr<BuiltGraph> RestoreGraph(const IndexOptions& options, const StoredGraph& stored,
                                        absl::Span<const GraphNode> nodes,
                                        absl::FunctionRef<bool()> cancelled) {
  const RemainingLinks remaining(stored, nodes, static_cast<size_t>(std::max(2, options.m)));
  if (!remaining.IsEnough()) {
    return absl::FailedPreconditionError(absl::StrCat(
        "of its ", stored.size(), " entries ", stored.size() - remaining.size(), " are gone"));
  }
  BuiltGraph built = FinishGraph(options, remaining, cancelled);
  if (built.graph == nullptr) return absl::CancelledError("the index is gone");
  if (FallsApart(built)) {
    return absl::FailedPreconditionError(
        absl::StrCat("a search does not find ", built.left_out.size(), " of its entries"));
  }
  const absl::flat_hash_set<EntryId> aside(stored.aside.begin(), stored.aside.end());
  for (const GraphNode& node : nodes) {
    if (aside.contains(node.id)) built.left_out.push_back(node.id);
  }
  return built;
}

}  // namespace semcached
