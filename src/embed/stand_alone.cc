#include "embed/stand_alone.h"

#include <algorithm>
#include <vector>

namespace semcached {
namespace {

bool StandAlone(SentenceEncoder* encoder, const std::vector<SentenceEncoder::Tokens>& texts) {
  std::vector<const SentenceEncoder::Tokens*> together;
  together.reserve(texts.size());
  for (const SentenceEncoder::Tokens& text : texts) together.push_back(&text);
  const auto vectors = encoder->Encode(together);
  if (!vectors.ok()) return false;
  for (size_t i = 0; i < texts.size(); ++i) {
    const auto alone = encoder->Encode({&together[i], 1});
    if (!alone.ok() || (*alone)[0] != (*vectors)[i]) return false;
  }
  return true;
}

}  // namespace

bool VectorsStandAlone(SentenceEncoder* encoder, int64_t largest_id, size_t max_tokens) {
  struct Lengths {
    size_t count, shortest, longest;
  };
  constexpr Lengths kRuns[] = {{16, 4, 12}, {5, 40, 48}, {2, 120, 128}};
  int64_t id = 0;
  for (const Lengths& run : kRuns) {
    std::vector<SentenceEncoder::Tokens> texts;
    for (size_t i = 0; i < run.count; ++i) {
      const size_t length = run.shortest + (run.longest - run.shortest) * i / (run.count - 1);
      SentenceEncoder::Tokens& text = texts.emplace_back();
      while (text.size() < std::min(length, max_tokens)) {
        id = (id + 7919) % (largest_id + 1);  // tokens of all kinds
        text.push_back(id);
      }
    }
    if (!StandAlone(encoder, texts)) return false;
  }
  return true;
}

}  // namespace semcached
