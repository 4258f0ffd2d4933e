// What can be asked in a replay: questions by category, each in the words that people used for it.
#ifndef SEMCACHED_REPLAY_QUESTION_BANK_H_
#define SEMCACHED_REPLAY_QUESTION_BANK_H_

#include <absl/status/statusor.h>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "semcached/classify/classifier.h"
#include "semcached/config/category_policy.h"
#include "semcached/embed/embedder.h"

namespace semcached {

// Texts that one answer serves: the truth that hits are judged by.
struct Intent {
  std::string category;  // empty: not known yet
  std::vector<std::string> texts;
};
using Intents = std::vector<Intent>;

// Where texts come from. Empty names are left out.
struct QuestionSources {
  std::string pairs;           // source, label, text_a, text_b: labelled pairs
  std::string own_queries;     // category, group, kind, text: demo/queries.tsv
  std::string near_opposites;  // kind, category, query, opposite, paraphrase
  size_t groups = 5000;        // of labelled pairs: intents of two texts or more, at most
  size_t singles = 5000;       // and of one
  std::string queries;         // source, category, intent, text: queries of public data sets
  // By category: the sources in `queries` whose every text is an intent of its own, each a "source"
  // or a "source/category". At most `rare_each` of a category.
  std::map<std::string, std::vector<std::string>> rare;
  size_t rare_each = 2500;
};

// Of the labelled pairs, those of the data set "qqp" in the reporting half (the last bit of the
// CRC-32 of text_a is 1): nothing shipped was tuned on them. An intent is what label 1 joins,
// directly or through others; of more than wanted, the ones of the smallest hashes are taken, the
// same on every machine. People labelled pairs and not groups, so that two intents may ask the
// same; the tenants of a replay keep most of those apart.
//
// Of the project's own queries, an opposite is an intent of its own.
//
// NotFound, InvalidArgument: names the file, and the line.
absl::StatusOr<Intents> ReadIntents(const QuestionSources& sources);

// The examples of the category files, an intent each: where there is no data set, the rare
// questions.
Intents IntentsOfExamples(const CategoryPolicySet& policies);

// Questions with their vectors. Immutable once made.
struct QuestionBank {
  Intents intents;
  std::map<std::string, std::vector<size_t>> by_category;          // of what may be cached
  std::map<std::string, std::vector<float>, std::less<>> vectors;  // by text

  const std::vector<float>& VectorOf(const std::string& text) const { return vectors.at(text); }
};

// Embeds all texts, and lets the classifier say the category of an intent that has none, by its
// first text: what is not sure goes to the default category. Intents of categories that may not be
// cached, and texts that have no vector, are left out. Errors as of the embedder.
absl::StatusOr<QuestionBank> MakeBank(Intents intents, const CategoryPolicySet& policies,
                                      const Classifier& classifier, Embedder* embedder);

}  // namespace semcached

#endif  // SEMCACHED_REPLAY_QUESTION_BANK_H_
