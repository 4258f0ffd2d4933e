#include "eval/verifier_data.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <map>
#include <utility>

#include "semcached/base/clock.h"
#include "semcached/base/hash.h"
#include "semcached/base/status.h"
#include "semcached/base/tsv.h"

namespace semcached::eval {

std::vector<LabelledPair> Sample(const std::vector<LabelledPair>& pairs, const std::string& source,
                                 size_t limit) {
  std::vector<std::pair<uint64_t, size_t>> order;
  for (size_t i = 0; i < pairs.size(); ++i) {
    if (!absl::StartsWith(pairs[i].source, source)) continue;
    const std::string both = absl::StrCat(pairs[i].text_a, "\t", pairs[i].text_b);
    order.emplace_back(KeyedHash(HashKey{}, both).high, i);
  }
  std::sort(order.begin(), order.end());
  if (order.size() > limit) order.resize(limit);
  std::vector<LabelledPair> sample;
  sample.reserve(order.size());
  for (const auto& [hash, i] : order) sample.push_back(pairs[i]);
  return sample;
}

absl::StatusOr<std::vector<LabelledPair>> ReadDemoPairs(const std::string& file, Half half) {
  std::map<std::string, std::string> bases;
  std::vector<LabelledPair> pairs;
  RETURN_IF_ERROR(ReadTsv(file, 4, [&](const TsvFields& fields) {
    const std::string& group = fields[1];
    if (fields[2] == "base") bases[group] = fields[3];
    if (fields[2] != "paraphrase" && fields[2] != "opposite") return;
    LabelledPair pair{"demo", fields[2] == "paraphrase", bases[group], fields[3]};
    if (!pair.text_a.empty() && IsIn(pair, half)) pairs.push_back(std::move(pair));
  }));
  return pairs;
}

absl::StatusOr<std::vector<VerifyPair>> EmbedPairs(const std::vector<LabelledPair>& pairs,
                                                   const std::string& what, Embedder* embedder) {
  constexpr size_t kStep = 2000;
  std::vector<VerifyPair> embedded;
  embedded.reserve(pairs.size());
  for (size_t begin = 0; begin < pairs.size(); begin += kStep) {
    const size_t end = std::min(begin + kStep, pairs.size());
    std::vector<std::string_view> texts;
    for (size_t i = begin; i < end; ++i) {
      texts.push_back(pairs[i].text_a);
      texts.push_back(pairs[i].text_b);
    }
    ASSIGN_OR_RETURN(std::vector<std::vector<float>> vectors,
                     embedder->Embed(texts, Call(SystemClock())));
    for (size_t i = begin; i < end; ++i) {
      const size_t at = 2 * (i - begin);
      // What the model cannot tell has no vector, and is no pair.
      if (vectors[at].empty() || vectors[at + 1].empty()) continue;
      embedded.push_back({pairs[i].text_a, pairs[i].text_b, std::move(vectors[at]),
                          std::move(vectors[at + 1]), pairs[i].duplicate});
    }
    std::cerr << what << ": " << end << " of " << pairs.size() << " pairs embedded\n";
  }
  return embedded;
}

}  // namespace semcached::eval
