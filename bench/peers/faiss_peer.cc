// Faiss as Debian packages it: Flat, HNSW and IVF, by inner product.
#include <faiss/IndexFlat.h>
#include <faiss/IndexHNSW.h>
#include <faiss/IndexIVFFlat.h>
#include <omp.h>

#include <cmath>

#include "peers/peer.h"

namespace semcached::peers {
namespace {

class FaissPeer final : public Peer {
 public:
  enum class Form { kFlat, kHnsw, kIvf };
  FaissPeer(Form form, size_t dimension) : form_(form), dimension_(dimension) {
    omp_set_num_threads(1);
  }

  void Build(absl::Span<const Vector> vectors) override {
    std::vector<float> all;
    all.reserve(vectors.size() * dimension_);
    for (const Vector& vector : vectors) all.insert(all.end(), vector.begin(), vector.end());
    const auto count = static_cast<faiss::Index::idx_t>(vectors.size());
    const auto d = static_cast<int>(dimension_);
    if (form_ == Form::kFlat) {
      index_ = std::make_unique<faiss::IndexFlatIP>(d);
    } else if (form_ == Form::kHnsw) {
      auto hnsw = std::make_unique<faiss::IndexHNSWFlat>(d, 16, faiss::METRIC_INNER_PRODUCT);
      hnsw->hnsw.efConstruction = 200;
      index_ = std::move(hnsw);
    } else {
      const auto lists = static_cast<size_t>(4 * std::sqrt(vectors.size()));
      quantizer_ = std::make_unique<faiss::IndexFlatIP>(d);
      index_ = std::make_unique<faiss::IndexIVFFlat>(quantizer_.get(), d, lists,
                                                     faiss::METRIC_INNER_PRODUCT);
      index_->train(count, all.data());
    }
    index_->add(count, all.data());
  }
  Proposals Propose(const Vector& query, float least) override {
    float similarity = -1;
    faiss::Index::idx_t id = -1;
    index_->search(1, query.data(), 1, &similarity, &id);
    if (id < 0 || similarity < least) return {};
    return {static_cast<size_t>(id)};
  }
  void SetEffort(int effort) override {
    if (auto* hnsw = dynamic_cast<faiss::IndexHNSW*>(index_.get())) hnsw->hnsw.efSearch = effort;
    if (auto* ivf = dynamic_cast<faiss::IndexIVF*>(index_.get())) {
      ivf->nprobe = static_cast<size_t>(effort);
    }
  }

 private:
  const Form form_;
  const size_t dimension_;
  std::unique_ptr<faiss::Index> quantizer_;
  std::unique_ptr<faiss::Index> index_;
};

PeerKind Kind(const char* name, FaissPeer::Form form, std::vector<int> efforts, size_t most) {
  return {name, std::move(efforts), most,
          [form](size_t dimension) { return std::make_unique<FaissPeer>(form, dimension); }};
}

const bool registered =
    Register(Kind("faiss Flat", FaissPeer::Form::kFlat, {0}, 200'000)) &&
    Register(Kind("faiss HNSW", FaissPeer::Form::kHnsw, {16, 32, 64, 128, 256}, 200'000)) &&
    Register(Kind("faiss IVF", FaissPeer::Form::kIvf, {4, 16, 64, 256}, 200'000));

}  // namespace
}  // namespace semcached::peers
