#include "index/stored_graph.h"

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "semcached/base/byte_io.h"

namespace semcached {
namespace {

// Of a node on one level: no m is so large.
constexpr size_t kMostLinks = 4096;
constexpr size_t kMostLevels = 64;

// Of an encoded node beside its links, one level; and of all beside its nodes.
constexpr size_t kNodeBytes = sizeof(EntryId) + sizeof(uint8_t) + sizeof(uint16_t);
constexpr size_t kBytesBeside = 64;

constexpr uint32_t kGone = std::numeric_limits<uint32_t>::max();

// A fifth, as of a graph that is searched: see DecideAfterChange().
constexpr size_t kMostGone = 5;

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

// The nodes of a stored graph that are still there, numbered anew without gaps.
class Remaining final : public LinkSource {
 public:
  Remaining(const IndexOptions& options, const StoredGraph& stored,
            absl::Span<const GraphNode> nodes)
      : m_(static_cast<size_t>(std::max(2, options.m))), stored_(stored) {
    absl::flat_hash_map<EntryId, const GraphNode*> by_id;
    by_id.reserve(nodes.size());
    for (const GraphNode& node : nodes) by_id[node.id] = &node;
    numbers_.reserve(stored.ids.size());
    for (uint32_t old = 0; old < stored.ids.size(); ++old) {
      const auto found = by_id.find(stored.ids[old]);
      numbers_.push_back(found == by_id.end() ? kGone : static_cast<uint32_t>(nodes_.size()));
      if (found == by_id.end()) continue;
      nodes_.push_back(*found->second);
      olds_.push_back(old);
    }
    if (nodes_.empty()) return;
    entry_ = numbers_[stored.entry];
    if (entry_ != kGone) return;
    entry_ = 0;
    for (uint32_t node = 0; node < nodes_.size(); ++node) {
      if (stored.levels[olds_[node]] > stored.levels[olds_[entry_]]) entry_ = node;
    }
  }

  size_t size() const override { return nodes_.size(); }
  GraphNode NodeAt(uint32_t node) const override { return nodes_[node]; }
  size_t LevelOf(uint32_t node) const override { return stored_.levels[olds_[node]]; }
  uint32_t Entry() const override { return entry_; }

  absl::Span<const uint32_t> LinksOf(uint32_t node, size_t level) const override {
    const size_t most = level == 0 ? 2 * m_ : m_;
    links_.clear();
    const absl::Span<const uint32_t> olds = stored_.LinksOf(olds_[node], level);
    for (const uint32_t old : olds) Add(numbers_[old], node, std::max(most, olds.size()));
    for (const uint32_t old : olds) {
      if (numbers_[old] != kGone) continue;
      for (const uint32_t next : stored_.LinksOf(old, level)) Add(numbers_[next], node, most);
    }
    return links_;
  }

 private:
  void Add(uint32_t link, uint32_t node, size_t most) const {
    if (link == kGone || link == node || links_.size() >= most) return;
    if (std::find(links_.begin(), links_.end(), link) == links_.end()) links_.push_back(link);
  }

  const size_t m_;
  const StoredGraph& stored_;
  std::vector<uint32_t> numbers_;  // by the number in the stored graph
  std::vector<GraphNode> nodes_;
  std::vector<uint32_t> olds_;  // by the new number
  uint32_t entry_ = 0;
  mutable std::vector<uint32_t> links_;  // of the last call
};

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
  const Remaining remaining(options, stored, nodes);
  const size_t gone = stored.ids.size() - remaining.size();
  if (remaining.size() == 0 || gone * kMostGone > stored.ids.size()) {
    return absl::FailedPreconditionError(
        absl::StrCat("of its ", stored.ids.size(), " entries ", gone, " are gone"));
  }
  BuiltGraph built;
  built.graph = std::make_shared<const LinkGraph>(options.dimension, remaining);
  for (uint32_t node = 0; node < remaining.size(); ++node) {
    if (cancelled()) return absl::CancelledError("the index is gone");
    const GraphNode of = remaining.NodeAt(node);
    (Reaches(*built.graph, options, of) ? built.covered : built.left_out).push_back(of.id);
  }
  if (built.left_out.size() * kMostGone > remaining.size()) {
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
