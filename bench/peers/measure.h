// What one peer costs and finds over one collection.
#ifndef SEMCACHED_BENCH_PEERS_MEASURE_H_
#define SEMCACHED_BENCH_PEERS_MEASURE_H_

#include <memory>
#include <string>
#include <vector>

#include "peers/bench_vectors.h"
#include "peers/peer.h"

namespace semcached::peers {

struct PeerFigures {
  std::string name;
  int effort = 0;     // the least that reaches kWantedRecall; the most, if none does
  double recall = 0;  // share of the hits whose true nearest is among the proposals
  double build_seconds = 0;
  double bytes_per_entry = 0;  // that the allocator gave out
  double insert_micros = -1;   // -1: it cannot
  double erase_micros = -1;
  // One round each: microseconds a query.
  std::vector<double> hit_micros;
  std::vector<double> miss_micros;
};
inline constexpr double kWantedRecall = 0.999;

// Builds all peers of `kinds` that take so many entries, then asks them in turn, `rounds` times, so
// that what else the machine does falls on all alike. One thread. Tells standard error how far it
// is.
std::vector<PeerFigures> Measure(const std::vector<PeerKind>& kinds, const Collection& collection,
                                 int rounds);

// That the allocator has given out.
double AllocatedBytes();

// Share of the hits whose true nearest is among the proposals; the ids of what is stored count from
// `first`.
double Recall(Peer* peer, const Collection& collection, size_t first = 0);
// Microseconds, of one thread that asks one after the other. Of a slow peer fewer are asked.
double MicrosAQuery(Peer* peer, const std::vector<Vector>& queries);

}  // namespace semcached::peers

#endif  // SEMCACHED_BENCH_PEERS_MEASURE_H_
