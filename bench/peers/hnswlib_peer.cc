// Bare hnswlib, compiled for this processor, with the parameters of the bars.
//
// 0.6.2 does not link twice, and the index has it, too: here all of its names are others.
#if defined(__SANITIZE_ADDRESS__)
#define NO_MANUAL_VECTORIZATION  // its prefetching reads behind a list
#endif
#define hnswlib hnswlib_native
#define cpuid hnswlib_native_cpuid
#define xgetbv hnswlib_native_xgetbv
#define AVXCapable HnswlibNativeAvxCapable
#define AVX512Capable HnswlibNativeAvx512Capable
#include <hnswlib/hnswlib.h>
#undef hnswlib
#undef cpuid
#undef xgetbv
#undef AVXCapable
#undef AVX512Capable

#include "peers/peer.h"

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
  using Graph = hnswlib_native::HierarchicalNSW<float>;
  hnswlib_native::InnerProductSpace space_;
  std::unique_ptr<Graph> graph_;
};

const bool registered =
    Register({"hnswlib", {16, 32, 64, 128, 256}, 1'000'000, [](size_t dimension) {
                return std::make_unique<HnswlibPeer>(dimension);
              }});

}  // namespace
}  // namespace semcached::peers
