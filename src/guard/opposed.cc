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
#include <vector>

#include "guard/languages.h"
#include "guard/opposed_build_data.h"
#include "guard/opposed_data.h"
#include "guard/word_filter.h"

namespace semcached::guard {
namespace {

using Words = absl::InlinedVector<std::string_view, 48>;  // sorted, each once
using Found = std::optional<std::pair<std::string_view, std::string_view>>;

// One meaning of a word: its place in the table.
struct Sense {
  std::string_view word;
  uint16_t group;
  uint16_t side;
};

constexpr size_t kMinStem = 4;
static_assert(std::is_sorted(std::begin(kParticleVerbs), std::end(kParticleVerbs)));
static_assert(std::is_sorted(std::begin(kNoOpposites), std::end(kNoOpposites)));
static_assert(std::is_sorted(std::begin(kComplements), std::end(kComplements)));

bool ByWord(const Sense& a, const Sense& b) { return a.word < b.word; }

std::vector<Sense> MakeSenses() {
  std::vector<Sense> senses;
  uint16_t group = 0;
  for (const Language& language : kLanguages) {
    for (const std::string_view line : language.opposed) {
      uint16_t side = 0;
      for (size_t begin = 0; begin < line.size();) {
        const size_t end = std::min(line.find_first_of(" |", begin), line.size());
        senses.push_back({line.substr(begin, end - begin), group, side});
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
      filter_.Add(senses_[i].word);
      ranges_.try_emplace(senses_[i].word, at, at).first->second.second = at + 1;
    }
  }

  absl::Span<const Sense> Find(std::string_view word) const {
    if (!filter_.MayHave(word)) return {};
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

bool IsWord(const Text& text, size_t at) {
  return at < text.tokens().size() && text.tokens()[at].kind == TokenKind::kWord;
}

// The end of the compound that begins at `at` ("part-time", "month-to-month"); at + 1 if none does.
size_t EndOfCompound(const Text& text, size_t at) {
  constexpr size_t kMostTokens = 5;
  const Tokens tokens = text.tokens();
  size_t end = at + 1;
  while (end < at + kMostTokens && IsWord(text, end + 1) && tokens[end].text == "-" &&
         tokens[end].glued && tokens[end + 1].glued) {
    end += 2;
  }
  return end;
}

// A compound of the table counts as a whole, and its parts do not.
Words SortedWords(const Text& text) {
  Words words;
  std::string_view before;
  for (size_t i = 0; i < text.tokens().size(); ++i) {
    const Token& token = text.tokens()[i];
    const bool particle = token.text == "in" || token.text == "out";
    if (token.kind == TokenKind::kWord &&
        (!particle ||
         std::binary_search(std::begin(kParticleVerbs), std::end(kParticleVerbs), before))) {
      const size_t end = EndOfCompound(text, i);
      const std::string_view compound = text.Span(i, end);
      const bool whole = end > i + 1 && !AllLanguages().Find(compound).empty();
      words.push_back(whole ? compound : token.text);
      if (whole) i = end - 1;
    }
    before = token.text;
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

// Words that the text denies and that have one opposite only: what follows a denial at once or
// after one word. Sorted.
Words DeniedWords(const Text& text, const Denials& denials) {
  constexpr size_t kReach = 2;
  Words denied;
  for (const Denial& denial : denials) {
    size_t left = kReach;
    for (size_t i = denial.token + 1; i < text.tokens().size() && left > 0; ++i) {
      const Token& token = text.tokens()[i];
      if (token.text == "-") continue;
      if (token.kind != TokenKind::kWord) break;
      --left;
      if (std::binary_search(std::begin(kComplements), std::end(kComplements), token.text)) {
        denied.push_back(token.text);
      }
    }
  }
  std::sort(denied.begin(), denied.end());
  return denied;
}

bool BySide(const Side& a, const Side& b) {
  return a.group != b.group ? a.group < b.group : a.side < b.side;
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
Words Only(const Words& words, const Words& other) {
  Words only;
  std::set_difference(words.begin(), words.end(), other.begin(), other.end(),
                      std::back_inserter(only));
  return only;
}

// The one of `others` that `word` turns into when its affix is exchanged.
std::string_view FindExchanged(std::string_view word, const Words& others) {
  const auto find = [&](const std::string& opposite) -> std::string_view {
    const auto found = std::lower_bound(others.begin(), others.end(), opposite);
    return found != others.end() && *found == opposite ? *found : std::string_view();
  };
  for (const OpposedAffix& prefix : kEnglishPrefixes) {
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

Found FindByBuild(const Words& only_a, const Words& only_b) {
  for (const std::string_view word : only_a) {
    const std::string_view opposite = FindExchanged(word, only_b);
    if (!opposite.empty()) return std::make_pair(word, opposite);
  }
  return std::nullopt;
}

}  // namespace

Opposable ReadOpposable(const Text& text, const Denials& denials) {
  Opposable found;
  found.words = SortedWords(text);
  const Words denied = DeniedWords(text, denials);
  for (const std::string_view word : found.words) {
    const bool is_denied = std::binary_search(denied.begin(), denied.end(), word);
    for (const Sense& sense : AllLanguages().Find(word)) {
      found.sides.push_back({sense.group, sense.side, word, is_denied});
    }
  }
  std::stable_sort(found.sides.begin(), found.sides.end(), BySide);
  return found;
}

Found FindOpposed(const Opposable& a, const Opposable& b) {
  if (Found found = FindByTable(a, b); found.has_value()) return found;
  const Words only_a = Only(a.words, b.words);
  const Words only_b = Only(b.words, a.words);
  if (only_a.empty() || only_b.empty()) return std::nullopt;
  if (Found found = FindByBuild(only_a, only_b); found.has_value()) return found;
  if (Found found = FindByBuild(only_b, only_a); found.has_value()) {
    return std::make_pair(found->second, found->first);
  }
  return std::nullopt;
}

}  // namespace semcached::guard
