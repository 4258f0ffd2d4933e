// Bare hnswlib, compiled for this processor, with the parameters of the bars.
#include "semcached/base/sanitizer.h"
#ifdef SEMCACHED_ADDRESS_SANITIZER
#define NO_MANUAL_VECTORIZATION  // its prefetching reads behind a list
#endif
#include <hnswlib/hnswlib.h>

#include "peers/hnswlib_peer.h"

namespace semcached::peers {
namespace {

constexpr size_t kM = 16;
constexpr size_t kEfConstruction = 200;

class HnswlibPeer final : public Peer {
 public:
  explicit HnswlibPeer(size_t dimension) : space_(dimension) {}

  void Build(absl::Span<const Vector> vectors) override {
    // Room for the inserts that are measured.
    graph_ = std::make_unique<Graph>(&space_, vectors.size() + vectors.size() / 10 + 1000, kM,
                                     kEfConstruction);
    for (size_t i = 0; i < vectors.size(); ++i) Insert(i, vectors[i]);
  }
  Proposals Propose(const Vector& query, float least) override {
    const auto found = graph_->searchKnn(query.data(), 1);
    if (found.empty() || 1 - found.top().first < least) return {};
    return {found.top().second};
  }
  bool Insert(size_t id, const Vector& vector) override {
    if (graph_->cur_element_count == graph_->max_elements_) return false;
    graph_->addPoint(vector.data(), id);
    return true;
  }
  bool Erase(size_t id) override {
    graph_->markDelete(id);
    return true;
  }
  void SetEffort(int effort) override { graph_->setEf(static_cast<size_t>(effort)); }

 private:
  using Graph = hnswlib::HierarchicalNSW<float>;
  hnswlib::InnerProductSpace space_;
  std::unique_ptr<Graph> graph_;
};

}  // namespace

std::unique_ptr<Peer> MakeHnswlibPeer(size_t dimension) {
  return std::make_unique<HnswlibPeer>(dimension);
}

}  // namespace semcached::peers
