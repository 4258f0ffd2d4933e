#include "guard/languages.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <iterator>

namespace semcached::guard {
namespace {

constexpr bool ByWord(const NumberWord& a, const NumberWord& b) { return a.word < b.word; }
static_assert(std::all_of(std::begin(kLanguages), std::end(kLanguages), [](const Language& one) {
  return std::is_sorted(one.negations.begin(), one.negations.end()) &&
         std::is_sorted(one.numbers.begin(), one.numbers.end(), ByWord);
}));

// The few words of all languages. Most words of a text are told apart by their first letter and
// their length, without a look into the table. Never changed once made.
template <typename Value>
class Table {
 public:
  void Add(std::string_view word, Value value) {
    lengths_[First(word)] |= LengthBit(word);
    values_.try_emplace(word, value);
  }

  const Value* Find(std::string_view word) const {
    if (word.empty() || (lengths_[First(word)] & LengthBit(word)) == 0) return nullptr;
    const auto found = values_.find(word);
    return found == values_.end() ? nullptr : &found->second;
  }

 private:
  static size_t First(std::string_view word) { return static_cast<unsigned char>(word[0]); }
  static uint32_t LengthBit(std::string_view word) {
    return uint32_t{1} << std::min<size_t>(word.size(), 31);
  }

  std::array<uint32_t, 256> lengths_{};
  absl::flat_hash_map<std::string_view, Value, std::hash<std::string_view>> values_;
};

}  // namespace

const NumberWord* FindNumberWord(std::string_view word) {
  static const auto* table = [] {  // never destroyed
    auto* made = new Table<const NumberWord*>;
    for (const Language& language : kLanguages) {
      for (const NumberWord& number : language.numbers) made->Add(number.word, &number);
    }
    return made;
  }();
  const NumberWord* const* found = table->Find(word);
  return found == nullptr ? nullptr : *found;
}

bool IsNegation(std::string_view word) {
  static const auto* table = [] {
    auto* made = new Table<bool>;
    for (const Language& language : kLanguages) {
      for (const std::string_view negation : language.negations) made->Add(negation, true);
    }
    return made;
  }();
  return word.ends_with("n't") || table->Find(word) != nullptr;
}

}  // namespace semcached::guard
