#include <algorithm>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "guard/formulas.h"
#include "guard/frequency.h"
#include "guard/guards.h"
#include "guard/number_reader.h"
#include "guard/number_words_data.h"
#include "guard/operators.h"
#include "guard/prepared.h"
#include "guard/units.h"

namespace semcached::guard {
namespace {

static_assert(std::is_sorted(std::begin(kSymmetric), std::end(kSymmetric)));

// Lists longer than this are compared in the order they stand in, so that a long text costs no
// quadratic time.
constexpr size_t kMaxUnordered = 64;
// A text with more numbers is an exercise, and none of them a detail.
constexpr size_t kMaxDetails = 2;
// A text with more numbers tells a story, and may tell it in another order.
constexpr size_t kMaxPlaces = 4;
// So many denials are looked at one by one.
constexpr size_t kMaxDenials = 16;
// A text that names more units tells a story, and in its own.
constexpr size_t kMaxUnits = 8;
constexpr size_t kLongText = 20;
constexpr double kFirstYear = 2000;
constexpr double kLastYear = 2099;

// Conversion factors are rounded; what people write is not that close.
bool Near(double a, double b) {
  return a == b || std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b));
}

bool SameKind(const Unit& a, const Unit& b) {
  return a.dimension == b.dimension && a.power == b.power;
}

// "a 5k run" of 5 km.
bool IsRunOf(const Number& run, const Number& way) {
  const bool in_thousands = run.digits.empty() && (run.value == 5000 || run.value == 10000);
  return in_thousands && !run.unit.known() && way.unit.dimension == Dimension::kLength &&
         way.unit.power == 1 && Near(way.value * way.unit.factor, run.value);
}

// A unit that only one side writes is taken as implied ("$5" and "5"), but for percent: five points
// are not five percent.
bool SameAmount(const Number& a, const Number& b) {
  if (a.is_version || b.is_version) {
    if (!a.digits.empty() && !b.digits.empty()) return a.digits == b.digits;
  }
  if (a.clock >= 0 && b.clock >= 0) return a.clock == b.clock;
  if (a.is_share && !a.unit.known() && b.unit.dimension == Dimension::kPercent)
    return Near(a.value * 100, b.value);
  if (b.is_share && !b.unit.known() && a.unit.dimension == Dimension::kPercent)
    return Near(b.value * 100, a.value);
  if (a.scale_without_unit > 1 && !b.unit.known() && Near(a.value * a.scale_without_unit, b.value))
    return true;
  if (b.scale_without_unit > 1 && !a.unit.known() && Near(b.value * b.scale_without_unit, a.value))
    return true;
  if (IsRunOf(a, b) || IsRunOf(b, a)) return true;
  if (!a.unit.known() || !b.unit.known()) {
    const Dimension only = a.unit.known() ? a.unit.dimension : b.unit.dimension;
    return only != Dimension::kPercent && Near(a.value, b.value);
  }
  if (!SameKind(a.unit, b.unit)) return false;
  double left = a.value * a.unit.factor;
  double right = b.value * b.unit.factor;
  if (a.per.known() && b.per.known()) {
    if (!SameKind(a.per, b.per)) return false;
    left /= a.per.factor;
    right /= b.per.factor;
  }
  return Near(left, right);
}

// Weak numbers without a partner only contradict each other: "the first" and "the second", "a day"
// and "a week", but not "which one" and "a day".
bool Contradict(const Number& a, const Number& b) {
  return (a.is_ordinal && b.is_ordinal) || (a.unit.known() && b.unit.known());
}

// A detail that the other question may leave out: how long the list shall be, how much time there
// is, how old who asks is, two of something. Not in an exercise, where every number counts.
// The year of a question for advice ("the best phones of 2024") is one, that of a fact is not.
bool IsDetail(const Number& number, const Prepared& text) {
  if (number.value >= kFirstYear && number.value <= kLastYear && !number.unit.known()) {
    return std::any_of(text.words.begin(), text.words.end(), [](const Word& word) {
      return word.text == "best" || word.text == "top" || word.text == "how" ||
             word.text == "should" || word.text == "latest";
    });
  }
  return number.is_list || number.unit.dimension == Dimension::kTime ||
         number.unit.dimension == Dimension::kMonths ||
         (number.digits.empty() && !number.unit.known() && !number.is_ordinal && number.value < 10);
}

