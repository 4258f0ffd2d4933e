#include "guard/number_reader.h"

#include <absl/strings/numbers.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>

#include "guard/languages.h"
#include "guard/number_words_data.h"
#include "guard/numbers_in_words.h"
#include "guard/time_of_day.h"
#include "guard/units.h"
#include "guard/word_filter.h"

namespace semcached::guard {
namespace {

static_assert(std::is_sorted(std::begin(kListWords), std::end(kListWords)));
static_assert(std::is_sorted(std::begin(kNumeronyms), std::end(kNumeronyms)));
static_assert(std::is_sorted(std::begin(kVersionedWords), std::end(kVersionedWords)));

constexpr double kNewtonsOfAPound = 4.4482216152605;

// Whether a number or a span may begin with the token.
bool MayBegin(const Token& token) {
  static const auto* filter = [] {  // never destroyed
    auto* made = new WordFilter;
    for (const Language& language : kLanguages) made->AddRows(language.numbers);
    made->AddRows(kEnglishMultiples);
    made->AddRows(kRomanNumerals);
    for (const std::string_view first :
         {"i", "v", "x", "a", "an", "/", "per", "each", "every", "noon", "midnight"}) {
      made->Add(first);
    }
    return made;
  }();
  return token.kind == TokenKind::kDigits || filter->MayHave(token.key);
}

// Of digits with a point or without, as SimpleAtod() reads them; few cost nothing near it.
double ValueOf(const std::string& digits) {
  constexpr size_t kMaxExact = 15;  // so many fit a double
  double value = 0;
  if (digits.size() <= kMaxExact && digits.find('.') == std::string::npos) {
    for (const char digit : digits) value = value * 10 + (digit - '0');
    return value;
  }
  return absl::SimpleAtod(digits, &value) ? value : 0;
}

class Reader {
 public:
  explicit Reader(const Text& text) : text_(text), tokens_(text.tokens()) {}

  Numbers Read() {
    while (at_ < tokens_.size()) {
      if (!MayBegin(tokens_[at_])) {
        ++at_;
        continue;
      }
      Number number;
      const size_t begin = at_;
      if (!ReadOne(&number)) {
        at_ = begin + 1;
        continue;
      }
      number.is_list =
          (begin > 0 && Is(begin - 1, "top")) || (IsListWord(at_) && !number.is_ordinal);
      // "the second largest": another one than the largest. A numeral ("World War II") ranks
      // nothing.
      const bool roman = number.digits.empty() && FindNumberWord(tokens_[begin]) == nullptr;
      if (number.is_ordinal && !roman && number.value > 1 && LooksSuperlative(at_)) {
        number.is_weak = false;
      }
      number.written = text_.Span(number.value < 0 ? begin - 1 : begin, at_);  // with its sign
      if (begin > 0 && IsNamed(begin - 1)) number.name = tokens_[begin - 1].text;
      if (!AddsCents(begin, number)) {
        ShareUnit(begin, number);
        numbers_.push_back(number);
      }
      end_ = at_;
    }
    return std::move(numbers_);
  }

 private:
  // "iOS", "iPhone", "Windows" before a number, but no capital that only begins a sentence.
  bool IsNamed(size_t i) const {
    const Token& token = tokens_[i];
    if (token.kind != TokenKind::kWord) return false;
    return token.capital_within || (token.capital && i > 0) ||
           std::binary_search(std::begin(kVersionedWords), std::end(kVersionedWords), token.text);
  }

  // "nine dollars and fifty cents": one amount.
  bool AddsCents(size_t begin, const Number& number) {
    if (numbers_.empty() || begin != end_ + 1 || !Is(end_, "and")) return false;
    Number& last = numbers_.back();
    const Dimension currency = last.unit.dimension;
    if ((currency != Dimension::kDollar && currency != Dimension::kPound) ||
        number.unit.dimension != currency || last.unit.factor != 1 || number.unit.factor != 0.01 ||
        number.value >= 100) {
      return false;
    }
    last.is_weak = false;
    last.value += number.value * number.unit.factor;
    last.digits = {};
    const std::string_view cents = text_.Span(begin, at_);
    last.written = {last.written.data(),
                    static_cast<size_t>(cents.data() + cents.size() - last.written.data())};
    return true;
  }

  // "from 40 to 50 percent", "5-10 kg": the unit is of both.
  void ShareUnit(size_t begin, const Number& number) {
    if (numbers_.empty() || begin != end_ + 1 || !number.unit.known()) return;
    if (!Is(end_, "to") && !Is(end_, "-") && !Is(end_, "or")) return;
    Number& last = numbers_.back();
    if (last.unit.known() || last.is_ordinal || last.is_version || last.is_share) return;
    last.unit = number.unit;
    last.takes_unit = true;
  }

