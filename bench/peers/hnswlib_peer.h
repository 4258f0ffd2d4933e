#ifndef SEMCACHED_BENCH_PEERS_HNSWLIB_PEER_H_
#define SEMCACHED_BENCH_PEERS_HNSWLIB_PEER_H_

#include <memory>

#include "peers/peer.h"

namespace semcached::peers {

// The one name that the library of hnswlib_peer.cc gives away.
std::unique_ptr<Peer> MakeHnswlibPeer(size_t dimension);

}  // namespace semcached::peers

#endif  // SEMCACHED_BENCH_PEERS_HNSWLIB_PEER_H_
