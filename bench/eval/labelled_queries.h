// Queries of public data sets, with the shipped category that each belongs to.
#ifndef SEMCACHED_BENCH_EVAL_LABELLED_QUERIES_H_
#define SEMCACHED_BENCH_EVAL_LABELLED_QUERIES_H_

#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace semcached::eval {

// In `expected`: right in any category but a private one.
inline constexpr std::string_view kCacheable = "cacheable";

struct LabelledQuery {
  std::string text;
  std::string source;
  std::vector<std::string> expected;  // any of them is right; the first counts the row
  uint64_t hash = 0;                  // of the text
};

// One line of labels.tsv, whose head says what the columns mean.
struct Label {
  std::string source;
  std::string category;
  std::string intent;
  std::vector<std::string> expected;  // empty: left out
};

struct Sample {
  std::vector<LabelledQuery> queries;
  size_t read = 0;        // rows of the files, less repeated texts
  size_t left_out = 0;    // by a label
  size_t unlabelled = 0;  // no label matches
};

// NotFound, InvalidArgument: names the file, and the line.
absl::StatusOr<std::vector<Label>> ReadLabels(const std::string& file);

// Reads queries.tsv and volatile.tsv (if it is there) under `directory`. Of each source and
// expectation the `limit` texts of the smallest hashes are taken: the same ones on every machine.
absl::StatusOr<Sample> ReadDataSets(const std::string& directory, const std::vector<Label>& labels,
                                    size_t limit);

// Reads the project's own queries (demo/queries.tsv).
absl::StatusOr<Sample> ReadDemo(const std::string& file, const std::vector<Label>& labels);

}  // namespace semcached::eval

#endif  // SEMCACHED_BENCH_EVAL_LABELLED_QUERIES_H_