  bool Is(size_t i, std::string_view word) const {
    return i < tokens_.size() && tokens_[i].text == word;
  }
  bool IsDigits(size_t i) const {
    return i < tokens_.size() && tokens_[i].kind == TokenKind::kDigits;
  }
  bool IsGlued(size_t i) const { return i < tokens_.size() && tokens_[i].glued; }

  bool IsListWord(size_t i) const {
    return i < tokens_.size() &&
           std::binary_search(std::begin(kListWords), std::end(kListWords), tokens_[i].text);
  }

  // "largest", "best"; neither "interest" nor "west".
  bool LooksSuperlative(size_t i) const {
    if (Is(i, "best") || Is(i, "worst") || Is(i, "most") || Is(i, "least")) return true;
    return i < tokens_.size() && tokens_[i].kind == TokenKind::kWord &&
           tokens_[i].text.size() >= 6 && tokens_[i].text.ends_with("est") &&
           !std::binary_search(std::begin(kNoSuperlatives), std::end(kNoSuperlatives),
                               tokens_[i].text);
  }

  bool ReadOne(Number* number) {
    const Dimension currency = CurrencyAhead();
    if (std::optional<Number> time = ReadTimeOfDay(text_, &at_); time.has_value()) {
      *number = *time;
      return true;
    }
    if (IsDigits(at_)) {
      if (IsNumeronym()) return false;
      ReadDigits(number);
      ReadHalfBehind(number);
      ReadSuffix(currency, number);
    } else if (std::optional<Number> in_words = ReadInWords(text_, &at_); in_words.has_value()) {
      *number = *in_words;
      ReadHalfBehind(number);
    } else {
      return ReadBareUnit(number);
    }
    ReadUnits(currency, number);
    return true;
  }

  // "k8s"
  bool IsNumeronym() const {
    return at_ > 0 && IsGlued(at_) && IsGlued(at_ + 1) &&
           std::binary_search(std::begin(kNumeronyms), std::end(kNumeronyms),
                              text_.Span(at_ - 1, at_ + 2));
  }

  // "two and a half", "6 and a half".
  void ReadHalfBehind(Number* number) {
    if (number->is_ordinal || number->is_share || !Is(at_, "and") || !Is(at_ + 1, "a") ||
        !Is(at_ + 2, "half"))
      return;
    number->value += 0.5;
    number->digits = {};
    number->is_weak = false;
    at_ += 3;
  }

  // "1,234.50", "1,00,000", "1.2.3": digits with what is glued between them.
  void ReadDigits(Number* number) {
    const size_t begin = at_;
    const bool versioned = begin > 0 && tokens_[begin - 1].kind == TokenKind::kWord &&
                           (tokens_[begin].glued ||
                            std::binary_search(std::begin(kVersionedWords),
                                               std::end(kVersionedWords), tokens_[begin - 1].text));
    std::string plain(tokens_[at_++].text);
    if (plain.size() <= 3) {
      const size_t end = EndOfGroups(at_);
      for (; at_ < end; at_ += 2) plain.append(tokens_[at_ + 1].text);
    }
    int points = 0;
    while (Is(at_, ".") && IsGlued(at_) && IsDigits(at_ + 1) && IsGlued(at_ + 1)) {
      if (++points == 1) plain.append(".").append(tokens_[at_ + 1].text);
      at_ += 2;
    }
    number->digits = text_.Span(begin, at_);
    if (points == 0 && ReadFraction(begin, plain, number)) return;
    number->is_version = points > 1 || versioned;
    number->value = ValueOf(plain);
    if (points == 0 && plain.size() <= 2) ReadPartBehind(number);
    const bool is_negative =
        begin > 0 && Is(begin - 1, "-") && tokens_[begin].glued &&
        (!tokens_[begin - 1].glued || begin == 1 || tokens_[begin - 2].kind == TokenKind::kSymbol);
    if (is_negative) number->value = -number->value;
  }

  // "1 1/2".
  void ReadPartBehind(Number* number) {
    if (!IsDigits(at_) || IsGlued(at_)) return;
    const size_t above = at_++;
    Number part;
    if (ReadFraction(above, std::string(tokens_[above].text), &part)) {
      number->value += part.value;
      number->digits = {};
    } else {
      at_ = above;
    }
  }

  // "3/4", but neither "9/11" nor a date.
  bool ReadFraction(size_t begin, const std::string& numerator, Number* number) {
    if (numerator.size() != 1 || !Is(at_, "/") || !IsGlued(at_) || !IsDigits(at_ + 1) ||
        !IsGlued(at_ + 1) || tokens_[at_ + 1].text.size() != 1 || Is(at_ + 2, "/") ||
        (begin > 0 && Is(begin - 1, "/"))) {
      return false;
    }
    const int above = numerator[0] - '0';
    const int below = tokens_[at_ + 1].text[0] - '0';
    if (above == 0 || above >= below) return false;
    at_ += 2;
    number->value = static_cast<double>(above) / below;
    number->is_share = true;
    return true;
  }

