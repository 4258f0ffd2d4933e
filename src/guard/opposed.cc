#include "guard/opposed.h"

#include <absl/container/flat_hash_map.h>
#include <absl/container/inlined_vector.h>
#include <absl/types/span.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "guard/opposed_data.h"

namespace semcached::guard {
namespace {

using Words = absl::InlinedVector<std::string_view, 48>;
using Found = std::optional<std::pair<std::string_view, std::string_view>>;

// One meaning of a word: its place in the table.
struct Sense {
  std::string_view word;
  uint16_t group;
  uint16_t side;
};

constexpr size_t kGroups = std::size(kEnglishOpposed);
constexpr size_t kMinStem = 4;
static_assert(std::is_sorted(std::begin(kParticleVerbs), std::end(kParticleVerbs)));
static_assert(std::is_sorted(std::begin(kNoOpposites), std::end(kNoOpposites)));

bool ByWord(const Sense& a, const Sense& b) { return a.word < b.word; }

std::vector<Sense> MakeSenses() {
  std::vector<Sense> senses;
  for (size_t group = 0; group < kGroups; ++group) {
    const std::string_view line = kEnglishOpposed[group];
    uint16_t side = 0;
    for (size_t begin = 0; begin < line.size();) {
      const size_t end = std::min(line.find_first_of(" |", begin), line.size());
      senses.push_back({line.substr(begin, end - begin), static_cast<uint16_t>(group), side});
      if (end < line.size() && line[end] == '|') ++side;
      begin = end + 1;
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
      ranges_.try_emplace(senses_[i].word, at, at).first->second.second = at + 1;
    }
  }

  absl::Span<const Sense> Find(std::string_view word) const {
    const auto found = ranges_.find(word);
    if (found == ranges_.end()) return {};
    const auto [begin, end] = found->second;
    return {senses_.data() + begin, end - begin};
  }

 private:
  const std::vector<Sense> senses_;  // sorted by word
  absl::flat_hash_map<std::string_view, std::pair<uint32_t, uint32_t>, std::hash<std::string_view>>
      ranges_;
};

const Dictionary& English() {
  static const auto* dictionary = new Dictionary();  // never destroyed
  return *dictionary;
}

Words SortedWords(const Text& text) {
  Words words;
  std::string_view before;
  for (const Token& token : text.tokens()) {
    const bool particle = token.text == "in" || token.text == "out";
    if (token.kind == TokenKind::kWord &&
        (!particle ||
         std::binary_search(std::begin(kParticleVerbs), std::end(kParticleVerbs), before))) {
      words.push_back(token.text);
    }
    before = token.text;
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

bool Has(const Words& words, std::string_view word) {
  return std::binary_search(words.begin(), words.end(), word);
}

// Which sides of each group a text names, one bit a side.
using Sides = std::array<uint16_t, kGroups>;

void MarkSides(const Words& words, Sides* sides) {
  for (const std::string_view word : words) {
    for (const Sense& sense : English().Find(word)) {
      (*sides)[sense.group] |= static_cast<uint16_t>(1u << sense.side);
    }
  }
}

// A word of `words` on one of the sides.
std::string_view WordOn(const Words& words, size_t group, uint16_t sides) {
  for (const std::string_view word : words) {
    for (const Sense& sense : English().Find(word)) {
      if (sense.group == group && (sides >> sense.side & 1) != 0) return word;
    }
  }
  return {};
}

Found FindByTable(const Words& a, const Words& b) {
  Sides left{};
  Sides right{};
  MarkSides(a, &left);
  MarkSides(b, &right);
  for (size_t group = 0; group < kGroups; ++group) {
    const auto only_left = static_cast<uint16_t>(left[group] & ~right[group]);
    const auto only_right = static_cast<uint16_t>(right[group] & ~left[group]);
    if (only_left == 0 || only_right == 0) continue;
    return std::make_pair(WordOn(a, group, only_left), WordOn(b, group, only_right));
  }
  return std::nullopt;
}

bool LooksOpposite(std::string_view word) {
  const auto* after = std::upper_bound(std::begin(kNoOpposites), std::end(kNoOpposites), word);
  return after == std::begin(kNoOpposites) || !word.starts_with(*(after - 1));
}

// The word of `b` alone that `word`, of `a` alone, turns into when its affix is exchanged.
std::string_view FindExchanged(std::string_view word, const Words& a, const Words& b) {
  const auto only_b = [&](const std::string& opposite) -> std::string_view {
    const auto found = std::lower_bound(b.begin(), b.end(), opposite);
    return found != b.end() && *found == opposite && !Has(a, opposite) ? *found
                                                                       : std::string_view();
  };
  for (const OpposedAffix& prefix : kEnglishPrefixes) {
    if (!word.starts_with(prefix.one) || word.size() < prefix.one.size() + kMinStem) continue;
    if (!LooksOpposite(word)) continue;
    std::string opposite(prefix.other);
    opposite += word.substr(prefix.one.size());
    if (const std::string_view found = only_b(opposite); !found.empty()) return found;
  }
  for (const OpposedAffix& suffix : kEnglishSuffixes) {
    if (!word.ends_with(suffix.one)) continue;
    std::string opposite(word.substr(0, word.size() - suffix.one.size()));
    opposite += suffix.other;
    if (const std::string_view found = only_b(opposite); !found.empty()) return found;
  }
  return {};
}

Found FindByBuild(const Words& a, const Words& b) {
  for (const std::string_view word : a) {
    if (Has(b, word)) continue;
    const std::string_view opposite = FindExchanged(word, a, b);
    if (!opposite.empty()) return std::make_pair(word, opposite);
  }
  return std::nullopt;
}

}  // namespace

Found FindOpposed(const Text& a, const Text& b) {
  const Words left = SortedWords(a);
  const Words right = SortedWords(b);
  if (Found found = FindByTable(left, right); found.has_value()) return found;
  if (Found found = FindByBuild(left, right); found.has_value()) return found;
  if (Found found = FindByBuild(right, left); found.has_value()) {
    return std::make_pair(found->second, found->first);
  }
  return std::nullopt;
}

}  // namespace semcached::guard
