// A stream of lookups against a filled cache, of which the truth of every hit is known.
#ifndef SEMCACHED_BENCH_EVAL_BUDGET_STREAM_H_
#define SEMCACHED_BENCH_EVAL_BUDGET_STREAM_H_

#include <absl/status/statusor.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "eval/labelled_pairs.h"
#include "semcached/embed/embedder.h"

namespace semcached::eval {

struct Neighbour {
  float similarity = 0;
  size_t text = 0;
};

// Texts, and what asks the same: two texts of one group are answered by one answer.
struct QuestionSet {
  std::vector<std::string> texts;
  std::vector<size_t> group_of;                    // by text
  std::vector<std::vector<size_t>> groups;         // by group: its texts; two or more first
  size_t shared_groups = 0;                        // groups of two texts or more
  std::vector<std::pair<size_t, size_t>> unlike;   // label-0 pairs of single texts
  std::vector<size_t> single;                      // texts that nobody asks in other words
  std::vector<std::vector<float>> vectors;         // by text
  std::vector<std::vector<Neighbour>> neighbours;  // by text: nearest first
};

// How much of each kind a set holds at most.
struct QuestionLimits {
  size_t unlike_pairs = 750;
  size_t single_texts = 10000;
};

// Groups are the closure of label 1. Of what is left, the pairs and texts of the smallest hashes
// are taken, the same ones on every machine.
QuestionSet GroupPairs(const std::vector<LabelledPair>& pairs, const QuestionLimits& limits);

// The project's own queries (columns category, group, kind, text): small, and needs no data.
absl::StatusOr<QuestionSet> GroupDemo(const std::string& file);

// Fills `vectors`. Progress goes to stderr.
absl::Status EmbedQuestions(Embedder* embedder, QuestionSet* questions);

// Below this nothing is looked at: no threshold of the evaluation is lower.
inline constexpr float kLeastSimilarity = 0.7F;

// Fills `neighbours`: of each text, all from kLeastSimilarity on, nearest first, by
// comparing all with all.
void FindNeighbours(QuestionSet* questions);

// What one lookup finds: its nearest entry.
struct Lookup {
  float similarity = 0;
  bool right = false;  // the entry is of the lookup's own group
  size_t entry = 0;    // the text that is cached
  size_t text = 0;     // the text that is looked up
};

// Groups are dealt to `scopes` scopes, which share nothing but the category, as tenants do. In
// each, a random half of a group's texts is cached and the other half looked up; of each unlike
// pair, one text is cached and the other looked up. Single texts, and kStrangers texts of other
// scopes' groups for each text that is looked up for its own, are looked up in vain. There are two
// rounds: in the second, halves and sides trade places. Lookups come in random order. Nothing is
// inserted on a miss, so what a lookup finds does not depend on the threshold.
//
// Why scopes: people labelled pairs, not groups, so the same question stands in several groups, and
// a hit across them counts as false although it is right. The share of those grows with the number
// of groups that one cache holds.
inline constexpr double kStrangers = 0.5;
struct Stream {
  std::vector<Lookup> lookups;
  size_t entries = 0;  // of a round, all scopes
  size_t related = 0;  // lookups with an entry of their own group
};
Stream MakeStream(const QuestionSet& questions, size_t scopes, uint64_t seed);

}  // namespace semcached::eval

#endif  // SEMCACHED_BENCH_EVAL_BUDGET_STREAM_H_
