#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "guard/number_reader.h"
#include "guard/text.h"
#include "semcached/guard/guard.h"

namespace semcached {
namespace {

using guard::Dimension;
using guard::Number;
using guard::Numbers;
using guard::Unit;

// Lists longer than this are compared in the order they stand in, so that a long text costs no
// quadratic time.
constexpr size_t kMaxUnordered = 64;

// Conversion factors are rounded; what people write is not that close.
bool Near(double a, double b) {
  return a == b || std::abs(a - b) <= 1e-9 * std::max(std::abs(a), std::abs(b));
}

bool SameKind(const Unit& a, const Unit& b) {
  return a.dimension == b.dimension && a.power == b.power;
}

// A unit that only one side writes is taken as implied ("$5" and "5"), but for percent: five points
// are not five percent.
bool SameAmount(const Number& a, const Number& b) {
  if (a.is_version || b.is_version) {
    if (!a.digits.empty() && !b.digits.empty()) return a.digits == b.digits;
  }
  if (a.is_share && !a.unit.known() && b.unit.dimension == Dimension::kPercent)
    return Near(a.value * 100, b.value);
  if (b.is_share && !b.unit.known() && a.unit.dimension == Dimension::kPercent)
    return Near(b.value * 100, a.value);
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

// "9 minus 4" and "4 minus 9": amounts of one unit that trade places trade roles. Of different
// units they do not: "3 km in 5 minutes" is "in 5 minutes 3 km". `partner` holds where in `b` each
// of `a` stands.
std::optional<std::string> TradePlaces(const Numbers& a, const Numbers& b) {
  // Those of the unit of `like`, in the order in which they stand.
  const auto of_unit = [](const Numbers& numbers, const Number& like) {
    std::vector<const Number*> found;
    for (const Number& number : numbers) {
      if (!number.is_weak && SameKind(number.unit, like.unit)) found.push_back(&number);
    }
    return found;
  };
  for (const Number& like : a) {
    const std::vector<const Number*> left = of_unit(a, like);
    const std::vector<const Number*> right = of_unit(b, like);
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

// Pairs equal amounts off, each once, and compares what is left over.
std::optional<std::string> ComparePaired(const Numbers& a, const Numbers& b) {
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
  const auto first_strong = [](const Numbers& numbers, uint64_t rest) -> const Number* {
    for (size_t i = 0; i < numbers.size(); ++i) {
      if ((rest >> i & 1) != 0 && !numbers[i].is_weak) return &numbers[i];
    }
    return nullptr;
  };
  const Number* strong_left = first_strong(a, left);
  const Number* strong_right = first_strong(b, right);
  if (strong_left != nullptr || strong_right != nullptr) return Differ(strong_left, strong_right);
  for (size_t i = 0; i < a.size(); ++i) {
    for (size_t j = 0; j < b.size(); ++j) {
      if ((left >> i & 1) != 0 && (right >> j & 1) != 0 && Contradict(a[i], b[j])) {
        return Differ(&a[i], &b[j]);
      }
    }
  }
  return TradePlaces(a, b);
}

}  // namespace

std::optional<std::string> NumbersDiffer(std::string_view a, std::string_view b) {
  const guard::Text left(a);
  const guard::Text right(b);
  const Numbers left_numbers = ReadNumbers(left);
  const Numbers right_numbers = ReadNumbers(right);
  if (left_numbers.size() > kMaxUnordered || right_numbers.size() > kMaxUnordered) {
    return CompareInOrder(left_numbers, right_numbers);
  }
  return ComparePaired(left_numbers, right_numbers);
}

}  // namespace semcached
