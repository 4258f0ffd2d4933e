// The vectors that indexes are compared over.
#ifndef SEMCACHED_BENCH_PEERS_BENCH_VECTORS_H_
#define SEMCACHED_BENCH_PEERS_BENCH_VECTORS_H_

#include <absl/status/statusor.h>

#include <string>
#include <vector>

#include "peers/peer.h"

namespace semcached::peers {

inline constexpr size_t kDimension = 384;

struct BenchVectors {
  std::vector<Vector> real;  // in a random order, the same on every machine
  std::string source;        // in words, for the report
};

// Embeddings by the local model of the distinct texts of pairs.tsv and queries.tsv in `data`, up to
// `most`; remembered in `memory_file` over runs. `data` empty: synthetic vectors around topics.
absl::StatusOr<BenchVectors> LoadVectors(const std::string& data, const std::string& model_dir,
                                         const std::string& memory_file, size_t most);

// What is stored and what is asked, of the real ones; where they are too few, made ones: a stored
// or real vector, moved to a cosine of kMadeNear with what it was, of a miss to kMadeFar.
struct Collection {
  std::vector<Vector> stored;
  std::vector<Vector> hits;    // have a stored neighbour at kLeast or above
  std::vector<Vector> misses;  // have none
  std::vector<size_t> nearest_of_hits;
  // How many of those were made; they come last.
  size_t made_stored = 0;
  size_t made_hits = 0;
  size_t made_misses = 0;
};
inline constexpr float kLeast = 0.80F;
inline constexpr double kMadeNear = 0.9;
inline constexpr double kMadeFar = 0.6;
Collection Collect(const BenchVectors& vectors, size_t stored, size_t queries);

// Texts of one template, as "price of item 17", all near to each other: synthetic vectors at a
// mutual cosine of about kTemplateSimilarity, the same for any `cosine`, and hits alone, made from
// a stored one each and moved to `cosine` with it.
inline constexpr double kTemplateSimilarity = 0.97;
Collection CollectTemplate(size_t stored, size_t queries, double cosine);

}  // namespace semcached::peers

#endif  // SEMCACHED_BENCH_PEERS_BENCH_VECTORS_H_
