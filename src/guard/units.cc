#include "guard/units.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string_view>

#include "guard/languages.h"
#include "guard/word_filter.h"

namespace semcached::guard {
namespace {

constexpr bool ByWord(const UnitWord& a, const UnitWord& b) { return a.word < b.word; }
static_assert(std::is_sorted(std::begin(kEnglishUnits), std::end(kEnglishUnits), ByWord));

// Of the units and the rates.
const WordFilter& Filter() {
  static const auto* filter = [] {  // never destroyed
    auto* made = new WordFilter;
    made->AddRows(kEnglishUnits);
    made->AddRows(kEnglishRates);
    return made;
  }();
  return *filter;
}

const UnitWord* FindUnit(std::string_view word) {
  if (!Filter().MayHave(word)) return nullptr;
  const auto* found = std::lower_bound(std::begin(kEnglishUnits), std::end(kEnglishUnits),
                                       UnitWord{word, Dimension::kNone, 1}, ByWord);
  return found != std::end(kEnglishUnits) && found->word == word ? found : nullptr;
}

const RateWord* FindRate(std::string_view word) {
  if (!Filter().MayHave(word)) return nullptr;
  for (const RateWord& rate : kEnglishRates) {
    if (rate.word == word) return &rate;
  }
  return nullptr;
}

// "percentage points", "basis points": differences of what is in percent, in hundredths of one.
std::optional<Unit> ReadPoints(const Text& text, size_t at) {
  const Tokens tokens = text.tokens();
  if (at + 1 >= tokens.size()) return std::nullopt;
  if (tokens[at + 1].text != "points" && tokens[at + 1].text != "point") return std::nullopt;
  if (tokens[at].text == "percentage") return Unit{Dimension::kBasisPoints, 1, 100};
  if (tokens[at].text == "basis") return Unit{Dimension::kBasisPoints, 1, 1};
  return std::nullopt;
}

// Whether a number stands before the unit at `at`: "5 miles", "39 degrees celsius".
bool HasAmount(Tokens tokens, size_t at) {
  const auto is_degree = [](std::string_view word) {
    return word == "degree" || word == "degrees" || word == "°" || word == "º";
  };
  if (at > 0 && is_degree(tokens[at - 1].text)) --at;
  if (at == 0) return false;
  if (tokens[at - 1].kind == TokenKind::kDigits) return true;
  const NumberWord* const word = FindNumberWord(tokens[at - 1]);
  return word != nullptr && !word->ordinal;
}

}  // namespace

std::optional<Unit> ReadUnit(const Text& text, size_t* at) {
  const Tokens tokens = text.tokens();
  const auto is = [&](size_t i, std::string_view word) {
    return i < tokens.size() && tokens[i].text == word;
  };
  size_t i = *at;
  if (is(i, "-")) ++i;  // "5-inch"
  if (is(i, "%")) {
    *at = i + 1;
    return Unit{Dimension::kPercent};
  }
  if (const std::optional<Unit> points = ReadPoints(text, i); points.has_value()) {
    *at = i + 2;
    return points;
  }
  if (is(i, "per") && is(i + 1, "cent")) {
    *at = i + 2;
    return Unit{Dimension::kPercent};
  }
  if ((is(i, "a") || is(i, "p")) && is(i + 1, ".") && is(i + 2, "m") && tokens[i + 2].glued) {
    const bool morning = is(i, "a");
    *at = i + (is(i + 3, ".") ? 4 : 3);
    return Unit{morning ? Dimension::kMorning : Dimension::kAfternoon};
  }
  const bool degrees = is(i, "°") || is(i, "º") || is(i, "degree") || is(i, "degrees");
  if (degrees) *at = ++i;
  int power = 1;
  if (is(i, "square") || is(i, "sq")) power = 2;
  if (is(i, "cubic") || is(i, "cu")) power = 3;
  if (power > 1) i += is(i + 1, ".") || is(i + 1, "-") ? 2 : 1;  // "sq. ft", "square-foot"
  if (i < tokens.size() && tokens[i].kind == TokenKind::kWord) {
    if (const RateWord* rate = FindRate(tokens[i].text); rate != nullptr) {
      *at = i + 1;
      return Unit{rate->rate, 1, rate->factor / rate->seconds};
    }
    const UnitWord* unit = FindUnit(tokens[i].text);
    if (unit != nullptr && (!unit->glued_only || tokens[i].glued)) {
      *at = i + 1;
      if (is(i + 1, "^") && tokens[i + 1].glued && (is(i + 2, "2") || is(i + 2, "3"))) {
        power = is(i + 2, "2") ? 2 : 3;
        *at = i + 3;
      }
      power = std::max(power, unit->power);
      return Unit{unit->dimension, power, std::pow(unit->factor, power)};
    }
  }
  if (degrees) return Unit{Dimension::kDegree};
  return std::nullopt;
}

std::optional<Unit> ReadPer(const Text& text, size_t* at) {
  const Tokens tokens = text.tokens();
  if (*at + 1 >= tokens.size()) return std::nullopt;
  const std::string_view word = tokens[*at].text;
  if (word != "/" && word != "per" && word != "a" && word != "an" && word != "each" &&
      word != "every") {
    return std::nullopt;
  }
  size_t i = *at + 1;
  const std::optional<Unit> unit = ReadUnit(text, &i);
  if (!unit.has_value()) return std::nullopt;
  *at = i;
  return unit;
}

BareUnits ReadBareUnits(const Words& words, const Text& text) {
  const Tokens tokens = text.tokens();
  BareUnits units;
  for (const Word& word : words) {
    const bool letter = word.text.size() == 1;
    if (!letter && (word.info == nullptr || !word.info->number)) continue;
    // "3-year-old", "square-foot"
    const size_t hyphen = word.token > 1 && tokens[word.token - 1].text == "-" ? 1 : 0;
    const std::string_view before = word.token > 0 ? tokens[word.token - 1 - hyphen].text : "";
    // A letter is a unit where one must stand; "c" is a language, too.
    if (letter && before != "in" && before != "to" && before != "/" && before != "per") continue;
    const bool has_amount = HasAmount(tokens, word.token - hyphen);
    if (word.text == "second" && before != "per" && before != "/" && before != "a") continue;
    if (const RateWord* rate = FindRate(word.text); rate != nullptr) {
      units.push_back({{rate->dimension, 1, rate->factor}, word.text, has_amount});
      units.push_back({{Dimension::kTime, 1, rate->seconds}, word.text, has_amount});
    }
    if (word.text == "cent" && before == "per") {
      units.push_back({{Dimension::kPercent}, word.text, has_amount});
      continue;
    }
    if (const std::optional<Unit> points = ReadPoints(text, word.token); points.has_value()) {
      units.push_back({*points, word.text, has_amount});
      continue;
    }
    const UnitWord* unit = FindUnit(word.text);
    if (unit == nullptr || unit->glued_only) continue;
    // "I am", the prime minister.
    if (unit->dimension == Dimension::kMorning || unit->dimension == Dimension::kAfternoon) {
      continue;
    }
    const int power = before == "square" || before == "sq"  ? 2
                      : before == "cubic" || before == "cu" ? 3
                                                            : unit->power;
    units.push_back({{unit->dimension, power, unit->factor}, word.text, has_amount});
  }
  return units;
}

Dimension DimensionOf(std::string_view word) {
  const UnitWord* unit = FindUnit(word);
  if (unit == nullptr || unit->glued_only || unit->power > 1 || word.size() == 1) {
    return Dimension::kNone;
  }
  return unit->dimension;
}

Dimension CurrencyBefore(const Text& text, size_t at) {
  const std::string_view sign = text.tokens()[at].text;
  for (const CurrencySign& known : kCurrencySigns) {
    if (known.sign == sign) return known.dimension;
  }
  return Dimension::kNone;
}

}  // namespace semcached::guard
