#include "guard/numbers_in_words.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "guard/languages.h"
#include "guard/number_words_data.h"
#include "guard/units.h"

namespace semcached::guard {
namespace {

static_assert(std::is_sorted(std::begin(kNumberedWords), std::end(kNumberedWords)));

class Reader {
 public:
  Reader(const Text& text, size_t at) : text_(text), tokens_(text.tokens()), at_(at) {}

  bool Read(Number* number) {
    return ReadPart(number) || ReadWords(number) || ReadMultiple(number) || ReadRoman(number);
  }
  size_t at() const { return at_; }

 private:
  bool Is(size_t i, std::string_view word) const {
    return i < tokens_.size() && tokens_[i].text == word;
  }

  // "twenty-five", "two hundred and six thousand", "a million", "twenty-first".
  bool ReadWords(Number* number) {
    size_t i = at_;
    if ((Is(i, "a") || Is(i, "an")) && i + 1 < tokens_.size()) {
      const NumberWord* next = FindNumberWord(tokens_[i + 1]);
      if (next == nullptr || next->kind != NumberWordKind::kScale || next->ordinal) return false;
      ++i;
    }
    double total = 0;
    double group = 0;
    bool any = false;
    bool open_ten = false;  // "twenty" waits for its unit
    bool open_unit = true;  // a unit or a ten may follow
    size_t end = at_;
    while (i < tokens_.size()) {
      const NumberWord* word = FindNumberWord(tokens_[i]);
      if (word == nullptr) break;
      if (word->kind == NumberWordKind::kUnit) {
        if (!open_unit && !(open_ten && word->value >= 1 && word->value <= 9)) break;
        group += word->value;
        open_unit = open_ten = false;
      } else if (word->kind == NumberWordKind::kTen) {
        if (!open_unit) break;
        group += word->value;
        open_unit = false;
        open_ten = true;
      } else {
        const double times = group == 0 ? 1 : group;
        if (word->value == 100) {
          group = times * 100;
        } else {
          total += times * word->value;
          group = 0;
        }
        open_unit = true;
        open_ten = false;
      }
      any = true;
      number->is_ordinal = word->ordinal;
      end = ++i;
      if (word->ordinal) break;
      const bool joined = Is(i, "-") || (Is(i, "and") && word->kind == NumberWordKind::kScale);
      if (joined) ++i;
    }
    if (!any) return false;
    number->value = total + group;
    const bool alone = end == at_ + 1;
    const bool the_two = number->value == 2 && at_ > 0 &&
                         (Is(at_ - 1, "the") || Is(at_ - 1, "these") || Is(at_ - 1, "those"));
    number->is_weak = alone && (number->value == 1 || number->is_ordinal || the_two);
    if (alone && Is(at_, "second") && at_ > 0 &&
        (Is(at_ - 1, "per") || Is(at_ - 1, "every") || Is(at_ - 1, "each"))) {
      return false;  // the span of time
    }
    at_ = end;
    return true;
  }

  // "a fifth of", "one third", "two-thirds": as good as a fraction in digits.
  bool ReadPart(Number* number) {
    size_t i = at_ + 1;
    const bool article = Is(at_, "a") || Is(at_, "an");
    const NumberWord* above = article ? nullptr : Number1To9(at_);
    if (!article && above == nullptr) return false;
    if (Is(i, "-")) ++i;
    if (i >= tokens_.size() || tokens_[i].kind != TokenKind::kWord) return false;
    std::string_view part = tokens_[i].text;
    if (part.ends_with('s')) part.remove_suffix(1);
    const NumberWord* below = FindNumberWord(part);
    if (below == nullptr || !below->ordinal || below->value < 3 || below->value > 10) return false;
    if (article && !Is(i + 1, "of")) return false;
    number->value = (article ? 1 : above->value) / below->value;
    number->is_share = true;
    at_ = i + 1;
    return true;
  }

  // "million"
  const NumberWord* ScaleAt(size_t i) const {
    const NumberWord* word = i < tokens_.size() ? FindNumberWord(tokens_[i]) : nullptr;
    const bool fits = word != nullptr && word->kind == NumberWordKind::kScale && !word->ordinal;
    return fits ? word : nullptr;
  }

  const NumberWord* Number1To9(size_t i) const {
    const NumberWord* word = i < tokens_.size() ? FindNumberWord(tokens_[i]) : nullptr;
    const bool fits = word != nullptr && !word->ordinal && word->value >= 1 && word->value <= 9;
    return fits ? word : nullptr;
  }

  // "half an hour", "a quarter of an hour", "half a million", "twice".
  bool ReadMultiple(Number* number) {
    for (const Multiple& multiple : kEnglishMultiples) {
      if (!Is(at_, multiple.word)) continue;
      number->value = multiple.value;
      number->is_weak = !multiple.is_power;
      number->is_share = multiple.value < 1;
      ++at_;
      const size_t article = Is(at_, "of") ? at_ + 1 : at_;
      if (!Is(article, "a") && !Is(article, "an")) return true;
      size_t unit = article + 1;
      if (ReadUnit(text_, &unit).has_value()) {
        at_ = article + 1;
      } else if (const NumberWord* scale = ScaleAt(article + 1); scale != nullptr) {
        number->value *= scale->value;
        number->is_weak = number->is_share = false;
        at_ = article + 2;
      }
      return true;
    }
    return false;
  }

  bool ReadRoman(Number* number) {
    number->value = RomanAt(at_);
    if (number->value == 0) return false;
    number->is_weak = number->is_ordinal = true;
    ++at_;
    return true;
  }

  // 0: none.
  double RomanAt(size_t i) const {
    for (const RomanNumeral& roman : kRomanNumerals) {
      if (Is(i, roman.word)) return roman.value;
    }
    // "Type I", "Saturn V", "Final Fantasy X".
    const bool letter = tokens_[i].text.size() == 1 && tokens_[i].capital && i > 0 &&
                        tokens_[i - 1].kind == TokenKind::kWord && !tokens_[i].glued;
    if (!letter) return 0;
    const Token& before = tokens_[i - 1];
    if (Is(i, "i")) {
      return std::binary_search(std::begin(kNumberedWords), std::end(kNumberedWords), before.text)
                 ? 1
                 : 0;
    }
    if (!before.capital) return 0;
    return Is(i, "v") ? 5 : Is(i, "x") ? 10 : 0;
  }

  const Text& text_;
  const Tokens tokens_;
  size_t at_;
};

}  // namespace

std::optional<Number> ReadInWords(const Text& text, size_t* at) {
  Reader reader(text, *at);
  Number number;
  if (!reader.Read(&number)) return std::nullopt;
  *at = reader.at();
  return number;
}

}  // namespace semcached::guard
