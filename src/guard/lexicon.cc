#include "guard/lexicon.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <string>

#include "guard/common_words_data.h"
#include "guard/kinds_data.h"
#include "guard/number_words_data.h"
#include "guard/synonym_terms_data.h"
#include "guard/synonyms_data.h"
#include "guard/units_data.h"

namespace semcached::guard {
namespace {

static_assert(std::is_sorted(std::begin(kUnitsOfOtherMeaning), std::end(kUnitsOfOtherMeaning)));

// Longer ones are no words.
constexpr size_t kMaxStemmed = 64;

bool IsVowel(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u'; }

// Cuts the English inflections; crude, and the same for the tables and the texts. `buffer` may be
// changed.
size_t CutInflection(char* buffer, size_t size) {
  const auto ends = [&](std::string_view suffix) {
    return size >= suffix.size() &&
           std::memcmp(buffer + size - suffix.size(), suffix.data(), suffix.size()) == 0;
  };
  if (ends("'s")) size -= 2;
  if (size > 0 && buffer[size - 1] == '\'') --size;
  if (size > 3 && ends("s") && !ends("ss") && !ends("us") && !ends("is")) {
    if (size > 4 && ends("ies")) {
      size -= 2;
      buffer[size - 1] = 'y';
    } else if (size > 4 && (ends("sses") || ends("xes") || ends("ches") || ends("shes") ||
                            ends("zes") || ends("oes"))) {
      size -= 2;
    } else {
      size -= 1;
    }
  }
  const auto undouble = [&] {
    if (size > 3 && buffer[size - 1] == buffer[size - 2] && !IsVowel(buffer[size - 1]) &&
        buffer[size - 1] != 's' && buffer[size - 1] != 'l') {
      --size;
    }
  };
  if (size > 5 && ends("ing")) {
    size -= 3;
    undouble();
  } else if (size > 4 && ends("ied")) {
    size -= 2;
    buffer[size - 1] = 'y';
  } else if (size > 4 && ends("ed") && !ends("eed")) {
    size -= 2;
    undouble();
  } else if (size > 5 && ends("ly")) {
    size -= 2;
  }
  if (size > 3 && buffer[size - 1] == 'e') --size;
  if (size > 3 && buffer[size - 1] == 'i') buffer[size - 1] = 'y';
  return size;
}

// FNV-1a, 64 bits, with a last mix.
WordId Hash(const char* data, size_t size) {
  uint64_t hash = 14695981039346656037ULL;
  for (size_t i = 0; i < size; ++i) {
    hash = (hash ^ static_cast<unsigned char>(data[i])) * 1099511628211ULL;
  }
  return hash ^ (hash >> 32);
}

// Calls `visit` with each piece of `line` between `separator`s.
template <typename Visit>
void ForEach(std::string_view line, char separator, Visit visit) {
  for (size_t begin = 0; begin < line.size();) {
    const size_t end = std::min(line.find(separator, begin), line.size());
    if (end > begin) visit(line.substr(begin, end - begin));
    begin = end + 1;
  }
}

class Lexicon {
 public:
  Lexicon() {
    ForEach(kFillers, ' ', [&](std::string_view word) { Info(word).filler = true; });
    ForEach(kCommonWords, ' ', [&](std::string_view word) { Info(word).common = true; });
    for (const NumberWord& number : kEnglishNumberWords) Info(number.word).number = true;
    for (const UnitWord& unit : kEnglishUnits) {
      const bool named = std::binary_search(std::begin(kUnitsOfOtherMeaning),
                                            std::end(kUnitsOfOtherMeaning), unit.word);
      if (unit.word.size() > 1 && unit.word != "second" && !named) Info(unit.word).number = true;
    }
    for (const RateWord& rate : kEnglishRates) Info(rate.word).number = true;
    AddSynonyms(kSynonyms);
    AddSynonyms(kSynonymousTerms);
    uint16_t kind = 0;
    for (const std::string_view line : kKinds) {
      uint16_t member = 0;
      ForEach(line, '|', [&](std::string_view names) {
        ForEach(names, ' ', [&](std::string_view word) {
          auto& kinds = Info(word).kinds;
          const bool known = std::any_of(kinds.begin(), kinds.end(), [&](const Membership& one) {
            return one.kind == kind && one.member == member;
          });
          if (!known) kinds.push_back({kind, member});
        });
        ++member;
      });
      ++kind;
    }
    InheritKinds(kSynonymousTerms);  // last: of kinds that stand
  }

  const WordInfo* Find(WordId id) const {
    const auto found = words_.find(id);
    return found == words_.end() ? nullptr : &found->second;
  }

 private:
  void AddSynonyms(absl::Span<const std::string_view> lines) {
    for (const std::string_view line : lines) {
      const uint16_t group = groups_++;
      ForEach(line, ' ', [&](std::string_view word) {
        WordInfo& info = Info(word);
        if (info.meanings.empty() || info.meanings.back() != group) info.meanings.push_back(group);
        info.senses |= uint64_t{1} << (group % 64);
      });
    }
  }

  // "ground beef" is of the kinds of "beef", unless it has its own.
  void InheritKinds(absl::Span<const std::string_view> lines) {
    for (const std::string_view line : lines) {
      ForEach(line, ' ', [&](std::string_view phrase) {
        if (phrase.find('_') == std::string_view::npos) return;
        WordInfo& info = Info(phrase);
        if (!info.kinds.empty()) return;
        ForEach(phrase, '_', [&](std::string_view part) {
          const WordInfo* known = Find(IdOf(part));
          if (known == nullptr) return;
          info.kinds.insert(info.kinds.end(), known->kinds.begin(), known->kinds.end());
        });
      });
    }
  }

  WordInfo& Info(std::string_view written) {
    WordId id = 0;
    ForEach(written, '_', [&](std::string_view word) {
      if (id != 0) words_[id].starts_phrase = true;
      id = id == 0 ? IdOf(word) : JoinIds(id, IdOf(word));
    });
    return words_[id];
  }

  absl::flat_hash_map<WordId, WordInfo> words_;
  uint16_t groups_ = 0;  // of synonyms
};

}  // namespace

WordId IdOf(std::string_view word) {
  if (word.size() > kMaxStemmed) return Hash(word.data(), word.size());
  char buffer[kMaxStemmed];
  std::memcpy(buffer, word.data(), word.size());
  return Hash(buffer, CutInflection(buffer, word.size()));
}

std::string StemOf(std::string_view word) {
  std::string stem(word);
  if (word.size() <= kMaxStemmed) stem.resize(CutInflection(stem.data(), stem.size()));
  return stem;
}

WordId JoinIds(WordId first, WordId second) {
  const uint64_t joined = (first ^ (second >> 29)) * 0x9E3779B97F4A7C15ULL + second;
  return joined ^ (joined >> 32);
}

const WordInfo* FindWord(WordId id) {
  static const auto* lexicon = new Lexicon();  // never destroyed
  return lexicon->Find(id);
}

}  // namespace semcached::guard
