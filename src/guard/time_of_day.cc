#include "guard/time_of_day.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "guard/units.h"

namespace semcached::guard {
namespace {

// Before a time; elsewhere one to so many may be a ratio. Sorted.
constexpr std::string_view kLeads[] = {"after", "around", "at",   "before", "by",
                                       "from",  "since",  "till", "until"};
static_assert(std::is_sorted(std::begin(kLeads), std::end(kLeads)));

// Of one or two digits.
int ValueOf(std::string_view digits) {
  int value = 0;
  for (const char digit : digits) value = value * 10 + (digit - '0');
  return value;
}

bool IsHalfOfDay(const std::optional<Unit>& unit) {
  return unit.has_value() &&
         (unit->dimension == Dimension::kMorning || unit->dimension == Dimension::kAfternoon);
}

}  // namespace

std::optional<Number> ReadTimeOfDay(const Text& text, size_t* at) {
  const Tokens tokens = text.tokens();
  const size_t begin = *at;
  const auto is_glued = [&](size_t i, TokenKind kind) {
    return i < tokens.size() && tokens[i].kind == kind && tokens[i].glued;
  };
  const Token& first = tokens[begin];
  Number time;
  if (first.text == "noon" || first.text == "midnight") {
    time.value = 12;
    time.unit.dimension = first.text == "noon" ? Dimension::kAfternoon : Dimension::kMorning;
    time.is_weak = true;
    *at = begin + 1;
    return time;
  }
  if (first.kind != TokenKind::kDigits || first.text.size() > 2) return std::nullopt;
  if (!is_glued(begin + 1, TokenKind::kSymbol) || tokens[begin + 1].text != ":")
    return std::nullopt;
  if (!is_glued(begin + 2, TokenKind::kDigits) || tokens[begin + 2].text.size() != 2) {
    return std::nullopt;
  }
  size_t end = begin + 3;
  if (end < tokens.size() && tokens[end].text == ":") return std::nullopt;  // "10:20:30"
  const int hour = ValueOf(first.text);
  const int minute = ValueOf(tokens[begin + 2].text);
  if (hour > 24 || minute > 59) return std::nullopt;
  time.digits = text.Span(begin, end);
  time.value = hour + minute / 60.0;
  if (const std::optional<Unit> half = ReadUnit(text, &end); IsHalfOfDay(half)) {
    time.unit = *half;
    *at = end;
    return time;
  }
  const bool by_day = hour >= 13 || hour == 0;
  const bool led =
      begin > 0 && std::binary_search(std::begin(kLeads), std::end(kLeads), tokens[begin - 1].text);
  if (hour == 1 && minute != 0 && !led) return std::nullopt;  // "1:10"
  time.clock = hour % 24 + minute / 60.0;
  if (by_day) {
    time.value += hour == 0 ? 12 : -12;
    time.unit.dimension = hour % 24 == 0 ? Dimension::kMorning : Dimension::kAfternoon;
  }
  *at = begin + 3;
  return time;
}

}  // namespace semcached::guard
