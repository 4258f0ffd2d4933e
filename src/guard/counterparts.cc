#include "guard/counterparts.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>

#include "guard/suffixes_data.h"

namespace semcached::guard {
namespace {

// Beyond this many lone words the texts are different altogether.
constexpr size_t kMaxLone = 12;
// Longer ones are not slips of each other; the pseudonyms of pseudonym.h count on it.
constexpr size_t kMaxTypoSize = 32;

// What a word is looked up by: its stem, and the groups of synonyms it belongs to.
using Keys = absl::InlinedVector<uint64_t, 64>;

uint64_t GroupKey(uint16_t group) { return group; }  // stems are hashes, and never this small

Keys KeysOf(const Words& words) {
  Keys keys;
  for (const Word& word : words) {
    // No word that is looked up has the stem of these.
    if (!word.filler && !word.number) keys.push_back(word.id);
    if (word.info == nullptr) continue;
    for (const uint16_t group : word.info->meanings) keys.push_back(GroupKey(group));
  }
  std::sort(keys.begin(), keys.end());
  return keys;
}

bool Has(const Keys& keys, uint64_t key) {
  return std::binary_search(keys.begin(), keys.end(), key);
}

bool HasCounterpart(const Word& word, const Keys& other) {
  if (Has(other, word.id)) return true;
  if (word.info == nullptr) return false;
  return std::any_of(word.info->meanings.begin(), word.info->meanings.end(),
                     [&](uint16_t group) { return Has(other, GroupKey(group)); });
}

// The words of `words` that `other` lacks; at most one more than kMaxLone.
Lone FindLone(const Words& words, const Keys& other, size_t* matched) {
  Lone lone;
  for (const Word& word : words) {
    if (word.filler || word.number || word.text.size() < 2) continue;
    if (HasCounterpart(word, other)) {
      ++*matched;
    } else if (lone.size() <= kMaxLone) {
      lone.push_back(&word);
    }
  }
  return lone;
}

bool IsBeyondAscii(char c) { return static_cast<unsigned char>(c) >= 0x80; }

// One letter more, less, exchanged or swapped with its neighbour; two in a long word.
bool IsTypo(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (a.size() < 4 || b.size() > kMaxTypoSize || b.size() - a.size() > 2) return false;
  // An accent is two bytes.
  const bool accented = std::any_of(a.begin(), a.end(), IsBeyondAscii) ||
                        std::any_of(b.begin(), b.end(), IsBeyondAscii);
  const size_t allowed = a.size() >= 8 || accented ? 2 : 1;
  size_t before[kMaxTypoSize + 1];
  size_t now[kMaxTypoSize + 1];
  size_t older[kMaxTypoSize + 1];
  for (size_t j = 0; j <= b.size(); ++j) before[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      now[j] = std::min({before[j] + 1, now[j - 1] + 1, before[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        now[j] = std::min(now[j], older[j - 2] + 1);
      }
    }
    std::copy(std::begin(before), std::end(before), std::begin(older));
    std::copy(std::begin(now), std::end(now), std::begin(before));
  }
  return before[b.size()] <= allowed;
}

static_assert(std::is_sorted(std::begin(kSuffixes), std::end(kSuffixes)));

// "engineer", "engineering".
bool IsDerived(std::string_view a, std::string_view b) {
  const auto [end, other] = std::mismatch(
      a.begin(), a.begin() + static_cast<std::ptrdiff_t>(std::min(a.size(), b.size())), b.begin());
  const auto common = static_cast<size_t>(end - a.begin());
  if (common < 4) return false;
  const auto is_suffix = [](std::string_view rest) {
    return std::binary_search(std::begin(kSuffixes), std::end(kSuffixes), rest);
  };
  return is_suffix(a.substr(common)) && is_suffix(b.substr(common));
}

struct Ending {
  std::string_view stem;
  std::string_view end;
};

// "sulf", "ite".
Ending CutEnding(std::string_view word) {
  constexpr size_t kEnding = 3;
  if (word.ends_with('s')) word.remove_suffix(1);
  if (word.size() <= kEnding) return {};
  return {word.substr(0, word.size() - kEnding), word.substr(word.size() - kEnding)};
}

// "sulfate", "sulfite", "sulfide"; "propane", "propene", "propyne": of stems that make substances,
// so that "chocolite" stays a slip.
bool IsOtherSubstance(std::string_view a, std::string_view b) {
  constexpr std::string_view kSalts[] = {"ate", "ide", "ite"};
  constexpr std::string_view kSaltStems[] = {"arsen", "brom",   "carb",  "chlor", "chrom",
                                             "cyan",  "fluor",  "hydr",  "iod",   "nitr",
                                             "ox",    "phosph", "silic", "sulf",  "sulph"};
  constexpr std::string_view kChains[] = {"ane", "ene", "yne"};
  constexpr std::string_view kChainStems[] = {"but",  "dec", "eth",  "hept", "hex",
                                              "meth", "oct", "pent", "prop"};
  const Ending left = CutEnding(a);
  const Ending right = CutEnding(b);
  if (left.stem != right.stem || left.end == right.end) return false;
  const auto is_of = [](std::string_view end, const auto& ends) {
    return std::find(std::begin(ends), std::end(ends), end) != std::end(ends);
  };
  const auto ends_in_stem = [&](const auto& stems) {
    return std::any_of(std::begin(stems), std::end(stems),
                       [&](std::string_view stem) { return left.stem.ends_with(stem); });
  };
  return (is_of(left.end, kSalts) && is_of(right.end, kSalts) && ends_in_stem(kSaltStems)) ||
         (is_of(left.end, kChains) && is_of(right.end, kChains) && ends_in_stem(kChainStems));
}

bool HasKind(const Word& word) { return word.info != nullptr && !word.info->kinds.empty(); }

// "burma" and "myanmar", "defence" and "defense": one member of a kind.
bool NameTheSame(const WordInfo& a, const WordInfo& b) {
  return std::any_of(a.kinds.begin(), a.kinds.end(), [&](const Membership& one) {
    return std::any_of(b.kinds.begin(), b.kinds.end(), [&](const Membership& other) {
      return one.kind == other.kind && one.member == other.member;
    });
  });
}

// "hay fever" is one of the kinds of "fever".
bool IsNarrower(std::string_view phrase, std::string_view noun) {
  return phrase.size() > noun.size() && phrase.ends_with(noun) &&
         phrase[phrase.size() - noun.size() - 1] == ' ';
}

bool LooksAlike(const Word& a, const Word& b) {
  if (IsNarrower(a.text, b.text) || IsNarrower(b.text, a.text)) return false;
  // Names that are known are spelt as they are meant: iran, iraq.
  if (HasKind(a) && HasKind(b)) return NameTheSame(*a.info, *b.info);
  if (IsOtherSubstance(a.text, b.text)) return false;
  const bool both_known = a.info != nullptr && b.info != nullptr;
  return IsDerived(a.text, b.text) || (!both_known && IsTypo(a.text, b.text));
}

// The letters that `other` writes at token `at`, spaces and hyphens left out, begin with `word`.
bool IsWrittenApart(std::string_view word, const Text& other, size_t at) {
  size_t parts = 0;
  for (size_t i = at; i < other.tokens().size() && parts < 4; ++i) {
    const Token& token = other.tokens()[i];
    if (token.text == "-" || token.text == ".") continue;
    if (token.kind == TokenKind::kSymbol) return false;
    if (!word.starts_with(token.text)) return false;
    word.remove_prefix(token.text.size());
    ++parts;
    if (word.empty()) return parts > 1;
  }
  return false;
}

// "ml": "machine learning".
bool IsInitials(std::string_view word, const Words& other, size_t at) {
  if (word.size() < 2 || word.size() > 5 || at + word.size() > other.size()) return false;
  for (size_t i = 0; i < word.size(); ++i) {
    if (other[at + i].text[0] != word[i]) return false;
  }
  return true;
}

// Takes out of `lone` what the other text writes apart or in full, and out of `other_lone` the
// words that it is written with.
void MatchSpellings(Lone* lone, const Prepared& other, Lone* other_lone) {
  const auto drop = [&](const Word& word, size_t first_token, size_t end_token) {
    other_lone->erase(std::remove_if(other_lone->begin(), other_lone->end(),
                                     [&](const Word* one) {
                                       return one->token >= first_token && one->token < end_token;
                                     }),
                      other_lone->end());
    lone->erase(std::find(lone->begin(), lone->end(), &word));
  };
  const Lone copy = *lone;
  for (const Word* word : copy) {
    for (size_t i = 0; i < other.words.size(); ++i) {
      if (other.words[i].text[0] != word->text[0]) continue;  // as of most: neither begins here
      const size_t token = other.words[i].token;
      if (IsWrittenApart(word->text, other.text, token)) {
        drop(*word, token, token + word->text.size());
        break;
      }
      if (IsInitials(word->text, other.words, i)) {
        drop(*word, token, other.words[i + word->text.size() - 1].token + 1);
        break;
      }
    }
  }
}

void MatchAlike(Lone* a, Lone* b) {
  for (size_t i = 0; i < a->size();) {
    const auto found = std::find_if(
        b->begin(), b->end(), [&](const Word* other) { return LooksAlike(*(*a)[i], *other); });
    if (found == b->end()) {
      ++i;
      continue;
    }
    b->erase(found);
    a->erase(a->begin() + static_cast<std::ptrdiff_t>(i));
  }
}

// The next word beside `word` that is no filler.
const Word* Beside(const Words& words, const Word* word, bool left) {
  for (const Word* at = word; at != (left ? words.data() : words.data() + words.size() - 1);) {
    at += left ? -1 : 1;
    if (!at->filler) return at;
  }
  return nullptr;
}

}  // namespace

bool ShareMeaning(const Word& a, const Word& b) {
  if (a.id == b.id) return true;
  if (a.info == nullptr || b.info == nullptr) return false;
  for (const uint16_t group : a.info->meanings) {
    if (std::find(b.info->meanings.begin(), b.info->meanings.end(), group) !=
        b.info->meanings.end()) {
      return true;
    }
  }
  return false;
}

bool Counterparts::SamePlace(const Word& first_a, const Word& last_a, const Word& first_b,
                             const Word& last_b) const {
  bool anchored = false;
  for (const bool left : {true, false}) {
    const Word* beside_a = Beside(a->words, left ? &first_a : &last_a, left);
    const Word* beside_b = Beside(b->words, left ? &first_b : &last_b, left);
    if (beside_a == nullptr || beside_b == nullptr) {
      if (beside_a != beside_b) return false;
    } else if (!MeanTheSame(*beside_a, *beside_b)) {
      return false;
    } else {
      anchored = true;
    }
  }
  return anchored;
}

Counterparts FindCounterparts(const Prepared& a, const Prepared& b) {
  Counterparts found;
  found.a = &a;
  found.b = &b;
  found.lone_a = FindLone(a.words, KeysOf(b.words), &found.matched_a);
  found.lone_b = FindLone(b.words, KeysOf(a.words), &found.matched_b);
  found.too_many = found.lone_a.size() > kMaxLone || found.lone_b.size() > kMaxLone;
  if (found.too_many) return found;
  MatchSpellings(&found.lone_a, b, &found.lone_b);
  MatchSpellings(&found.lone_b, a, &found.lone_a);
  MatchAlike(&found.lone_a, &found.lone_b);
  return found;
}

}  // namespace semcached::guard