  // Groups of two (in India) or three digits, the last of three; `at` if there are none.
  size_t EndOfGroups(size_t at) const {
    size_t end = at;
    for (size_t i = at; Is(i, ",") && IsGlued(i) && IsDigits(i + 1) && IsGlued(i + 1); i += 2) {
      const size_t size = tokens_[i + 1].text.size();
      if (size != 2 && size != 3) return at;
      if (size == 3) end = i + 2;
    }
    return end;
  }

  // "401k", "401(k)": the number names a plan, and counts nothing.
  bool ReadPlan() {
    if (Is(at_, "k")) {
      ++at_;
      return true;
    }
    if (!Is(at_, "(") || !Is(at_ + 1, "k") || !IsGlued(at_ + 1) || !Is(at_ + 2, ")")) return false;
    at_ += 3;
    return true;
  }

  // "3rd", "90s", "5k", "2.5 million".
  void ReadSuffix(Dimension currency, Number* number) {
    if (IsGlued(at_)) {
      if (Is(at_, "st") || Is(at_, "nd") || Is(at_, "rd") || Is(at_, "th")) {
        number->is_ordinal = true;
        ++at_;
        return;
      }
      if (tokens_[at_ - 1].text == "401" && ReadPlan()) {
        number->name = number->digits;
        number->value *= 1e3;
        number->digits = {};
        return;
      }
      const bool money = currency != Dimension::kNone;
      double scale = 1;
      if (Is(at_, "k")) scale = 1e3;
      if (Is(at_, "mn") || (money && Is(at_, "m"))) scale = 1e6;
      if (Is(at_, "bn") || (money && Is(at_, "b"))) scale = 1e9;
      if (scale > 1) {
        number->value *= scale;
        number->digits = {};
        ++at_;
        return;
      }
      if (Is(at_, "m")) number->scale_without_unit = 1e6;
      if (Is(at_, "b")) number->scale_without_unit = 1e9;
    }
    while (at_ < tokens_.size()) {
      const NumberWord* word = FindNumberWord(tokens_[at_]);
      if (word == nullptr || word->kind != NumberWordKind::kScale || word->ordinal) break;
      number->value *= word->value;
      number->digits = {};
      ++at_;
    }
  }

  // The currency written before the amount: "$5", "Rs. 5".
  Dimension CurrencyAhead() const {
    size_t i = at_;
    if (i > 1 && Is(i - 1, ".")) --i;
    return i > 0 ? CurrencyBefore(text_, i - 1) : Dimension::kNone;
  }

  // "a minute", "per kilo": one of it.
  bool ReadBareUnit(Number* number) {
    // "a second opinion", "a second-degree burn"
    const size_t behind = at_ + 2;
    if (Is(at_, "a") && Is(at_ + 1, "second") && behind < tokens_.size() &&
        (tokens_[behind].kind == TokenKind::kWord || Is(behind, "-"))) {
      return false;
    }
    const std::optional<Unit> unit = ReadPer(text_, &at_);
    if (!unit.has_value()) return false;
    number->value = 1;
    number->unit = *unit;
    number->is_weak = true;
    return true;
  }

  void ReadUnits(Dimension currency, Number* number) {
    if (number->is_ordinal) return;
    if (currency != Dimension::kNone) {
      number->unit = Unit{currency};
    } else if (const std::optional<Unit> unit = ReadUnit(text_, &at_); unit.has_value()) {
      number->unit = *unit;
    }
    if (!number->unit.known()) return;
    const std::optional<Unit> per = ReadPer(text_, &at_);
    if (!per.has_value()) return;
    const bool in_time = per->dimension == Dimension::kTime;
    if (number->unit.dimension == Dimension::kLength && in_time) {
      number->unit = Unit{Dimension::kSpeed, 1, number->unit.factor / per->factor};
    } else if (number->unit.dimension == Dimension::kBits && in_time) {
      number->unit = Unit{Dimension::kBitRate, 1, number->unit.factor / per->factor};
    } else if (currency == Dimension::kNone && number->unit.dimension == Dimension::kPound &&
               per->dimension == Dimension::kLength && per->power == 2) {
      number->unit =
          Unit{Dimension::kPressure, 1, number->unit.factor * kNewtonsOfAPound / per->factor};
    } else {
      number->per = *per;
    }
  }

  const Text& text_;
  const Tokens tokens_;
  size_t at_ = 0;
  size_t end_ = 0;  // of the last number
  Numbers numbers_;
};

}  // namespace

Numbers ReadNumbers(const Text& text) { return Reader(text).Read(); }

}  // namespace semcached::guard
