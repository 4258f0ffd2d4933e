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
// `most`; remembered in `memory_file` over runs. `data` empty: synthetic vectors, topics and
// paraphrases of them.
absl::StatusOr<BenchVectors> LoadVectors(const std::string& data, const std::string& model_dir,
                                         const std::string& memory_file, size_t most);

// What is stored and what is asked, of the real ones; where they are too few, of copies that are
// moved a little, to a cosine of about 0.9 with what they are copies of.
struct Collection {
  std::vector<Vector> stored;
  std::vector<Vector> hits;    // have a stored neighbour at kLeast or above
  std::vector<Vector> misses;  // have none
  std::vector<size_t> nearest_of_hits;
  bool jittered = false;
};
inline constexpr float kLeast = 0.80F;
Collection Collect(const BenchVectors& vectors, size_t stored, size_t queries);

}  // namespace semcached::peers

#endif  // SEMCACHED_BENCH_PEERS_BENCH_VECTORS_H_
