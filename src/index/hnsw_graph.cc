#include "index/hnsw_graph.h"

#include "semcached/base/sanitizer.h"
#ifdef SEMCACHED_ADDRESS_SANITIZER
// hnswlib prefetches the neighbour behind the last one, and reads its number for that: up to three
// bytes behind an upper list, inside what malloc gave, and more than AddressSanitizer allows.
#define NO_MANUAL_VECTORIZATION
#endif
#include <absl/container/flat_hash_map.h>
#include <absl/hash/hash.h>
#include <hnswlib/hnswlib.h>  // in this file only: 0.6.2 does not link twice

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <new>
#include <string_view>
#include <utility>

#include "index/compact_vector.h"
#include "index/remaining_links.h"

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

// Makes `links` the nodes of `graph`, which is empty and has room for them, as if it had linked
// them itself. Stops where it is cancelled.
void Adopt(const LinkSource& links, absl::FunctionRef<bool()> cancelled, Graph* graph) {
  for (uint32_t node = 0; node < links.size() && !cancelled(); ++node) {
    const GraphNode of = links.NodeAt(node);
    const size_t levels = links.LevelOf(node);
    if (levels > 0) {  // and a byte behind, as hnswlib makes it, which its prefetch reads
      void* const lists = calloc(1, levels * graph->size_links_per_element_ + 1);
      if (lists == nullptr) throw std::bad_alloc();
      graph->linkLists_[node] = static_cast<char*>(lists);
    }
    graph->element_levels_[node] = static_cast<int>(levels);
    graph->cur_element_count = node + 1;  // from here on it frees the lists
    std::memset(graph->get_linklist0(node), 0, graph->size_data_per_element_);
    graph->setExternalLabel(node, of.id);
    std::memcpy(graph->getDataByInternalId(node), &of.row, sizeof(of.row));
    graph->label_lookup_[of.id] = node;
    for (size_t level = 0; level <= levels; ++level) {
      const absl::Span<const uint32_t> from = links.LinksOf(node, level);
      const size_t count = std::min(from.size(), level == 0 ? graph->maxM0_ : graph->maxM_);
      hnswlib::linklistsizeint* to = graph->get_linklist_at_level(node, static_cast<int>(level));
      graph->setListCount(to, static_cast<uint16_t>(count));
      std::copy_n(from.begin(), count, to + 1);
    }
  }
  graph->enterpoint_node_ = links.Entry();
  graph->maxlevel_ = graph->element_levels_[links.Entry()];
}

// Into `graph`, which is empty. Does nothing if too little of `earlier` is left.
void AdoptEarlier(absl::Span<const GraphNode> nodes, const EarlierGraph& earlier,
                  absl::FunctionRef<bool()> cancelled, Graph* graph) {
  const RemainingLinks left(*earlier.graph, nodes.first(earlier.covered), graph->maxM_);
  if (!left.IsEnough()) return;
  Adopt(left, cancelled, graph);
  // Other dice each time: else all that ever comes would have the levels of one draw of a few.
  graph->level_generator_.seed(kSeed + nodes.back().id);
}

struct Linked {
  std::unique_ptr<Graph> graph;  // null: cancelled
  size_t adopted = 0;            // of its nodes
  std::vector<EntryId> copies;   // of vectors that are in it often enough
};

Linked Link(const IndexOptions& options, RowSpace* space, absl::Span<const GraphNode> nodes,
            const EarlierGraph& earlier, absl::FunctionRef<bool()> cancelled) {
  Linked linked;
  auto graph = std::make_unique<Graph>(space, nodes.size(), std::max(2, options.m),
                                       std::max(1, options.ef_construction), kSeed);
  if (earlier.graph != nullptr) AdoptEarlier(nodes, earlier, cancelled, graph.get());
  linked.adopted = graph->cur_element_count;
  CopyCounter copies;
  for (uint32_t node = 0; node < linked.adopted; ++node) {
    copies.Count(RowAt(graph->getDataByInternalId(node)), options.dimension);
  }
  for (const GraphNode& node : nodes) {
    if (cancelled()) return linked;
    if (graph->label_lookup_.contains(node.id)) continue;  // adopted
    if (copies.Count(node.row, options.dimension) > kMaxCopies) {
      linked.copies.push_back(node.id);
    } else {
      graph->addPoint(&node.row, node.id);
    }
  }
  linked.graph = std::move(graph);
  return linked;
}

// Null if it was cancelled, or for want of memory, or if what was linked into `earlier` falls
// apart.
BuiltGraph Build(const IndexOptions& options, absl::Span<const GraphNode> nodes,
                 const EarlierGraph& earlier, absl::FunctionRef<bool()> cancelled) {
  try {
    RowSpace space(options.dimension);
    const Linked linked = Link(options, &space, nodes, earlier, cancelled);
    if (linked.graph == nullptr || linked.graph->cur_element_count == 0) return BuiltGraph();
    BuiltGraph built = FinishGraph(options, HnswlibLinks(*linked.graph), cancelled);
    if (built.covered.empty()) return BuiltGraph();
    if (earlier.graph != nullptr && FallsApart(built)) return BuiltGraph();
    built.left_out.insert(built.left_out.end(), linked.copies.begin(), linked.copies.end());
    const size_t before = earlier.graph == nullptr ? 0 : earlier.graph->size();
    built.changed = before + linked.graph->cur_element_count - 2 * linked.adopted;
    return built;
  } catch (const std::exception&) {  // no memory, and nothing else that a caller could mend
    return BuiltGraph();
  }
}

}  // namespace

BuiltGraph BuildHnswGraph(const IndexOptions& options, absl::Span<const GraphNode> nodes,
                          const EarlierGraph& earlier, absl::FunctionRef<bool()> cancelled) {
  BuiltGraph built = Build(options, nodes, earlier, cancelled);
  if (built.graph != nullptr || earlier.graph == nullptr || cancelled()) return built;
  return Build(options, nodes, EarlierGraph(), cancelled);
}

}  // namespace semcached
