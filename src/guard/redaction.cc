#include "semcached/guard/redaction.h"

#include <absl/container/inlined_vector.h>

#include <algorithm>

#include "guard/known_words.h"
#include "guard/prepared.h"
#include "guard/pseudonym.h"

namespace semcached {
namespace guard {
namespace {

// From so many digits on they are taken for an account, a card or a telephone rather than for an
// amount: in a row, beside letters, in groups.
constexpr size_t kLongRun = 7;
constexpr size_t kLongBesideLetters = 5;
constexpr size_t kLongGroups = 9;

// Of one text.
class Redactor {
 public:
  // `cased`: of FoldForms().
  Redactor(std::string_view cased, const HashKey& key)
      : cased_(cased),
        key_(key),
        text_(cased),
        tokens_(text_.text.tokens()),
        first_(std::min(cased.find_first_not_of(" \t\n\v\f\r"), cased.size())) {
    kept_.resize(tokens_.size(), false);
    for (const Word& word : text_.words) {
      if (word.info != nullptr) Keep(word.text);  // with all words of a phrase
    }
    for (const Number& number : text_.numbers) {
      if ((number.unit.known() && !number.takes_unit) || number.is_ordinal || number.is_share ||
          number.digits.empty()) {
        Keep(number.written);
      }
    }
  }

  std::string Redact() {
    std::string out;
    out.reserve(cased_.size() * 2);
    for (size_t i = 0; i < tokens_.size();) {
      if (i > 0 && !tokens_[i].glued) out.push_back(' ');
      const size_t end = tokens_[i].kind == TokenKind::kDigits ? EndOfAccount(i) : i;
      if (end > i) {
        out += DigitsFor(text_.text.Span(i, end), key_);
        i = end;
        continue;
      }
      const std::string_view written = Cased(tokens_[i].text);
      if (tokens_[i].kind == TokenKind::kWord && !IsPublic(i)) {
        out += PseudonymOf(tokens_[i].text, written, key_);
      } else {
        out += written;
      }
      ++i;
    }
    return out;
  }

 private:
  bool Is(size_t i, std::string_view text) const {
    return i < tokens_.size() && tokens_[i].text == text;
  }
  bool IsDigits(size_t i) const {
    return i < tokens_.size() && tokens_[i].kind == TokenKind::kDigits;
  }
  bool IsGlued(size_t i) const { return i < tokens_.size() && tokens_[i].glued; }

  // Folding to lower case moves nothing.
  std::string_view Cased(std::string_view folded) const {
    const char* const begin = text_.text.Span(0, tokens_.size()).data();
    return cased_.substr(first_ + static_cast<size_t>(folded.data() - begin), folded.size());
  }

  void Keep(std::string_view folded) {
    const auto before = [](const Token& token, const char* at) { return token.text.data() < at; };
    const auto* token = std::lower_bound(tokens_.begin(), tokens_.end(), folded.data(), before);
    for (; token != tokens_.end() && token->text.data() < folded.data() + folded.size(); ++token) {
      kept_[static_cast<size_t>(token - tokens_.begin())] = true;
    }
  }

  bool IsPublic(size_t i) const {
    const Token& token = tokens_[i];
    if (kept_[i] || token.text.size() == 1 || IsKnownWord(token.text)) return true;
    // "\d", "%m": an escape.
    return token.text.size() == 2 && token.glued && i > 0 && (Is(i - 1, "\\") || Is(i - 1, "%"));
  }

  // "3.14", "1,000", "10:30", "9/11": with what a sign joins to it.
  bool IsJoined(size_t i) const {
    const auto joins = [&](size_t sign) {
      return IsGlued(sign) && IsGlued(sign + 1) &&
             (Is(sign, ".") || Is(sign, ",") || Is(sign, ":") || Is(sign, "/"));
    };
    return (i >= 2 && IsDigits(i - 2) && joins(i - 1)) || (IsDigits(i + 2) && joins(i + 1));
  }

  bool MayBeAccount(size_t i) const { return IsDigits(i) && !kept_[i] && !IsJoined(i); }

  bool TouchesLetters(size_t i) const {
    return (i > 0 && IsGlued(i) && tokens_[i - 1].kind == TokenKind::kWord) ||
           (IsGlued(i + 1) && tokens_[i + 1].kind == TokenKind::kWord);
  }

  // Behind the digits from `begin` on that are to be hidden; `begin` if none are.
  size_t EndOfAccount(size_t begin) const {
    if (!MayBeAccount(begin)) return begin;
    const size_t size = tokens_[begin].text.size();
    size_t end = begin + 1;
    size_t digits = size;
    for (;;) {
      const bool dash = Is(end, "-") && IsGlued(end) && IsGlued(end + 1);
      const size_t next = dash ? end + 1 : end;
      if ((!dash && IsGlued(end)) || !MayBeAccount(next)) break;
      digits += tokens_[next].text.size();
      end = next + 1;
    }
    if (end > begin + 1 && digits >= kLongGroups) return end;
    const bool is_long = size >= kLongRun || (size >= kLongBesideLetters && TouchesLetters(begin));
    return is_long ? begin + 1 : begin;
  }

  const std::string_view cased_;
  const HashKey& key_;
  const Prepared text_;
  const Tokens tokens_;
  const size_t first_;                  // where the first token begins
  absl::InlinedVector<bool, 48> kept_;  // token by token: as it is written
};

}  // namespace
}  // namespace guard

std::string RedactForGuards(std::string_view text, const HashKey& key) {
  const std::string cased = guard::FoldForms(text);
  return guard::Redactor(cased, key).Redact();
}

void HidePseudonyms(GuardRefusal* refusal) {
  if (!guard::HasPseudonym(refusal->reason)) return;
  refusal->reason.resize(std::min(refusal->reason.find(':'), refusal->reason.size()));
}

}  // namespace semcached
