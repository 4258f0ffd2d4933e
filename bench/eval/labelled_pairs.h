// Pairs of queries that ask the same, or do not, as people judged them.
#ifndef SEMCACHED_BENCH_EVAL_LABELLED_PAIRS_H_
#define SEMCACHED_BENCH_EVAL_LABELLED_PAIRS_H_

#include <absl/status/statusor.h>

#include <string>
#include <vector>

namespace semcached::eval {

struct LabelledPair {
  std::string source;      // the data set, e.g. "qqp"
  bool duplicate = false;  // one answer serves both
  std::string text_a;
  std::string text_b;
};

// What is tuned on is never what is reported on. A pair's half is the last bit of the CRC-32 of its
// text_a, the same on every machine.
enum class Half { kTuning, kReport, kAll };
bool IsIn(const LabelledPair& pair, Half half);

// Reads columns source, label (0 or 1), text_a, text_b below a head line. NotFound,
// InvalidArgument: names the file, and the line.
absl::StatusOr<std::vector<LabelledPair>> ReadPairs(const std::string& file, Half half);

// A query with one that looks alike and needs another answer, and one that asks the same in other
// words: near_opposites.tsv.
struct NearOpposite {
  std::string kind;
  std::string category;
  std::string query;
  std::string opposite;
  std::string paraphrase;
};
absl::StatusOr<std::vector<NearOpposite>> ReadNearOpposites(const std::string& file);

}  // namespace semcached::eval

#endif  // SEMCACHED_BENCH_EVAL_LABELLED_PAIRS_H_
