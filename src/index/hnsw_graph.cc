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
#include <mutex>
#include <string_view>
#include <utility>

#include "index/compact_vector.h"

namespace semcached {
namespace {

constexpr size_t kSeed = 100;
constexpr size_t kMaxCopies = 8;

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

// Only adding uses these; in 0.6.2 the mutexes are 3.1 MB of every graph. Other versions may call
// them otherwise, and then keep them.
template <typename G>
void ReleaseBuildState(G* graph) {
  if constexpr (requires { std::vector<std::mutex>().swap(graph->link_list_update_locks_); }) {
    std::vector<std::mutex>().swap(graph->link_list_update_locks_);
  }
  if constexpr (requires { std::vector<std::mutex>().swap(graph->label_op_locks_); }) {
    std::vector<std::mutex>().swap(graph->label_op_locks_);
  }
  if constexpr (requires { std::vector<std::mutex>().swap(graph->link_list_locks_); }) {
    std::vector<std::mutex>().swap(graph->link_list_locks_);
  }
  if constexpr (requires { decltype(graph->label_lookup_)().swap(graph->label_lookup_); }) {
    decltype(graph->label_lookup_)().swap(graph->label_lookup_);
  }
}

}  // namespace

struct HnswGraph::Impl {
  Impl(const IndexOptions& options, size_t capacity)
      : space(options.dimension),
        graph(&space, capacity, std::max(2, options.m), std::max(1, options.ef_construction),
              kSeed) {
    graph.setEf(std::max(1, options.ef_search));
  }

  // Among its copies, and what rounding has made nearer than itself.
  bool Reaches(size_t node) const {
    const auto number = static_cast<hnswlib::tableint>(node);
    const RowPointer row = RowAt(graph.getDataByInternalId(number));
    const EntryId id = graph.getExternalLabel(number);
    for (auto found = graph.searchKnn(&row, 2 * kMaxCopies); !found.empty(); found.pop()) {
      if (found.top().second == id) return true;
    }
    return false;
  }

  RowSpace space;
  Graph graph;
};

HnswGraph::HnswGraph(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HnswGraph::~HnswGraph() = default;

BuiltGraph HnswGraph::Build(const IndexOptions& options, absl::Span<const GraphNode> nodes,
                            absl::FunctionRef<bool()> cancelled) {
  BuiltGraph built;
  try {
    auto impl = std::make_unique<Impl>(options, nodes.size());
    CopyCounter copies;
    for (const GraphNode& node : nodes) {
      if (cancelled()) return BuiltGraph();
      if (copies.Count(node.row, options.dimension) > kMaxCopies) {
        built.left_out.push_back(node.id);
      } else {
        impl->graph.addPoint(&node.row, node.id);
      }
    }
    ReleaseBuildState(&impl->graph);
    for (size_t node = 0; node < impl->graph.cur_element_count; ++node) {
      if (cancelled()) return BuiltGraph();
      const EntryId id = impl->graph.getExternalLabel(static_cast<hnswlib::tableint>(node));
      (impl->Reaches(node) ? built.covered : built.left_out).push_back(id);
    }
    if (built.covered.empty()) return BuiltGraph();
    built.graph.reset(new HnswGraph(std::move(impl)));
    return built;
  } catch (const std::exception&) {  // no memory, and nothing else that a caller could mend
    return BuiltGraph();
  }
}

std::vector<Candidate> HnswGraph::Search(const std::byte* query, size_t count) const {
  try {
    auto queue = impl_->graph.searchKnn(&query, count);
    std::vector<Candidate> found(queue.size());
    for (size_t i = found.size(); i > 0; queue.pop()) {  // the farthest comes first
      found[--i] = {queue.top().second, 1.0F - queue.top().first};
    }
    return found;
  } catch (const std::exception&) {
    return {};
  }
}

size_t HnswGraph::size() const { return impl_->graph.cur_element_count; }

size_t HnswGraph::MemoryBytes() const {
  const Graph& graph = impl_->graph;
  size_t upper_levels = 0;
  for (const int level : graph.element_levels_) upper_levels += static_cast<size_t>(level);
  // The last term is hnswlib's list of visited nodes, one for each search that runs at a time.
  return sizeof(Impl) + upper_levels * graph.size_links_per_element_ +
         graph.max_elements_ * (graph.size_data_per_element_ + sizeof(char*) + sizeof(int) +
                                sizeof(hnswlib::vl_type));
}

}  // namespace semcached
