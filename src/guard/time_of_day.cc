#include "guard/time_of_day.h"

#include "guard/units.h"

namespace semcached::guard {
namespace {

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
  if (hour >= 13 || hour == 0) {
    time.value += hour == 0 ? 12 : -12;
    time.unit.dimension = hour == 0 || hour == 24 ? Dimension::kMorning : Dimension::kAfternoon;
  } else if (minute != 0) {
    return std::nullopt;
  }
  *at = begin + 3;
  return time;
}

}  // namespace semcached::guard
