#include "guard/formulas.h"

#include <absl/container/inlined_vector.h>
#include <absl/strings/ascii.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "guard/char_set.h"
#include "guard/formulas_data.h"
#include "guard/operators.h"
#include "guard/word_filter.h"

namespace semcached::guard {
namespace {

static_assert(std::is_sorted(std::begin(kFunctions), std::end(kFunctions)));
static_assert(std::is_sorted(std::begin(kRules), std::end(kRules)));
static_assert(std::is_sorted(std::begin(kLabelled), std::end(kLabelled)));

// A text with more of them is an exercise or a program.
constexpr size_t kMaxFormulas = 8;
constexpr size_t kLeastTokens = 3;
// A shorter run of digits and one sign may be a date, a range or a telephone number.
constexpr size_t kLeastDigits = 4;

using Formulas = absl::InlinedVector<std::string, 4>;
using Found = std::optional<std::pair<std::string, std::string>>;

bool IsLetter(const Token& token) {
  return token.kind == TokenKind::kWord && token.text.size() == 1;
}

constexpr CharSet kPartSigns("+-*/^=<>()[]{}:,|!'%");
constexpr CharSet kBeforeFormula(",:'-/");
constexpr CharSet kBehindFormula(",:!'-");
constexpr CharSet kPunctuation(",:");
constexpr CharSet kArticles("ai");
constexpr CharSet kOpening("\"'`($");

bool IsFunction(const Token& token) {
  static const auto* filter = new WordFilter(kFunctions);  // never destroyed
  return filter->MayHave(token.key) &&
         std::binary_search(std::begin(kFunctions), std::end(kFunctions), token.text);
}

bool IsPart(Tokens tokens, size_t i) {
  const Token& token = tokens[i];
  switch (token.kind) {
    case TokenKind::kDigits:
      return true;
    case TokenKind::kWord:
      return token.text.size() == 1 || IsFunction(token);
    case TokenKind::kSymbol:
      return kPartSigns.Has(token.text) || token.text.size() > 1;
  }
  return false;
}

// What token `at` says, with the next one if both are one sign; moves `at` to the last of them.
std::string_view ReadPart(Tokens tokens, size_t end, size_t* at) {
  const Token& token = tokens[*at];
  if (token.kind != TokenKind::kSymbol) return token.text;
  if (*at + 1 < end && tokens[*at + 1].kind == TokenKind::kSymbol && tokens[*at + 1].glued) {
    // Glued tokens lie side by side.
    const std::string_view both(token.text.data(), token.text.size() + tokens[*at + 1].text.size());
    if (const std::string_view meaning = MeaningOfSign(both); meaning != both) {
      ++*at;
      return meaning;
    }
  }
  return MeaningOfSign(token.text);
}

// The colon of "solve for x: 2x = 4", but not of "3:4".
bool EndsPhrase(Tokens tokens, size_t i) {
  return tokens[i].text == ":" && tokens[i].glued && i + 1 < tokens.size() && !tokens[i + 1].glued;
}

// "the 50/30/20 rule": three numbers or more joined by one sign each, before a word, name
// something, however they are joined.
bool NamesRule(Tokens tokens, size_t begin, size_t end) {
  constexpr size_t kLeast = 5;
  if (end < begin + kLeast || (end - begin) % 2 == 0 || end >= tokens.size()) return false;
  if (!std::binary_search(std::begin(kRules), std::end(kRules), tokens[end].text)) return false;
  for (size_t i = begin; i < end; ++i) {
    const bool sign = (i - begin) % 2 == 1;
    if (sign ? tokens[i].text != "/" && tokens[i].text != "-" && tokens[i].text != ":"
             : tokens[i].kind != TokenKind::kDigits) {
      return false;
    }
    if (sign && tokens[i].text != tokens[begin + 1].text) return false;
    if (i > begin && !tokens[i].glued) return false;
  }
  return true;
}

// The formula that begins at `begin`; empty if none does.
std::string FormulaAt(Tokens tokens, size_t begin, size_t* end) {
  size_t at = begin;
  while (at < tokens.size() && IsPart(tokens, at)) {
    ++at;
    if (EndsPhrase(tokens, at - 1)) break;
  }
  *end = std::max(at, begin + 1);
  // Punctuation at its ends is the sentence's, and so are articles before it.
  while (at > begin && kBehindFormula.Has(tokens[at - 1].text)) --at;
  const auto is_article = [&](size_t i) {
    return kArticles.Has(tokens[i].text) && i + 1 < at && tokens[i + 1].kind != TokenKind::kSymbol;
  };
  while (begin < at && (kBeforeFormula.Has(tokens[begin].text) || is_article(begin))) ++begin;
  if (at < begin + kLeastTokens || NamesRule(tokens, begin, at)) return {};
  std::string formula;
  size_t operands = 0;
  size_t digits = 0;
  size_t signs = 0;
  for (size_t i = begin; i < at; ++i) {
    const Token& token = tokens[i];
    operands += token.kind != TokenKind::kSymbol ? 1 : 0;
    digits += token.kind == TokenKind::kDigits ? 1 : 0;
    signs += token.kind == TokenKind::kSymbol && !kPunctuation.Has(token.text) ? 1 : 0;
    // "3 x 4" is no variable.
    const bool times = token.text == "x" && i > begin && i + 1 < at && !token.glued &&
                       tokens[i - 1].kind == TokenKind::kDigits &&
                       tokens[i + 1].kind == TokenKind::kDigits;
    formula += times ? std::string_view("*") : ReadPart(tokens, at, &i);
  }
  if (operands == 0 || signs == 0) return {};
  if (operands == digits && at - begin < kLeastDigits) return {};
  if (operands == 1 && digits == 1) return {};  // "(2019)", "(555)"
  return formula;
}

Formulas ReadFormulas(const Text& text) {
  Formulas formulas;
  const Tokens tokens = text.tokens();
  for (size_t i = 0; i < tokens.size();) {
    size_t end = i + 1;
    if (IsPart(tokens, i)) {
      std::string formula = FormulaAt(tokens, i, &end);
      if (!formula.empty()) formulas.push_back(std::move(formula));
      if (formulas.size() > kMaxFormulas) return {};
    }
    i = end;
  }
  return formulas;
}

const std::string* FindOnly(const Formulas& formulas, const Formulas& other) {
  for (const std::string& formula : formulas) {
    if (std::find(other.begin(), other.end(), formula) == other.end()) return &formula;
  }
  return nullptr;
}

// "k" of "300k", "f" of "350 °F", "l" of "mol/l".
bool IsOfAmount(Tokens tokens, size_t i) {
  if (i == 0 || !tokens[i].glued) return false;
  if (tokens[i].text == "k") return tokens[i - 1].kind == TokenKind::kDigits;
  if (tokens[i - 1].text == "°" || tokens[i - 1].text == "º") return true;
  return tokens[i].text == "l" && i > 1 && tokens[i - 1].text == "/" &&
         tokens[i - 2].kind == TokenKind::kWord && tokens[i - 2].text.size() > 1;
}

// Whether the letter at `i` stands for itself.
bool IsLabel(Tokens tokens, size_t i) {
  const Token& token = tokens[i];
  if (!IsLetter(token) || !absl::ascii_islower(static_cast<unsigned char>(token.text[0]))) {
    return false;
  }
  if (token.text == "i" || IsOfAmount(tokens, i)) return false;
  if (token.text != "a") return true;
  if (token.glued || i + 1 == tokens.size()) return true;
  if (i > 0 && std::binary_search(std::begin(kLabelled), std::end(kLabelled), tokens[i - 1].text)) {
    return true;
  }
  return tokens[i + 1].kind == TokenKind::kSymbol && !kOpening.Has(tokens[i + 1].text);
}

using Counts = std::array<int, 26>;

Counts CountLetters(const Text& text) {
  Counts counts = {};
  const Tokens tokens = text.tokens();
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (IsLabel(tokens, i)) ++counts[static_cast<size_t>(tokens[i].text[0] - 'a')];
  }
  return counts;
}

}  // namespace

Found FindFormulas(const Text& a, const Text& b) {
  const Formulas left = ReadFormulas(a);
  if (left.empty()) return std::nullopt;
  const Formulas right = ReadFormulas(b);
  const std::string* only_left = FindOnly(left, right);
  const std::string* only_right = FindOnly(right, left);
  if (only_left == nullptr || only_right == nullptr) return std::nullopt;
  return std::make_pair(*only_left, *only_right);
}

Found FindLetters(const Text& a, const Text& b) {
  const Counts left = CountLetters(a);
  const Counts right = CountLetters(b);
  char more_left = 0;
  char more_right = 0;
  for (size_t i = 0; i < left.size(); ++i) {
    const char letter = static_cast<char>('a' + i);
    if (left[i] > right[i] && more_left == 0) more_left = letter;
    if (right[i] > left[i] && more_right == 0) more_right = letter;
  }
  if (more_left == 0 || more_right == 0) return std::nullopt;
  return std::make_pair(std::string(1, more_left), std::string(1, more_right));
}

}  // namespace semcached::guard
