// A text as the guards read it: folded, cut into words, digits and symbols.
#ifndef SEMCACHED_GUARD_TEXT_H_
#define SEMCACHED_GUARD_TEXT_H_

#include <absl/container/inlined_vector.h>
#include <absl/types/span.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "guard/word_filter.h"

namespace semcached::guard {

enum class TokenKind : uint8_t { kWord, kDigits, kSymbol };

struct Token {
  std::string_view text;  // into the Text
  TokenKind kind = TokenKind::kSymbol;
  bool glued = false;           // nothing between it and the token before
  bool capital = false;         // its first letter was written as an ASCII capital
  bool capital_within = false;  // another one was
  bool all_capitals = false;    // all of several were
  WordKey key = 0;              // of the text
};

using Tokens = absl::Span<const Token>;

// Typographic apostrophes, dashes, spaces, fractions, raised and lowered digits and full-width
// forms as ASCII, capitals as they are. Of what it gives, it changes nothing more.
std::string FoldForms(std::string_view raw);

// Folds as FoldForms(), and ASCII to lower case. A word is a run of letters with apostrophes inside
// ("don't"); "5km" is two glued tokens; a symbol is one character. A script without spaces gives
// long words, and its digits still stand apart.
class Text {
 public:
  explicit Text(std::string_view raw);
  Text(const Text&) = delete;
  Text& operator=(const Text&) = delete;

  Tokens tokens() const { return tokens_; }

  // The folded text from the first byte of token `begin` to the last of token `end - 1`.
  std::string_view Span(size_t begin, size_t end) const;

 private:
  // Folds to lower case on the way.
  void Cut();

  std::string folded_;
  absl::InlinedVector<Token, 48> tokens_;
};

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_TEXT_H_