std::string Differ(const Number* a, const Number* b) {
  std::string reason = "numbers differ: ";
  reason += a == nullptr ? "none" : a->written;
  reason += " against ";
  reason += b == nullptr ? "none" : b->written;
  return reason;
}

std::optional<std::string> CompareInOrder(const Numbers& a, const Numbers& b) {
  for (size_t i = 0; i < std::max(a.size(), b.size()); ++i) {
    const Number* left = i < a.size() ? &a[i] : nullptr;
    const Number* right = i < b.size() ? &b[i] : nullptr;
    if (left == nullptr || right == nullptr || !SameAmount(*left, *right)) {
      return Differ(left, right);
    }
  }
  return std::nullopt;
}

// Whether the number stands behind its name there, too: "iphone 8 with ios 16" is "ios 16 on an
// iphone 8". A name with two numbers says nothing.
bool KeepsItsName(const Number& number, const Numbers& own, const Numbers& others) {
  if (number.name.empty()) return false;
  const auto follow = [&](const Numbers& numbers) {
    return std::count_if(numbers.begin(), numbers.end(),
                         [&](const Number& one) { return one.name == number.name; });
  };
  if (follow(own) != 1 || follow(others) != 1) return false;
  return std::any_of(others.begin(), others.end(), [&](const Number& other) {
    return other.name == number.name && SameAmount(number, other);
  });
}

// "a 15-year or a 30-year mortgage": two to choose from, in either order.
bool OffersChoice(const Prepared& text) {
  const Numbers& numbers = text.numbers;
  return numbers.size() == 2 && numbers[0].unit.known() && numbers[1].unit.known() &&
         !HasWord(text.words, "and") &&
         (HasWord(text.words, "or") || HasWord(text.words, "vs") || HasWord(text.words, "versus"));
}

// "the gcd of 48 and 180": what is done with them minds no order.
bool AreSymmetric(const Prepared& text) {
  if (text.numbers.size() != 2) return false;
  return std::any_of(text.words.begin(), text.words.end(), [](const Word& word) {
    return std::binary_search(std::begin(kSymmetric), std::end(kSymmetric), word.text);
  });
}

// "9 minus 4" and "4 minus 9": amounts of one unit that trade places trade roles. Of different
// units they do not: "3 km in 5 minutes" is "in 5 minutes 3 km".
std::optional<std::string> TradePlaces(const Prepared& text_a, const Prepared& text_b) {
  const Numbers& a = text_a.numbers;
  const Numbers& b = text_b.numbers;
  if (a.size() > kMaxPlaces || b.size() > kMaxPlaces) return std::nullopt;
  if (OffersChoice(text_a) && OffersChoice(text_b)) return std::nullopt;
  if (AreSymmetric(text_a) && AreSymmetric(text_b)) return std::nullopt;
  // Those of the unit of `like`, in the order in which they stand.
  const auto of_unit = [](const Numbers& numbers, const Numbers& others, const Number& like) {
    std::vector<const Number*> found;
    for (const Number& number : numbers) {
      if (!number.is_weak && SameKind(number.unit, like.unit) &&
          !KeepsItsName(number, numbers, others)) {
        found.push_back(&number);
      }
    }
    return found;
  };
  for (const Number& like : a) {
    const std::vector<const Number*> left = of_unit(a, b, like);
    const std::vector<const Number*> right = of_unit(b, a, like);
    if (left.size() != right.size()) continue;
    for (size_t i = 0; i < left.size(); ++i) {
      if (SameAmount(*left[i], *right[i])) continue;
      return std::string("numbers trade places: ")
          .append(left[i]->written)
          .append(" and ")
          .append(right[i]->written);
    }
  }
  return std::nullopt;
}

bool HasStrong(const Numbers& numbers) {
  return std::any_of(numbers.begin(), numbers.end(),
                     [](const Number& number) { return !number.is_weak; });
}

