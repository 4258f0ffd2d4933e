// Every vector is compared, in floats: exact.
#include "peers/peer.h"
#include "semcached/base/dot_kernel.h"

namespace semcached::peers {
namespace {

class LinearPeer final : public Peer {
 public:
  explicit LinearPeer(size_t dimension) : dimension_(dimension) {}

  void Build(absl::Span<const Vector> vectors) override {
    for (size_t i = 0; i < vectors.size(); ++i) Insert(i, vectors[i]);
  }
  Proposals Propose(const Vector& query, float least) override {
    Proposals nearest;
    for (size_t i = 0; i < ids_.size(); ++i) {
      const float similarity = dot_(values_.data() + i * dimension_, query.data(), dimension_);
      if (similarity < least) continue;
      least = similarity;
      nearest.assign(1, ids_[i]);
    }
    return nearest;
  }
  bool Insert(size_t id, const Vector& vector) override {
    ids_.push_back(id);
    values_.insert(values_.end(), vector.begin(), vector.end());
    return true;
  }

 private:
  const size_t dimension_;
  const DotKernel dot_ = ActiveDotKernel();
  std::vector<size_t> ids_;
  std::vector<float> values_;
};

const bool registered = Register({"linear scan, float", {0}, 200'000, [](size_t dimension) {
                                    return std::make_unique<LinearPeer>(dimension);
                                  }});

}  // namespace
}  // namespace semcached::peers
