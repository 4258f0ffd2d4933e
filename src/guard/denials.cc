#include "guard/denials.h"

#include <algorithm>
#include <iterator>
#include <string_view>

#include "guard/languages.h"
#include "guard/negation_data.h"
#include "guard/word_filter.h"

namespace semcached::guard {
namespace {

static_assert(std::is_sorted(std::begin(kEnglishDenyingWords), std::end(kEnglishDenyingWords)));
static_assert(std::is_sorted(std::begin(kEnglishDenyingVerbs), std::end(kEnglishDenyingVerbs)));
static_assert(std::is_sorted(std::begin(kEnglishUnknown), std::end(kEnglishUnknown)));
static_assert(std::is_sorted(std::begin(kEnglishStoppingVerbs), std::end(kEnglishStoppingVerbs)));

// "I do not know how to do it": a sentence of its own, which asks how to. Who does not know stands
// at `who`, "know" at `know`.
bool IsUnknown(Tokens tokens, size_t who, size_t know) {
  if (know + 1 >= tokens.size() || tokens[know].text != "know") return false;
  if (tokens[who].text != "i" && tokens[who].text != "we") return false;
  if (who > 0 && tokens[who - 1].kind != TokenKind::kSymbol && tokens[who - 1].text != "but") {
    return false;
  }
  return std::binary_search(std::begin(kEnglishUnknown), std::end(kEnglishUnknown),
                            tokens[know + 1].text);
}

// The forms that look like a negation and deny nothing. Knows English.
bool IsHarmless(const Text& text, size_t at) {
  const Tokens tokens = text.tokens();
  const auto is = [&](size_t i, std::string_view word) {
    return i < tokens.size() && tokens[i].text == word;
  };
  const std::string_view word = tokens[at].text;
  if (word == "no") {  // "no problem", "No. 5", "No, it ...", "telephone no."
    if (at > 0 && at + 2 == tokens.size() && is(at + 1, ".")) {
      for (const std::string_view numbered :
           {"account", "id", "order", "phone", "serial", "telephone"}) {
        if (is(at - 1, numbered)) return true;
      }
    }
    return (at == 0 && is(at + 1, ",")) || is(at + 1, "problem") || is(at + 1, "matter") ||
           is(at + 1, "doubt") ||
           (is(at + 1, ".") && at + 2 < tokens.size() && tokens[at + 2].kind == TokenKind::kDigits);
  }
  if (word == "not") {  // "not only", "whether or not", "why not", "if not, why?"
    if (at > 0 && is(at - 1, "if")) return is(at + 1, ",") || is(at + 1, "?");
    if (at > 1 && is(at - 1, "do") && IsUnknown(tokens, at - 2, at + 1)) return true;
    return is(at + 1, "only") || (at > 0 && (is(at - 1, "or") || is(at - 1, "why")));
  }
  if (word == "nor") {  // counted with its "neither"
    constexpr size_t kReach = 32;
    for (size_t i = at > kReach ? at - kReach : 0; i < at; ++i) {
      if (is(i, "neither")) return true;
    }
    return false;
  }
  if (word == "don't" || word == "dont") {  // "why don't you restart it", "I don't know how"
    if (at > 0 && IsUnknown(tokens, at - 1, at + 1)) return true;
    return at > 0 && is(at - 1, "why") && (is(at + 1, "you") || is(at + 1, "we"));
  }
  if (word == "sin") {  // Spanish, but for the one of mathematics: "sin(30)", "the sin of an angle"
    for (const std::string_view before : {"the", "of", "compute", "computing", "and"}) {
      if (at > 0 && is(at - 1, before)) return true;
    }
    for (const std::string_view after : {"(", "^", "of", "for", "and"}) {
      if (is(at + 1, after)) return true;
    }
    // "sin x", "sin 30"
    return at + 1 < tokens.size() &&
           (tokens[at + 1].kind == TokenKind::kDigits ||
            (tokens[at + 1].kind == TokenKind::kWord && tokens[at + 1].text.size() == 1));
  }
  if (word.ends_with("n't")) {  // "..., isn't it?"
    return at > 0 && is(at - 1, ",") && at + 3 >= tokens.size();
  }
  return false;
}

// "hardly", "failed to", "avoid eating"; "no longer" is a negation anyway.
bool IsDenying(const Text& text, size_t at) {
  static const auto* filter = [] {  // never destroyed
    auto* made = new WordFilter;
    made->Add(kEnglishDenyingWords);
    made->Add(kEnglishDenyingVerbs);
    for (const std::string_view word : {"avoid", "avoids"}) made->Add(word);
    return made;
  }();
  const Tokens tokens = text.tokens();
  if (!filter->MayHave(tokens[at].key)) return false;
  const std::string_view word = tokens[at].text;
  if (std::binary_search(std::begin(kEnglishDenyingWords), std::end(kEnglishDenyingWords), word)) {
    return true;
  }
  const std::string_view next = at + 1 < tokens.size() ? tokens[at + 1].text : std::string_view();
  if (next == "to") {
    return std::binary_search(std::begin(kEnglishDenyingVerbs), std::end(kEnglishDenyingVerbs),
                              word);
  }
  return (word == "avoid" || word == "avoids") && IsDoing(next);
}

// Where "from starting" of "stop the service from starting" begins, the verb being at `at`; `at` if
// it denies nothing.
size_t FindStopped(const Text& text, size_t at) {
  static const auto* filter = new WordFilter(kEnglishStoppingVerbs);  // never destroyed
  constexpr size_t kReach = 6;
  const Tokens tokens = text.tokens();
  if (!filter->MayHave(tokens[at].key) ||
      !std::binary_search(std::begin(kEnglishStoppingVerbs), std::end(kEnglishStoppingVerbs),
                          tokens[at].text)) {
    return at;
  }
  const size_t end = std::min(at + 1 + kReach, tokens.size());
  for (size_t i = at + 1; i + 1 < end; ++i) {
    if (tokens[i].kind == TokenKind::kSymbol && tokens[i].text != "-") break;
    if (tokens[i].text != "from") continue;
    return IsDoing(tokens[i + 1].text) || tokens[i + 1].text == "being" ? i : at;
  }
  return at;
}

}  // namespace

Denials ReadDenials(const Text& text) {
  Denials denials;
  const Tokens tokens = text.tokens();
  for (size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    if (token.kind != TokenKind::kWord) continue;
    if (IsNegation(token) ? !IsHarmless(text, i) : IsDenying(text, i)) {
      denials.push_back({token.text, i, i + 1});
    } else if (const size_t from = FindStopped(text, i); from > i) {
      denials.push_back({token.text, i, from + 1});
    }
  }
  return denials;
}

bool Stops(const Denial& denial) { return denial.end > denial.token + 1; }

bool IsDoing(std::string_view word) { return word.size() > 5 && word.ends_with("ing"); }

}  // namespace semcached::guard
