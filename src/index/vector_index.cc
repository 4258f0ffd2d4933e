#include "semcached/index/vector_index.h"

#include "index/index_state.h"

namespace semcached {
namespace {

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
  IndexStats Stats() const override { return state_->Stats(); }
  void Maintain() override { state_->Maintain(); }

 private:
  const std::shared_ptr<IndexState> state_;
};

}  // namespace

std::unique_ptr<VectorIndex> MakeVectorIndex(const IndexOptions& options, Executor* executor) {
  return std::make_unique<ScopedIndex>(options, executor);
}

// Both cost in proportion to the dimension, so where they cross does not depend on it.
size_t AutoGraphMinEntries(size_t /*dimension*/) { return 4'000; }

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
