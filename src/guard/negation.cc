#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "guard/direction.h"
#include "guard/negation_data.h"
#include "guard/opposed.h"
#include "guard/text.h"
#include "semcached/guard/guard.h"

namespace semcached {
namespace {

using guard::Text;
using guard::TokenKind;

static_assert(std::is_sorted(std::begin(guard::kEnglishNegations),
                             std::end(guard::kEnglishNegations)));

bool Negates(std::string_view word) {
  return word.ends_with("n't") || std::binary_search(std::begin(guard::kEnglishNegations),
                                                     std::end(guard::kEnglishNegations), word);
}

// The forms that look like a negation and deny nothing. Knows English.
bool IsHarmless(const Text& text, size_t at) {
  const auto& tokens = text.tokens();
  const auto is = [&](size_t i, std::string_view word) {
    return i < tokens.size() && tokens[i].text == word;
  };
  const std::string_view word = tokens[at].text;
  if (word == "no") {  // "no problem", "No. 5", "No, it ..."
    return (at == 0 && is(at + 1, ",")) || is(at + 1, "problem") || is(at + 1, "matter") ||
           is(at + 1, "doubt") ||
           (is(at + 1, ".") && at + 2 < tokens.size() && tokens[at + 2].kind == TokenKind::kDigits);
  }
  if (word == "not") {  // "not only", "whether or not", "why not", "if not, why?"
    if (at > 0 && is(at - 1, "if")) return is(at + 1, ",") || is(at + 1, "?");
    return is(at + 1, "only") || (at > 0 && (is(at - 1, "or") || is(at - 1, "why")));
  }
  if (word == "nor") {  // counted with its "neither"
    return std::any_of(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(at),
                       [](const guard::Token& token) { return token.text == "neither"; });
  }
  if (word == "don't" || word == "dont") {  // "why don't you restart it"
    return at > 0 && is(at - 1, "why") && (is(at + 1, "you") || is(at + 1, "we"));
  }
  if (word.ends_with("n't")) {  // "..., isn't it?"
    return at > 0 && is(at - 1, ",") && at + 3 >= tokens.size();
  }
  return false;
}

struct Polarity {
  bool negative = false;
  std::string_view word;  // the last that counted
};

// Two negations cancel each other out.
Polarity PolarityOf(const Text& text) {
  Polarity polarity;
  for (size_t i = 0; i < text.tokens().size(); ++i) {
    const guard::Token& token = text.tokens()[i];
    if (token.kind != TokenKind::kWord || !Negates(token.text) || IsHarmless(text, i)) continue;
    polarity.negative = !polarity.negative;
    polarity.word = token.text;
  }
  return polarity;
}

std::string Concat(std::string_view a, std::string_view b, std::string_view c) {
  std::string text(a);
  text += b;
  text += c;
  return text;
}

}  // namespace

std::optional<std::string> NegationDiffers(std::string_view a, std::string_view b) {
  const Text left(a);
  const Text right(b);
  const Polarity left_polarity = PolarityOf(left);
  const Polarity right_polarity = PolarityOf(right);
  if (left_polarity.negative != right_polarity.negative) {
    const Polarity& negative = left_polarity.negative ? left_polarity : right_polarity;
    return Concat("only one text is negated: ", negative.word, "");
  }
  if (const auto opposed = FindOpposed(left, right); opposed.has_value()) {
    return Concat("opposites: ", opposed->first, " against ") + std::string(opposed->second);
  }
  if (const auto turned = guard::FindTurned(left, right); turned.has_value()) {
    return Concat("directions differ: ", turned->first, " against ") + std::string(turned->second);
  }
  return std::nullopt;
}

}  // namespace semcached
