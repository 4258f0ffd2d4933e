// One way of finding near vectors, measured beside others. To add one, add a file NAME_peer.cc that
// registers it.
#ifndef SEMCACHED_BENCH_PEERS_PEER_H_
#define SEMCACHED_BENCH_PEERS_PEER_H_

#include <absl/container/inlined_vector.h>
#include <absl/types/span.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace semcached::peers {

using Vector = std::vector<float>;  // of length 1

// As many as the server asks its index for.
inline constexpr size_t kMostProposals = 8;
using Proposals = absl::InlinedVector<size_t, kMostProposals>;

// Ids count from 0. Not thread-safe: one core is measured.
class Peer {
 public:
  virtual ~Peer() = default;

  // Takes in all of a collection; ids are positions. Called once, first.
  virtual void Build(absl::Span<const Vector> vectors) = 0;
  // What a cache would look at: the nearest stored vector, if its cosine is `least` or more. Up to
  // kMostProposals where similarities are approximate, nearest first.
  virtual Proposals Propose(const Vector& query, float least) = 0;

  // One more, or one less. False: this peer cannot.
  virtual bool Insert(size_t /*id*/, const Vector& /*vector*/) { return false; }
  virtual bool Erase(size_t /*id*/) { return false; }
  // Lets pending work of changes come to an end, as it would in the background.
  virtual void Settle() {}

  // How thoroughly it searches; more is slower and finds more. 0: there is no such choice.
  virtual void SetEffort(int /*effort*/) {}
};

struct PeerKind {
  std::string name;
  std::vector<int> efforts = {0};  // rising
  size_t most_entries = 0;         // beyond, it would take too long; 0: no limit
  std::function<std::unique_ptr<Peer>(size_t dimension)> make;
};

// In the order of their names.
std::vector<PeerKind> AllPeers();

// At namespace scope of a peer's file: const bool registered = Register({...});
bool Register(PeerKind kind);

}  // namespace semcached::peers

#endif  // SEMCACHED_BENCH_PEERS_PEER_H_