// The first word behind `at`, a place in the text of `words`; nullptr if there is none.
const Word* FindBehind(const Words& words, const char* at) {
  const auto found = std::lower_bound(
      words.begin(), words.end(), at,
      [](const Word& word, const char* place) { return word.text.data() < place; });
  return found == words.end() ? nullptr : &*found;
}

// Whether `other` denies what `zero` of `text` counts: "zero salvage value", "no salvage value".
bool IsDenied(const Number& zero, const Prepared& text, const Prepared& other) {
  if (other.denials.size() <= text.denials.size() || other.denials.size() > kMaxDenials) {
    return false;
  }
  const Word* const counted = FindBehind(text.words, zero.written.data() + zero.written.size());
  if (counted == nullptr) return false;
  return std::any_of(other.denials.begin(), other.denials.end(), [&](const Denial& denial) {
    const std::string_view last = other.text.tokens()[denial.end - 1].text;
    const Word* const denied = FindBehind(other.words, last.data() + last.size());
    return denied != nullptr && MeanTheSame(*denied, *counted);
  });
}

// Pairs equal amounts off, each once, and compares what is left over.
std::optional<std::string> ComparePaired(const Prepared& text_a, const Prepared& text_b) {
  const Numbers& a = text_a.numbers;
  const Numbers& b = text_b.numbers;
  uint64_t left = (a.size() == 64 ? 0 : uint64_t{1} << a.size()) - 1;
  uint64_t right = (b.size() == 64 ? 0 : uint64_t{1} << b.size()) - 1;
  // Amounts that agree in unit first: an amount without one must not take another's partner.
  for (const bool strict : {true, false}) {
    for (size_t i = 0; i < a.size(); ++i) {
      for (size_t j = 0; j < b.size() && (left >> i & 1) != 0; ++j) {
        if ((right >> j & 1) == 0 || !SameAmount(a[i], b[j])) continue;
        if (strict && !SameKind(a[i].unit, b[j].unit)) continue;
        left &= ~(uint64_t{1} << i);
        right &= ~(uint64_t{1} << j);
      }
    }
  }
  const auto drop_denied = [](const Prepared& own, const Prepared& other, uint64_t* rest) {
    for (size_t i = 0; i < own.numbers.size(); ++i) {
      if ((*rest >> i & 1) != 0 && own.numbers[i].value == 0 &&
          IsDenied(own.numbers[i], own, other)) {
        *rest &= ~(uint64_t{1} << i);
      }
    }
  };
  drop_denied(text_a, text_b, &left);
  drop_denied(text_b, text_a, &right);
  const auto first_strong = [](const Numbers& numbers, uint64_t rest) -> const Number* {
    for (size_t i = 0; i < numbers.size(); ++i) {
      if ((rest >> i & 1) != 0 && !numbers[i].is_weak) return &numbers[i];
    }
    return nullptr;
  };
  const Number* strong_left = first_strong(a, left);
  const Number* strong_right = first_strong(b, right);
  const Number* strong = strong_left != nullptr ? strong_left : strong_right;
  if (strong_left != nullptr && strong_right != nullptr) return Differ(strong_left, strong_right);
  if (strong != nullptr) {
    const Numbers& poorer = strong_left != nullptr ? b : a;
    const Numbers& richer = strong_left != nullptr ? a : b;
    if (HasStrong(poorer) || richer.size() > kMaxDetails ||
        !IsDetail(*strong, strong_left != nullptr ? text_a : text_b)) {
      return Differ(strong_left, strong_right);
    }
  }
  for (size_t i = 0; i < a.size(); ++i) {
    for (size_t j = 0; j < b.size(); ++j) {
      if ((left >> i & 1) != 0 && (right >> j & 1) != 0 && Contradict(a[i], b[j])) {
        return Differ(&a[i], &b[j]);
      }
    }
  }
  return std::nullopt;
}

// Texts in which more words differ are put otherwise, and may name their numbers in another order.
bool ArePutAlike(const TextPair& pair) {
  constexpr size_t kMaxLone = 3;
  const Counterparts& pairs = pair.counterparts();
  return !pairs.too_many && pairs.lone_a.size() + pairs.lone_b.size() <= kMaxLone;
}

