#include "guard/known_words.h"

#include <absl/container/flat_hash_set.h>

#include <algorithm>

#include "guard/code_words_data.h"
#include "guard/focus_data.h"
#include "guard/formulas_data.h"
#include "guard/languages.h"
#include "guard/lexicon.h"
#include "guard/negation_data.h"
#include "guard/opposed_build_data.h"
#include "guard/roles_data.h"
#include "guard/scope_data.h"
#include "guard/tense_data.h"
#include "guard/units_data.h"

namespace semcached::guard {
namespace {

// By the stem: of one word all inflections are known, or none.
using WordSet = absl::flat_hash_set<WordId>;

class Collector {
 public:
  // Words parted by spaces or "|"; of a compound its parts, as texts are cut.
  void AddLine(std::string_view line) {
    for (size_t begin = 0; begin < line.size();) {
      const size_t end = std::min(line.find_first_of(" |-", begin), line.size());
      if (end > begin) words_->insert(IdOf(line.substr(begin, end - begin)));
      begin = end + 1;
    }
  }

  template <typename Table>
  void AddLines(const Table& table) {
    for (const std::string_view line : table) AddLine(line);
  }

  // Of a table whose rows begin with their word.
  template <typename Table>
  void AddRows(const Table& table) {
    for (const auto& row : table) AddLine(row.word);
  }

  const WordSet* words() const { return words_; }

 private:
  WordSet* const words_ = new WordSet;  // never destroyed
};

// What does not stand in the lexicon.
const WordSet* CollectWords() {
  Collector all;
  all.AddLine(kCodeWords);
  for (const Language& language : kLanguages) {
    all.AddLines(language.negations);
    all.AddRows(language.numbers);
    all.AddLines(language.opposed);
  }
  all.AddRows(kRomanNumerals);
  all.AddRows(kEnglishMultiples);
  all.AddLines(kNumberedWords);
  all.AddLines(kListWords);
  all.AddLines(kNoSuperlatives);
  all.AddLines(kVersionedWords);
  all.AddRows(kEnglishUnits);
  all.AddRows(kEnglishRates);
  for (const CurrencySign& currency : kCurrencySigns) all.AddLine(currency.sign);
  all.AddLines(kFunctions);
  all.AddLines(kLabelled);
  all.AddLines(kAuxiliaries);
  all.AddLines(kPoliteVerbs);
  all.AddLines(kToldOf);
  all.AddLines(kTimelyWords);
  all.AddLines(kActs);
  all.AddLines(kOccasions);
  all.AddRows(kHowWords);
  all.AddRows(kWhatWords);
  all.AddRows(kWhatIsWords);
  all.AddLines(kEnglishDenyingWords);
  all.AddLines(kEnglishDenyingVerbs);
  all.AddLines(kEnglishTroubles);
  all.AddLines(kEnglishShortages);
  all.AddLines(kComplements);
  all.AddLines(kEnglishGrammar);
  all.AddLines(kParticleVerbs);
  all.AddLines(kMutualVerbs);
  all.AddLines(kExchangingVerbs);
  all.AddLines(kNoOpposites);
  all.AddRows(kScopeWords);
  all.AddRows(kGroupWords);
  all.AddLines(kGroupThings);
  all.AddLines(kGroupLeads);
  all.AddLines(kLimits);
  all.AddLines(kWholes);
  all.AddLines(kChanging);
  all.AddLines(kSpans);
  return all.words();
}

}  // namespace

bool IsKnownWord(std::string_view word) {
  static const WordSet* words = CollectWords();
  const WordId id = IdOf(word);
  return FindWord(id) != nullptr || words->contains(id);
}

}  // namespace semcached::guard
