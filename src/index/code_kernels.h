// The inner loops of a search, as fast as the processor can.
#ifndef SEMCACHED_SRC_INDEX_CODE_KERNELS_H_
#define SEMCACHED_SRC_INDEX_CODE_KERNELS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace semcached {

// Sign bits lie in blocks of eight vectors: the first word of each, then the second of each, ...
inline constexpr size_t kBlockVectors = 8;

// A vector whose bits differ from the query's in few places.
struct CodeMatch {
  uint32_t position;  // of the vector, counted from the first block
  uint32_t distance;  // bits that differ

  friend bool operator==(const CodeMatch&, const CodeMatch&) = default;
};

// In integers, or in floats without a sum, so that every kernel gives the same results.
struct CodeKernels {
  const char* name;

  // A scan of more vectors takes longer than a graph, by much; see docs/performance.md.
  size_t auto_graph_min_entries;

  // Writes the vectors of `count` blocks of `words` words a vector, 511 at most, that differ from
  // `query` in less than `below` bits to `out`, which has room for all; by position. Returns how
  // many.
  size_t (*match)(const uint64_t* blocks, size_t count, const uint64_t* query, size_t words,
                  uint32_t below, CodeMatch* out);

  // How many bits of `words` words differ.
  uint32_t (*differ)(const uint64_t* a, const uint64_t* b, size_t words);

  // Inner products, of any alignment. The magnitudes of `a` are below 2^11 in the first.
  int32_t (*dot_short)(const int16_t* a, const int8_t* b, size_t size);
  int32_t (*dot_byte)(const int8_t* a, const int8_t* b, size_t size);

  // Writes a bit a component to `out`, 64 a word and the rest of the last one 0: set where `vector`
  // (the second: `scale` times a code) is not below `centre`.
  void (*signs_float)(const float* vector, const float* centre, size_t size, uint64_t* out);
  void (*signs_byte)(const int8_t* codes, float scale, const float* centre, size_t size,
                     uint64_t* out);
};

// Those that this processor can run, slowest first; the first is portable.
std::vector<CodeKernels> SupportedCodeKernels();

// The fastest of them, chosen at the first call. Thread-safe.
const CodeKernels& ActiveCodeKernels();

}  // namespace semcached

#endif  // SEMCACHED_SRC_INDEX_CODE_KERNELS_H_
