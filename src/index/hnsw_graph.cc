#include "index/hnsw_graph.h"

#if defined(__SANITIZE_ADDRESS__)
#define SEMCACHED_ADDRESS_SANITIZER
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SEMCACHED_ADDRESS_SANITIZER
#endif
#endif
#if defined(SEMCACHED_ADDRESS_SANITIZER)
// hnswlib prefetches the neighbour behind the last one, and reads its number for that: up to three
// bytes behind an upper list, inside what malloc gave, and more than AddressSanitizer allows.
#define NO_MANUAL_VECTORIZATION
#endif
#include <absl/container/flat_hash_map.h>
#include <absl/hash/hash.h>
#include <hnswlib/hnswlib.h>  // in this file only: 0.6.2 does not link twice

#include <algorithm>
#include <cstring>
#include <exception>
#include <string_view>
#include <utility>

#include "index/compact_vector.h"

namespace semcached {
namespace {

constexpr size_t kSeed = 100;

// What hnswlib takes for a vector is where the compact one lies, so that it is in memory once.
using RowPointer = const std::byte*;

RowPointer RowAt(const void* data) {
  RowPointer row = nullptr;
  std::memcpy(&row, data, sizeof(row));
  return row;
}

class RowSpace final : public hnswlib::SpaceInterface<float> {
 public:
  explicit RowSpace(size_t dimension) : dimension_(dimension) {}

  size_t get_data_size() override { return sizeof(RowPointer); }
  hnswlib::DISTFUNC<float> get_dist_func() override { return Distance; }
  void* get_dist_func_param() override { return &dimension_; }

 private:
  static float Distance(const void* a, const void* b, const void* dimension) {
    return 1.0F - CompactDot(RowAt(a), RowAt(b), *static_cast<const size_t*>(dimension));
  }

  size_t dimension_;
};

// How often a vector came so far.
class CopyCounter {
 public:
  size_t Count(RowPointer row, size_t dimension) {
    const std::string_view bytes(reinterpret_cast<const char*>(ReadCompact(row).codes), dimension);
    return ++counts_[absl::Hash<std::string_view>()(bytes)];
  }

 private:
  absl::flat_hash_map<size_t, size_t> counts_;  // two of one hash: one may be left out for nothing
};

using Graph = hnswlib::HierarchicalNSW<float>;

class HnswlibLinks final : public LinkSource {
 public:
  explicit HnswlibLinks(const Graph& graph) : graph_(graph) {}

  size_t size() const override { return graph_.cur_element_count; }
  GraphNode NodeAt(uint32_t node) const override {
    return {graph_.getExternalLabel(node), RowAt(graph_.getDataByInternalId(node))};
  }
  size_t LevelOf(uint32_t node) const override {
    return static_cast<size_t>(graph_.element_levels_[node]);
  }
  absl::Span<const uint32_t> LinksOf(uint32_t node, size_t level) const override {
    hnswlib::linklistsizeint* list = graph_.get_linklist_at_level(node, static_cast<int>(level));
    return {list + 1, graph_.getListCount(list)};
  }
  uint32_t Entry() const override { return graph_.enterpoint_node_; }

 private:
  const Graph& graph_;
};

// Null if it was cancelled.
std::unique_ptr<Graph> Link(const IndexOptions& options, RowSpace* space,
                            absl::Span<const GraphNode> nodes, absl::FunctionRef<bool()> cancelled,
                            BuiltGraph* built) {
  auto graph = std::make_unique<Graph>(space, nodes.size(), std::max(2, options.m),
                                       std::max(1, options.ef_construction), kSeed);
  CopyCounter copies;
  for (const GraphNode& node : nodes) {
    if (cancelled()) return nullptr;
    if (copies.Count(node.row, options.dimension) > kMaxCopies) {
      built->left_out.push_back(node.id);
    } else {
      graph->addPoint(&node.row, node.id);
    }
  }
  return graph;
}

}  // namespace

BuiltGraph BuildHnswGraph(const IndexOptions& options, absl::Span<const GraphNode> nodes,
                          absl::FunctionRef<bool()> cancelled) {
  BuiltGraph built;
  try {
    RowSpace space(options.dimension);
    std::unique_ptr<Graph> linked = Link(options, &space, nodes, cancelled, &built);
    if (linked == nullptr || linked->cur_element_count == 0) return BuiltGraph();
    const HnswlibLinks links(*linked);
    std::vector<GraphNode> in_graph;
    in_graph.reserve(links.size());
    for (uint32_t node = 0; node < links.size(); ++node) in_graph.push_back(links.NodeAt(node));
    built.graph = std::make_shared<const LinkGraph>(options.dimension, links);
    linked.reset();
    for (const GraphNode& node : in_graph) {
      if (cancelled()) return BuiltGraph();
      (Reaches(*built.graph, options, node) ? built.covered : built.left_out).push_back(node.id);
    }
    return built.covered.empty() ? BuiltGraph() : std::move(built);
  } catch (const std::exception&) {  // no memory, and nothing else that a caller could mend
    return BuiltGraph();
  }
}

}  // namespace semcached
