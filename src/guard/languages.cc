#include "guard/languages.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <functional>
#include <iterator>

#include "guard/word_filter.h"

namespace semcached::guard {
namespace {

constexpr bool ByWord(const NumberWord& a, const NumberWord& b) { return a.word < b.word; }
static_assert(std::all_of(std::begin(kLanguages), std::end(kLanguages), [](const Language& one) {
  return std::is_sorted(one.negations.begin(), one.negations.end()) &&
         std::is_sorted(one.numbers.begin(), one.numbers.end(), ByWord);
}));

// The few words of all languages. Never changed once made.
template <typename Value>
class Table {
 public:
  void Add(std::string_view word, Value value) {
    filter_.Add(word);
    values_.try_emplace(word, value);
  }

  // `key`: of the word.
  const Value* Find(std::string_view word, WordKey key) const {
    if (!filter_.MayHave(key)) return nullptr;
    const auto found = values_.find(word);
    return found == values_.end() ? nullptr : &found->second;
  }

 private:
  WordFilter filter_;
  absl::flat_hash_map<std::string_view, Value, std::hash<std::string_view>> values_;
};

// `key`: of the word.
const NumberWord* NumberWordOf(std::string_view word, WordKey key) {
  static const auto* table = [] {  // never destroyed
    auto* made = new Table<const NumberWord*>;
    for (const Language& language : kLanguages) {
      for (const NumberWord& number : language.numbers) made->Add(number.word, &number);
    }
    return made;
  }();
  const NumberWord* const* found = table->Find(word, key);
  return found == nullptr ? nullptr : *found;
}

}  // namespace

const NumberWord* FindNumberWord(const Token& token) { return NumberWordOf(token.text, token.key); }

const NumberWord* FindNumberWord(std::string_view word) {
  return word.empty() ? nullptr : NumberWordOf(word, KeyOf(word));
}

bool IsNegation(const Token& token) {
  static const auto* table = [] {
    auto* made = new Table<bool>;
    for (const Language& language : kLanguages) {
      for (const std::string_view negation : language.negations) made->Add(negation, true);
    }
    return made;
  }();
  return token.text.ends_with("n't") || table->Find(token.text, token.key) != nullptr;
}

}  // namespace semcached::guard
