// Which labelled pairs an evaluation asks about.
#ifndef SEMCACHED_BENCH_EVAL_PAIR_SETS_H_
#define SEMCACHED_BENCH_EVAL_PAIR_SETS_H_

#include <absl/status/statusor.h>

#include <cstddef>
#include <string>
#include <vector>

#include "eval/judged_pair.h"

namespace semcached::eval {

// Names of sources, as reports write them. The parts of one data set are one source.
inline constexpr char kOpposites[] = "near-opposites";
inline constexpr char kDemo[] = "demo";
std::string SourceOf(const std::string& part);
// The category that a source's pairs are asked in; empty: where the server classifies text_a to.
std::string CategoryOf(const std::string& source);

// Of pairs.tsv, of each source and half the `limit` pairs of the smallest hashes: the same ones on
// every machine.
absl::StatusOr<std::vector<JudgedPair>> DataPairs(const std::string& file, size_t limit);

// Of demo/queries.tsv: a base with each of its paraphrases and opposites.
absl::StatusOr<std::vector<JudgedPair>> DemoPairs(const std::string& file);

// A pair with the opposite and one with the paraphrase a row, in this order.
std::vector<JudgedPair> OppositePairs(const std::vector<NearOpposite>& rows);

}  // namespace semcached::eval

#endif  // SEMCACHED_BENCH_EVAL_PAIR_SETS_H_
