// The index that is in the tree, of each type.
#include <string>
#include <utility>
#include <vector>

#include "peers/peer.h"
#include "semcached/index/vector_index.h"
#include "support/manual_executor.h"

namespace semcached::peers {
namespace {

class SemcachedPeer final : public Peer {
 public:
  SemcachedPeer(IndexType type, size_t dimension) {
    options_.type = type;
    options_.dimension = dimension;
  }

  void Build(absl::Span<const Vector> vectors) override {
    vectors_ = vectors;
    Fill();
  }
  // The breadth of a graph's search is fixed when an index is made.
  void SetEffort(int effort) override {
    if (effort == 0 || effort == options_.ef_search) return;
    options_.ef_search = effort;
    if (index_ != nullptr) Fill();
  }
  Proposals Propose(const Vector& query, float least) override {
    Proposals proposals;
    for (const Candidate& one : index_->Search(kScope, query, least, kMostProposals).candidates) {
      proposals.push_back(one.id - 1);
    }
    return proposals;
  }
  bool Insert(size_t id, const Vector& vector) override {
    return index_->Insert(id + 1, kScope, vector).ok();
  }
  bool Erase(size_t id) override { return index_->Erase(id + 1); }
  void Settle() override {
    index_->Maintain();
    builds_.RunAll();
  }

 private:
  static constexpr Hash128 kScope{1, 2};

  void Fill() {
    index_ = MakeVectorIndex(options_, &builds_);
    for (size_t i = 0; i < vectors_.size(); ++i) Insert(i, vectors_[i]);
    Settle();
  }

  IndexOptions options_;
  ManualExecutor builds_;
  absl::Span<const Vector> vectors_;
  std::unique_ptr<VectorIndex> index_;
};

PeerKind Kind(IndexType type, std::vector<int> efforts) {
  return {std::string("semcached ") + Name(type), std::move(efforts), 0,
          [type](size_t dimension) { return std::make_unique<SemcachedPeer>(type, dimension); }};
}

const bool registered = Register(Kind(IndexType::kAuto, {64})) &&
                        Register(Kind(IndexType::kFlat, {0})) &&
                        Register(Kind(IndexType::kHnsw, {64}));

}  // namespace
}  // namespace semcached::peers
