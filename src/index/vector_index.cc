#include "semcached/index/vector_index.h"

#include <limits>

#include "index/code_kernels.h"
#include "index/compact_vector.h"
#include "index/index_state.h"

namespace semcached {
namespace {

// A scan of 1,000 takes half the time of a graph, and no memory for one (docs/performance.md).
constexpr size_t kHnswMinEntries = 2'000;

class ScopedIndex final : public VectorIndex {
 public:
  ScopedIndex(const IndexOptions& options, Executor* executor)
      : state_(std::make_shared<IndexState>(options, executor)) {}

  absl::Status Insert(EntryId id, const Hash128& scope, absl::Span<const float> vector) override {
    return state_->Insert(id, scope, vector);
  }
  bool Erase(EntryId id) override { return state_->Erase(id); }
  SearchResult Search(const Hash128& scope, absl::Span<const float> query, float min_similarity,
                      size_t limit) const override {
    return state_->Search(scope, query, min_similarity, limit);
  }
  bool Contains(EntryId id) const override { return state_->Contains(id); }
  bool Holds(EntryId id, const Hash128& scope, absl::Span<const float> vector) const override {
    return state_->Holds(id, scope, vector);
  }
  IndexStats Stats() const override { return state_->Stats(); }
  void Maintain() override { state_->Maintain(); }

 private:
  const std::shared_ptr<IndexState> state_;
};

}  // namespace

std::unique_ptr<VectorIndex> MakeVectorIndex(const IndexOptions& options, Executor* executor) {
  return std::make_unique<ScopedIndex>(options, executor);
}

size_t IndexBytesPerEntry(const IndexOptions& options) {
  // A hash slot at its usual load, and what says where the entry is.
  constexpr size_t kPlaces = 50 + sizeof(Member);
  const size_t entry = CompactBytes(options.dimension) + options.dimension / 8 + kPlaces;
  if (options.type == IndexType::kFlat) return entry;
  // A node of a graph: what LinkGraph keeps of it, its signs anew, and its id.
  const size_t signs = (options.dimension + 63) / 64 * sizeof(uint64_t);
  const size_t node = 2 * sizeof(uint64_t) + signs + sizeof(EntryId);
  // Lists of texts' vectors are three quarters full. An entry of level l has such lists on l levels
  // above the first, and a share of 1/m reaches each.
  const size_t links = (2 * static_cast<size_t>(options.m) * 3 / 4 + 4) * sizeof(uint32_t);
  return entry + node + links;
}

size_t GraphMinEntries(const IndexOptions& options) {
  switch (options.type) {
    case IndexType::kFlat:
      break;
    case IndexType::kHnsw:
      return options.graph_min_entries.value_or(kHnswMinEntries);
    case IndexType::kAuto:
      // Both cost in proportion to the dimension, so where they cross does not depend on it.
      return options.graph_min_entries.value_or(ActiveCodeKernels().auto_graph_min_entries);
  }
  return std::numeric_limits<size_t>::max();
}

const char* Name(IndexStructure value) {
  switch (value) {
    case IndexStructure::kNone:
      return "none";
    case IndexStructure::kScan:
      return "scan";
    case IndexStructure::kGraph:
      return "graph";
    case IndexStructure::kGraphAndScan:
      return "graph_and_scan";
  }
  return "unknown";
}

}  // namespace semcached
