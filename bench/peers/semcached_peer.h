// The index that is in the tree.
#ifndef SEMCACHED_BENCH_PEERS_SEMCACHED_PEER_H_
#define SEMCACHED_BENCH_PEERS_SEMCACHED_PEER_H_

#include <memory>

#include "peers/peer.h"
#include "semcached/index/vector_index.h"
#include "support/manual_executor.h"

namespace semcached::peers {

// Of an index that nobody configures, but for its type.
IndexOptions OptionsOf(IndexType type, size_t dimension);

// Builds of graphs wait for Settle(). All is in one scope, unless a scope is named.
class SemcachedPeer final : public Peer {
 public:
  explicit SemcachedPeer(const IndexOptions& options);

  void Build(absl::Span<const Vector> vectors) override;
  // The breadth of a graph's search is fixed when an index is made: this makes it anew.
  void SetEffort(int effort) override;
  Proposals Propose(const Vector& query, float least) override;
  bool Insert(size_t id, const Vector& vector) override;
  bool Erase(size_t id) override;
  void Settle() override;

  bool InsertInto(const Hash128& scope, size_t id, const Vector& vector);
  Proposals ProposeFrom(const Hash128& scope, const Vector& query, float least) const;
  IndexStats Stats() const { return index_->Stats(); }

 private:
  void Fill();

  IndexOptions options_;
  ManualExecutor builds_;
  absl::Span<const Vector> vectors_;
  std::unique_ptr<VectorIndex> index_;
};

}  // namespace semcached::peers

#endif  // SEMCACHED_BENCH_PEERS_SEMCACHED_PEER_H_
