// Figures of the index alone: what turnover and many scopes do to it.
#ifndef SEMCACHED_BENCH_PEERS_INDEX_SECTIONS_H_
#define SEMCACHED_BENCH_PEERS_INDEX_SECTIONS_H_

#include <vector>

#include "eval/bars.h"
#include "peers/bench_vectors.h"

namespace semcached::peers {

// `quick`: with fewer entries, to see that it works.

// speed.5: ten complete turnovers. Prints a table.
void TurnoverSection(const BenchVectors& vectors, bool quick, std::vector<eval::Bar>* bars);

// speed.6 and speed.9: bytes an entry, an empty index, many small scopes. Prints a table.
void MemorySection(const BenchVectors& vectors, bool quick, std::vector<eval::Bar>* bars);

}  // namespace semcached::peers

#endif  // SEMCACHED_BENCH_PEERS_INDEX_SECTIONS_H_
