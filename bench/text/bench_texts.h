// The texts that are looked up.
#ifndef SEMCACHED_BENCH_TEXT_BENCH_TEXTS_H_
#define SEMCACHED_BENCH_TEXT_BENCH_TEXTS_H_

#include <absl/status/statusor.h>

#include <cstddef>
#include <string>
#include <vector>

#include "embed/wordpiece.h"

namespace semcached::text {

// Longer ones have no vector under the server's defaults.
inline constexpr size_t kMostTokens = 256;

struct BenchTexts {
  std::vector<std::string> texts;  // all different, in a random order, the same on every machine
  std::string source;              // in words, for the report
  size_t made = 0;                 // of them, for want of others
  double mean_tokens = 0;          // with [CLS] and [SEP]
};

// `count` texts that the model can embed: of queries.tsv in `data`, or of the project's own `demo`
// file if `data` is empty; where there are too few, with a number before each. NotFound,
// InvalidArgument: names the file.
absl::StatusOr<BenchTexts> ReadBenchTexts(const std::string& data, const std::string& demo,
                                          const WordPiece& tokenizer, size_t count);

}  // namespace semcached::text

#endif  // SEMCACHED_BENCH_TEXT_BENCH_TEXTS_H_
