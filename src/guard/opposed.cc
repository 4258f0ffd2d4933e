#include "guard/opposed.h"

#include <absl/container/flat_hash_map.h>
#include <absl/container/inlined_vector.h>
#include <absl/types/span.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "guard/languages.h"
#include "guard/opposed_build_data.h"
#include "guard/opposed_data.h"
#include "guard/word_filter.h"

namespace semcached::guard {
namespace {

using Found = std::optional<Opposition>;

// One meaning of a word: its place in the table.
struct Sense {
  SortedWord word;
  uint16_t group;
  uint16_t side;
};

constexpr size_t kMinStem = 4;
static_assert(std::is_sorted(std::begin(kParticleVerbs), std::end(kParticleVerbs)));
static_assert(std::is_sorted(std::begin(kNoOpposites), std::end(kNoOpposites)));
static_assert(std::is_sorted(std::begin(kShown), std::end(kShown)));
static_assert(std::is_sorted(std::begin(kComplements), std::end(kComplements)));

bool ByWord(const Sense& a, const Sense& b) { return a.word < b.word; }

std::vector<Sense> MakeSenses() {
  std::vector<Sense> senses;
  uint16_t group = 0;
  for (const Language& language : kLanguages) {
    for (const std::string_view line : language.opposed) {
      uint16_t side = 0;
      for (size_t begin = 0; begin < line.size();) {
        size_t end = begin;
        while (end < line.size() && line[end] != ' ' && line[end] != '|') ++end;
        senses.push_back({SortedWord(line.substr(begin, end - begin)), group, side});
        if (end < line.size() && line[end] == '|') ++side;
        begin = end + 1;
      }
      ++group;
    }
  }
  std::sort(senses.begin(), senses.end(), ByWord);
  return senses;
}

// Finds the senses of a word. Never changed once made.
class Dictionary {
 public:
  Dictionary() : senses_(MakeSenses()) {
    for (size_t i = 0; i < senses_.size(); ++i) {
      const auto at = static_cast<uint32_t>(i);
      const std::string_view word = senses_[i].word.text();
      filter_.Add(word);
      ranges_.try_emplace(word, at, at).first->second.second = at + 1;
    }
  }

  // `key`: of the word.
  absl::Span<const Sense> Find(std::string_view word, WordKey key) const {
    if (!filter_.MayHave(key)) return {};
    const auto found = ranges_.find(word);
    if (found == ranges_.end()) return {};
    const auto [begin, end] = found->second;
    return {senses_.data() + begin, end - begin};
  }