// The first unit without an amount that `other` does not name at all.
const BareUnit* FindOnlyUnit(const BareUnits& units, const BareUnits& other) {
  for (const BareUnit& one : units) {
    if (one.has_amount) continue;
    const bool found = std::any_of(other.begin(), other.end(), [&](const BareUnit& two) {
      return SameKind(one.unit, two.unit) && one.unit.factor == two.unit.factor;
    });
    if (!found) return &one;
  }
  return nullptr;
}

// Units that people write with either prefix: "mW" and "MW".
constexpr std::string_view kPrefixed[] = {"ma", "mhz", "mj", "mpa", "mv", "mw"};
constexpr size_t kPrefixes = std::size(kPrefixed);

// A bit for each of them that stands behind an amount, written as milli and as mega. Without
// another capital behind it a small letter may be haste.
struct Prefixes {
  uint32_t milli = 0;
  uint32_t mega = 0;
};

Prefixes ReadPrefixes(const Text& text) {
  Prefixes found;
  const Tokens tokens = text.tokens();
  for (size_t i = 1; i < tokens.size(); ++i) {
    if (!tokens[i].capital_within || tokens[i - 1].kind != TokenKind::kDigits) continue;
    for (size_t unit = 0; unit < kPrefixes; ++unit) {
      if (tokens[i].text != kPrefixed[unit]) continue;
      (tokens[i].capital ? found.mega : found.milli) |= uint32_t{1} << unit;
    }
  }
  return found;
}

// "5 mW" against "5 MW".
std::optional<std::string> ComparePrefixes(const Text& a, const Text& b) {
  const Prefixes left = ReadPrefixes(a);
  const Prefixes right = ReadPrefixes(b);
  if ((left.milli & ~right.milli & right.mega & ~left.mega) != 0) {
    return "units differ: milli against mega";
  }
  if ((left.mega & ~right.mega & right.milli & ~left.milli) != 0) {
    return "units differ: mega against milli";
  }
  return std::nullopt;
}

// "in celsius" against "in fahrenheit".
std::optional<std::string> CompareBareUnits(const Prepared& a, const Prepared& b) {
  if (a.words.size() > kLongText || b.words.size() > kLongText) return std::nullopt;
  const BareUnits left = ReadBareUnits(a.words, a.text);
  if (left.empty() || left.size() > kMaxUnits) return std::nullopt;
  const BareUnits right = ReadBareUnits(b.words, b.text);
  if (right.size() > kMaxUnits) return std::nullopt;
  const BareUnit* only_left = FindOnlyUnit(left, right);
  const BareUnit* only_right = only_left == nullptr ? nullptr : FindOnlyUnit(right, left);
  if (only_right == nullptr) return std::nullopt;
  return std::string("units differ: ")
      .append(only_left->written)
      .append(" against ")
      .append(only_right->written);
}

}  // namespace

std::optional<std::string> NumbersDiffer(const TextPair& pair) {
  const Prepared& a = pair.a;
  const Prepared& b = pair.b;
  const Numbers& left = a.numbers;
  const Numbers& right = b.numbers;
  if (left.size() > kMaxUnordered || right.size() > kMaxUnordered) {
    return CompareInOrder(left, right);
  }
  if (auto reason = ComparePaired(a, b); reason.has_value()) return reason;
  if (const auto found = FindFrequencies(a, b); found.has_value()) {
    return std::string("numbers differ: ")
        .append(found->first)
        .append(" against ")
        .append(found->second);
  }
  if (auto reason = TradePlaces(a, b); reason.has_value() && ArePutAlike(pair)) {
    return reason;
  }
  if (const auto found = FindOperators(a.text, b.text); found.has_value()) {
    return std::string("operators differ: ")
        .append(found->first)
        .append(" against ")
        .append(found->second);
  }
  if (const auto found = FindFormulas(a.text, b.text); found.has_value()) {
    return std::string("formulas differ: ")
        .append(found->first)
        .append(" against ")
        .append(found->second);
  }
  if (const auto found = FindLetters(a.text, b.text); found.has_value()) {
    return std::string("letters differ: ")
        .append(found->first)
        .append(" against ")
        .append(found->second);
  }
  if (auto reason = ComparePrefixes(a.text, b.text); reason.has_value()) return reason;
  return CompareBareUnits(a, b);
}

}  // namespace semcached::guard
