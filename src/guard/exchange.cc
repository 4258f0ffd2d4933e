#include "guard/exchange.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "guard/roles_data.h"
#include "guard/word_filter.h"

namespace semcached::guard {
namespace {

static_assert(std::is_sorted(std::begin(kExchangingVerbs), std::end(kExchangingVerbs)));

// What one text takes out, and what it puts there; nullptr: nothing.
struct Exchange {
  const Word* verb = nullptr;
  const Word* out = nullptr;
  const Word* in = nullptr;
};

bool IsExchangingVerb(const Token& token) {
  static const auto* filter = new WordFilter(kExchangingVerbs);  // never destroyed
  return filter->MayHave(token.key) &&
         std::binary_search(std::begin(kExchangingVerbs), std::end(kExchangingVerbs), token.text);
}

bool LeadsToOther(std::string_view word) {
  return word == "with" || word == "for" || word == "by" || word == "to" || word == "into";
}

// The first thing that is named from `begin` on, within a few words; the size of `words` if none
// is.
size_t FindThing(const Words& words, size_t begin) {
  constexpr size_t kReach = 5;
  for (size_t i = begin; i < std::min(begin + kReach, words.size()); ++i) {
    const bool digits = absl::ascii_isdigit(static_cast<unsigned char>(words[i].text[0]));
    if (!words[i].filler && !digits) return i;
  }
  return words.size();
}

// "use oil in place of butter", "use oil instead of butter".
Exchange FindUse(const Words& words) {
  constexpr size_t kReach = 6;
  const auto verb = std::find_if(words.begin(), words.end(), [](const Word& word) {
    return word.text == "use" || word.text == "using" || word.text == "used";
  });
  if (verb == words.end()) return {};
  const size_t in = FindThing(words, static_cast<size_t>(verb - words.begin()) + 1);
  for (size_t i = in + 1; i + 1 < std::min(in + kReach, words.size()); ++i) {
    const bool instead = words[i].text == "instead" || words[i].text == "place";
    if (!instead || words[i + 1].text != "of") continue;
    const size_t out = FindThing(words, i + 2);
    return out == words.size() ? Exchange() : Exchange{&*verb, &words[out], &words[in]};
  }
  return {};
}

Exchange FindExchange(const Prepared& text) {
  constexpr size_t kReach = 6;
  const Words& words = text.words;
  const Tokens tokens = text.text.tokens();
  const auto verb = std::find_if(words.begin(), words.end(), [&](const Word& word) {
    return IsExchangingVerb(tokens[word.token]);
  });
  if (verb == words.end()) return {};
  const size_t first = FindThing(words, static_cast<size_t>(verb - words.begin()) + 1);
  for (size_t i = first + 1; i < std::min(first + kReach, words.size()); ++i) {
    if (!LeadsToOther(words[i].text)) continue;
    const size_t second = FindThing(words, i + 1);
    if (second == words.size()) return {};
    // "substitute oil for butter" takes butter out.
    const bool turned = verb->text.starts_with("substitut") && words[i].text == "for";
    return {&*verb, &words[turned ? second : first], &words[turned ? first : second]};
  }
  return {};
}

}  // namespace

std::optional<std::pair<std::string_view, std::string_view>> FindTurnedExchange(const Prepared& a,
                                                                                const Prepared& b) {
  const Exchange left = FindExchange(a);
  if (left.verb == nullptr) return std::nullopt;
  const Exchange right = FindExchange(b);
  if (right.verb == nullptr || left.verb->id != right.verb->id) return std::nullopt;
  if (left.out->id != right.in->id || left.in->id != right.out->id || left.out->id == left.in->id) {
    return std::nullopt;
  }
  return std::make_pair(left.out->text, left.in->text);
}

std::optional<Exchanged> FindSameExchange(const Prepared& a, const Prepared& b) {
  Exchange left = FindUse(a.words);
  Exchange right = FindUse(b.words);
  // Told in one way, their order tells which is which.
  if ((left.verb == nullptr) == (right.verb == nullptr)) return std::nullopt;
  if (left.verb == nullptr) left = FindExchange(a);
  if (right.verb == nullptr) right = FindExchange(b);
  if (left.verb == nullptr || right.verb == nullptr) return std::nullopt;
  if (left.out->id != right.out->id || left.in->id != right.in->id) return std::nullopt;
  return Exchanged{left.out->id, left.in->id};
}

}  // namespace semcached::guard
