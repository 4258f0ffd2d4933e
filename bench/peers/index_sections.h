// Figures of what is in the tree alone: what turnover, size and many scopes do to the index, what
// an empty category costs; and what all find among vectors that lie close together. Each prints a
// table.
#ifndef SEMCACHED_BENCH_PEERS_INDEX_SECTIONS_H_
#define SEMCACHED_BENCH_PEERS_INDEX_SECTIONS_H_

#include <map>
#include <string>
#include <vector>

#include "eval/bars.h"
#include "peers/bench_vectors.h"

namespace semcached::peers {

// `quick`: with fewer entries, to see that it works. Tables and bars name what was measured.

// speed.3: recall of every peer among the texts of one template.
void TemplateSection(bool quick, size_t queries, std::vector<eval::Bar>* bars);

// speed.5: ten complete turnovers, the oldest entry replaced or a newest one coming and going.
void TurnoverSection(const BenchVectors& vectors, bool quick, std::vector<eval::Bar>* bars);

// speed.6 and speed.9: bytes an entry, an empty index, many small scopes.
void MemorySection(const BenchVectors& vectors, bool quick, std::vector<eval::Bar>* bars);

// speed.9: bytes of an empty category, in the cache and in what stands around it.
void EmptyCategorySection(bool quick, std::vector<eval::Bar>* bars);

// What a hit, a miss, an insert and an entry cost, by the number of entries and of scopes: tables,
// and the same drawn, SVG by file name. `shown`: the report shows them, as files beside its page.
std::map<std::string, std::string> CurvesSection(const BenchVectors& vectors, bool quick,
                                                 bool shown);

}  // namespace semcached::peers

#endif  // SEMCACHED_BENCH_PEERS_INDEX_SECTIONS_H_