 private:
  const std::vector<Sense> senses_;  // sorted by word
  WordFilter filter_;
  absl::flat_hash_map<std::string_view, std::pair<uint32_t, uint32_t>, std::hash<std::string_view>>
      ranges_;
};

const Dictionary& AllLanguages() {
  static const auto* dictionary = new Dictionary();  // never destroyed
  return *dictionary;
}

// The end of the compound that begins at `at` ("part-time", "month-to-month"); at + 1 if none does.
size_t EndOfCompound(Tokens tokens, size_t at) {
  constexpr size_t kMostTokens = 5;
  size_t end = at + 1;
  while (end < at + kMostTokens && end + 1 < tokens.size() && tokens[end].glued &&
         tokens[end].text == "-" && tokens[end + 1].kind == TokenKind::kWord &&
         tokens[end + 1].glued) {
    end += 2;
  }
  return end;
}

// "fahrenheit" for the "F" of "350 °F" or "350F"; empty for what is no scale of temperature.
std::string_view ScaleAt(Tokens tokens, size_t at) {
  if (tokens[at].text.size() != 1 || at == 0) return {};
  const Token& before = tokens[at - 1];
  const bool degrees = before.text == "°" || before.text == "º";
  if (!degrees && !(before.kind == TokenKind::kDigits && tokens[at].glued)) return {};
  if (tokens[at].text == "f") return "fahrenheit";
  return tokens[at].text == "c" ? "celsius" : "";
}

// "in" or "out", the "come" of "how come", the "one" of "more than one", the "this" of "this
// error": where they oppose nothing.
bool IsLoneParticle(std::string_view word, std::string_view before, std::string_view next) {
  if (word == "this") return std::binary_search(std::begin(kShown), std::end(kShown), next);
  if (word == "come") return before == "how";
  if (word == "one") return before == "than";
  return (word == "in" || word == "out") &&
         !std::binary_search(std::begin(kParticleVerbs), std::end(kParticleVerbs), before);
}

// Words that the text denies: what follows a denial at once or after one word. Sorted.
DeniedWords ReadDenied(const Text& text, const Denials& denials) {
  constexpr size_t kReach = 2;
  const Tokens tokens = text.tokens();
  DeniedWords denied;
  for (const Denial& denial : denials) {
    size_t left = kReach;
    for (size_t i = denial.end; i < tokens.size() && left > 0; ++i) {
      const Token& token = tokens[i];
      if (token.text == "-") continue;
      if (token.kind != TokenKind::kWord) break;
      --left;
      denied.push_back(token.text);
    }
  }
  std::sort(denied.begin(), denied.end());
  return denied;
}

bool Denies(const Opposable& text, std::string_view word) {
  return std::binary_search(text.denied.begin(), text.denied.end(), word);
}

bool BySide(const Side& a, const Side& b) {
  return a.group != b.group ? a.group < b.group : a.side < b.side;
}

bool BySideAndWord(const Side& a, const Side& b) {
  return std::tie(a.group, a.side, a.word) < std::tie(b.group, b.side, b.word);
}

// The first of [at, end) in its group that `other` lacks.
const Side* FindOnly(const Side* at, const Side* end, const Opposable& other) {
  const uint16_t group = at->group;
  for (; at != end && at->group == group; ++at) {
    if (!std::binary_search(other.sides.begin(), other.sides.end(), *at, BySide)) return at;
  }
  return nullptr;
}

Found FindByTable(const Opposable& a, const Opposable& b) {
  const Side* left = a.sides.data();
  const Side* right = b.sides.data();
  const Side* const left_end = left + a.sides.size();
  const Side* const right_end = right + b.sides.size();
  while (left != left_end && right != right_end) {
    if (left->group == right->group) {
      const Side* only_left = FindOnly(left, left_end, b);
      const Side* only_right = FindOnly(right, right_end, a);
      if (only_left != nullptr && only_right != nullptr &&
          only_left->denied == only_right->denied) {
        return std::make_pair(only_left->word, only_right->word);
      }
      const uint16_t group = left->group;
      while (left != left_end && left->group == group) ++left;
      while (right != right_end && right->group == group) ++right;
    } else {
      ++(left->group < right->group ? left : right);
    }
  }
  return std::nullopt;
}

bool LooksOpposite(std::string_view word) {
  const auto* after = std::upper_bound(std::begin(kNoOpposites), std::end(kNoOpposites), word);
  return after == std::begin(kNoOpposites) || !word.starts_with(*(after - 1));
}

// The words of `words` that `other` lacks.
SortedWords Only(const SortedWords& words, const SortedWords& other) {
  SortedWords only;
  std::set_difference(words.begin(), words.end(), other.begin(), other.end(),
                      std::back_inserter(only));
  return only;
}

// The one of `others` that `word` turns into when its affix is exchanged.
std::string_view FindExchanged(std::string_view word, const SortedWords& others) {
  const auto find = [&](const std::string& opposite) -> std::string_view {
    const SortedWord sought(opposite);
    const auto found = std::lower_bound(others.begin(), others.end(), sought);
    return found != others.end() && *found == sought ? found->text() : std::string_view();
  };
  for (const OpposedAffix& prefix : kEnglishPrefixes) {
    if (word.front() != prefix.one.front()) continue;  // as of most words
    if (!word.starts_with(prefix.one) || word.size() < prefix.one.size() + kMinStem) continue;
    if (!LooksOpposite(word)) continue;
    std::string opposite(prefix.other);
    opposite += word.substr(prefix.one.size());
    if (const std::string_view found = find(opposite); !found.empty()) return found;
  }
  for (const OpposedAffix& suffix : kEnglishSuffixes) {
    if (!word.ends_with(suffix.one)) continue;
    std::string opposite(word.substr(0, word.size() - suffix.one.size()));
    opposite += suffix.other;
    if (const std::string_view found = find(opposite); !found.empty()) return found;
  }
  return {};
}

Found FindByBuild(const Opposable& a, const SortedWords& only_a, const Opposable& b,
                  const SortedWords& only_b) {
  for (const SortedWord& word : only_a) {
    const std::string_view opposite = FindExchanged(word.text(), only_b);
    // "not married" is "unmarried".
    if (opposite.empty() || Denies(a, word.text()) != Denies(b, opposite)) continue;
    return std::make_pair(word.text(), opposite);
  }
  return std::nullopt;
}

}  // namespace

Opposable ReadOpposable(const Text& text, const Denials& denials) {
  const Dictionary& dictionary = AllLanguages();
  const Tokens tokens = text.tokens();
  Opposable found;
  found.denied = ReadDenied(text, denials);
  const auto add = [&](std::string_view word, absl::Span<const Sense> senses) {
    found.words.emplace_back(word);
    if (senses.empty()) return;
    const bool is_denied =
        std::binary_search(std::begin(kComplements), std::end(kComplements), word) &&
        Denies(found, word);
    for (const Sense& sense : senses) {
      found.sides.push_back({sense.group, sense.side, word, is_denied});
    }
  };
  std::string_view before;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    const bool is_lone = IsLoneParticle(token.text, std::exchange(before, token.text),
                                        i + 1 < tokens.size() ? tokens[i + 1].text : "");
    if (token.kind != TokenKind::kWord || is_lone) continue;
    if (const std::string_view scale = ScaleAt(tokens, i); !scale.empty()) {
      add(scale, dictionary.Find(scale, KeyOf(scale)));
      continue;
    }
    // A compound of the table counts as a whole, and its parts do not.
    if (const size_t end = EndOfCompound(tokens, i); end > i + 1) {
      const std::string_view compound = text.Span(i, end);
      const absl::Span<const Sense> senses = dictionary.Find(compound, KeyOf(compound));
      if (!senses.empty()) {
        add(compound, senses);
        i = end - 1;
        continue;
      }
    }
    absl::Span<const Sense> senses = dictionary.Find(token.text, token.key);
    if (senses.empty() && token.text.ends_with("'s")) {
      const std::string_view owner = token.text.substr(0, token.text.size() - 2);
      if (!owner.empty()) senses = dictionary.Find(owner, KeyOf(owner));
    }
    add(token.text, senses);
  }
  std::sort(found.words.begin(), found.words.end());
  found.words.erase(std::unique(found.words.begin(), found.words.end()), found.words.end());
  std::sort(found.sides.begin(), found.sides.end(), BySideAndWord);
  return found;
}

Opposable Without(Opposable opposable, std::string_view word) {
  const auto of_words =
      std::remove(opposable.words.begin(), opposable.words.end(), SortedWord(word));
  opposable.words.erase(of_words, opposable.words.end());
  const auto of_sides = std::remove_if(opposable.sides.begin(), opposable.sides.end(),
                                       [&](const Side& side) { return side.word == word; });
  opposable.sides.erase(of_sides, opposable.sides.end());
  return opposable;
}

Found FindOpposed(const Opposable& a, const Opposable& b) {
  if (Found found = FindByTable(a, b); found.has_value()) return found;
  const SortedWords only_a = Only(a.words, b.words);
  const SortedWords only_b = Only(b.words, a.words);
  if (only_a.empty() || only_b.empty()) return std::nullopt;
  if (Found found = FindByBuild(a, only_a, b, only_b); found.has_value()) return found;
  if (Found found = FindByBuild(b, only_b, a, only_a); found.has_value()) {
    return std::make_pair(found->second, found->first);
  }
  return std::nullopt;
}

}  // namespace semcached::guard
