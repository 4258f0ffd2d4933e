#include "peers/peer.h"

#include <algorithm>
#include <utility>

namespace semcached::peers {
namespace {

std::vector<PeerKind>& Kinds() {
  static std::vector<PeerKind> kinds;
  return kinds;
}

}  // namespace

std::vector<PeerKind> AllPeers() {
  std::vector<PeerKind> kinds = Kinds();
  std::sort(kinds.begin(), kinds.end(),
            [](const PeerKind& a, const PeerKind& b) { return a.name < b.name; });
  return kinds;
}

bool Register(PeerKind kind) {
  Kinds().push_back(std::move(kind));
  return true;
}

}  // namespace semcached::peers
