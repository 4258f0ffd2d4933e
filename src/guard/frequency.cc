#include "guard/frequency.h"

#include <algorithm>
#include <cstddef>
#include <iterator>

#include "guard/number_words_data.h"

namespace semcached::guard {
namespace {

static_assert(std::is_sorted(std::begin(kBehindTimes), std::end(kBehindTimes)));

struct Frequency {
  std::string_view written;
  double times = 0;
  std::string_view per;  // "day", "daily"
};

double TimesIn(std::string_view word) {
  if (word == "once") return 1;
  if (word == "twice") return 2;
  return word == "thrice" ? 3 : 0;
}

// "four" of "four times", the token at `times` being that; nullptr if no number stands before it.
const Number* NumberBefore(const Prepared& text, const Token& times) {
  const auto found =
      std::find_if(text.numbers.begin(), text.numbers.end(), [&](const Number& number) {
        return number.written.data() + number.written.size() + 1 == times.text.data();
      });
  return found == text.numbers.end() ? nullptr : &*found;
}

// The one of the text; nullopt if it has none, or several.
std::optional<Frequency> FindFrequency(const Prepared& text) {
  const Tokens tokens = text.text.tokens();
  std::optional<Frequency> found;
  for (size_t i = 0; i + 1 < tokens.size(); ++i) {
    Frequency one{tokens[i].text, TimesIn(tokens[i].text), {}};
    if (one.times == 0 && one.written != "times") continue;
    if (!std::binary_search(std::begin(kBehindTimes), std::end(kBehindTimes), tokens[i + 1].text)) {
      continue;
    }
    if (one.times == 0) {
      const Number* const number = NumberBefore(text, tokens[i]);
      if (number == nullptr) continue;
      one = {number->written, number->value, {}};
    }
    const bool is_whole = tokens[i + 1].text.ends_with("ly");
    one.per = is_whole || i + 2 >= tokens.size() ? tokens[i + 1].text : tokens[i + 2].text;
    if (found.has_value()) return std::nullopt;
    found = one;
  }
  return found;
}

}  // namespace

std::optional<std::pair<std::string_view, std::string_view>> FindFrequencies(const Prepared& a,
                                                                             const Prepared& b) {
  const std::optional<Frequency> left = FindFrequency(a);
  if (!left.has_value()) return std::nullopt;
  const std::optional<Frequency> right = FindFrequency(b);
  if (!right.has_value() || left->times == right->times || left->per != right->per) {
    return std::nullopt;
  }
  return std::make_pair(left->written, right->written);
}

}  // namespace semcached::guard
