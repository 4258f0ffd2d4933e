#include "guard/operators.h"

#include <absl/container/inlined_vector.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "guard/char_set.h"
#include "guard/languages.h"
#include "guard/word_filter.h"

namespace semcached::guard {
namespace {

// A text with more signs is a program or a drawing, and is not compared.
constexpr size_t kMaxOperators = 32;

struct Spelling {
  std::string_view written;
  std::string_view meant;
};

// Where a sign counts: between two operands, also alone between spaces, or anywhere. Elsewhere it
// is punctuation, a hyphen, an arrow, a tag or a smile.
enum class Where { kOperands, kAlone, kAnywhere };

struct Sign {
  std::string_view written;
  std::string_view meant;
  Where where;
};

constexpr Sign kSigns[] = {
    {"!=", "!=", Where::kAnywhere},     {"!==", "!==", Where::kAnywhere},
    {"%", "%", Where::kAlone},          {"&", "&", Where::kOperands},
    {"&&", "&&", Where::kAnywhere},     {"*", "*", Where::kOperands},
    {"**", "^", Where::kOperands},      {"*=", "*=", Where::kAnywhere},
    {"+", "+", Where::kOperands},       {"++", "++", Where::kAnywhere},
    {"+=", "+=", Where::kAnywhere},     {"-", "-", Where::kOperands},
    {"-=", "-=", Where::kAnywhere},     {"/", "/", Where::kOperands},
    {"/=", "/=", Where::kAnywhere},     {":=", ":=", Where::kAnywhere},
    {"<", "<", Where::kAlone},          {"<<", "<<", Where::kAnywhere},
    {"<=", "<=", Where::kAnywhere},     {"<>", "!=", Where::kOperands},
    {"=", "=", Where::kAnywhere},       {"==", "==", Where::kAnywhere},
    {"===", "===", Where::kAlone},      {">", ">", Where::kAlone},
    {">=", ">=", Where::kAnywhere},     {">>", ">>", Where::kAnywhere},
    {"^", "^", Where::kAnywhere},       {"^-", "^-", Where::kAnywhere},
    {"|", "|", Where::kOperands},       {"||", "||", Where::kAnywhere},
    {"~", "~", Where::kAlone},          {"\u00D7", "*", Where::kOperands},
    {"\u00F7", "/", Where::kOperands},  {"\u2260", "!=", Where::kAnywhere},
    {"\u2264", "<=", Where::kAnywhere}, {"\u2265", ">=", Where::kAnywhere},
};

constexpr CharSet kPartsOfSigns("+-*/%^=<>!&|~");

// Words for them, between two operands.
constexpr Spelling kWords[] = {
    {"divided", "/"}, {"minus", "-"}, {"multiplied", "*"}, {"plus", "+"}, {"times", "*"},
};

// Whether the token may be one of kWords.
bool MayMeanSign(const Token& token) {
  static const auto* filter = [] {  // never destroyed
    auto* made = new WordFilter;
    for (const Spelling& word : kWords) made->Add(word.written);
    return made;
  }();
  return filter->MayHave(token.key);
}

const Sign* FindSign(std::string_view written) {
  const auto* const found = std::find_if(std::begin(kSigns), std::end(kSigns),
                                         [&](const Sign& sign) { return sign.written == written; });
  return found == std::end(kSigns) ? nullptr : found;
}

constexpr std::string_view kBeforeNamed[] = {"between", "does", "is",  "of",   "operator",
                                             "symbol",  "the",  "use", "using"};
constexpr std::string_view kBehindNamed[] = {"and",   "do",       "for",    "in", "mean",
                                             "means", "operator", "symbol", "vs", "work"};

struct Operator {
  std::string_view sign;       // as kSigns means it
  std::string_view operand;    // behind it; empty: none
  bool may_part_date = false;  // "9/11", "10 - 11"
};
using Operators = absl::InlinedVector<Operator, 8>;
using Names = absl::InlinedVector<std::string_view, 4>;

struct Signs {
  Operators operators;
  Names named;  // signs that a text talks about: "what does ?. do"
  Names names;  // of a letter, or with signs: "c", "c++"
};

template <size_t kCount>
bool IsOneOf(std::string_view text, const std::string_view (&words)[kCount]) {
  return std::find(std::begin(words), std::end(words), text) != std::end(words);
}

class SignReader {
 public:
  explicit SignReader(const Text& text) : text_(text), tokens_(text.tokens()) {}

  Signs Read() {
    size_t i = 0;
    while (i < tokens_.size()) {
      const size_t size = signs_.operators.size() + signs_.names.size() + signs_.named.size();
      if (size > kMaxOperators) return {};
      if (const size_t end = EndOfNamed(i); end > i) {
        signs_.named.push_back(MeaningOfSign(text_.Span(i, end)));
        i = end;
        continue;
      }
      if (IsPartOfSign(i)) {
        i = ReadSign(i);
      } else if (const size_t end = EndOfName(i); end > i) {
        signs_.names.push_back(text_.Span(i, end));
        i = end;
      } else {
        if (MayMeanSign(tokens_[i])) ReadWord(i);
        ++i;
      }
    }
    return std::move(signs_);
  }

 private:
  bool IsSymbol(size_t i) const {
    return i < tokens_.size() && tokens_[i].kind == TokenKind::kSymbol;
  }
  bool IsGlued(size_t i) const { return i < tokens_.size() && tokens_[i].glued; }
  bool Is(size_t i, std::string_view text) const {
    return i < tokens_.size() && tokens_[i].text == text;
  }

  bool IsDigits(size_t i) const {
    return i < tokens_.size() && tokens_[i].kind == TokenKind::kDigits;
  }

  bool IsPartOfSign(size_t i) const {
    if (!IsSymbol(i)) return false;
    const std::string_view text = tokens_[i].text;
    if (text == ":") return Is(i + 1, "=") && IsGlued(i + 1);
    if (text.size() > 1) return FindSign(text) != nullptr;
    return kPartsOfSigns.Has(text);
  }

  // A run of signs with space around it, where the words around say that it is talked about.
  size_t EndOfNamed(size_t i) const {
    if (i == 0 || !IsSymbol(i) || IsGlued(i) || !IsOneOf(tokens_[i - 1].text, kBeforeNamed))
      return i;
    size_t end = i + 1;
    while (IsSymbol(end) && IsGlued(end)) ++end;
    if (end == tokens_.size() || IsGlued(end) || !IsOneOf(tokens_[end].text, kBehindNamed))
      return i;
    return end;
  }

  // What is calculated with: digits, a number word, a letter, "(x)", "sin(x)".
  bool IsOperand(size_t i) const {
    if (i >= tokens_.size()) return false;
    const Token& token = tokens_[i];
    if (token.kind == TokenKind::kSymbol) return token.text == "(" || token.text == ")";
    if (token.kind == TokenKind::kDigits) return true;
    return token.text.size() == 1 || FindNumberWord(token) != nullptr ||
           (Is(i + 1, "(") && IsGlued(i + 1));
  }
  // "a" and "i" are words too: one of them does not make a sum.
  bool MayBeWord(size_t i) const { return Is(i, "a") || Is(i, "i"); }
  bool IsBetweenOperands(size_t begin, size_t end) const {
    return begin > 0 && IsOperand(begin - 1) && IsOperand(end) &&
           !(MayBeWord(begin - 1) && MayBeWord(end));
  }

  // "c++", "i--", "c#", and "c" alone, which is another name; but not "c sharp", "c plus plus".
  size_t EndOfName(size_t i) const {
    if (tokens_[i].kind != TokenKind::kWord || tokens_[i].text.size() != 1) return i;
    size_t end = i + 1;
    while (IsSymbol(end) && IsGlued(end) && (Is(end, "+") || Is(end, "-") || Is(end, "#"))) ++end;
    const bool ends = !IsGlued(end) || IsSymbol(end);
    if (ends && (Is(i + 1, "#") || end == i + 3)) return end;
    const bool alone = (i == 0 || !IsGlued(i)) && !IsGlued(i + 1);
    return tokens_[i].text == "c" && alone && !Is(i + 1, "sharp") && !Is(i + 1, "plus") ? i + 1 : i;
  }

  size_t ReadSign(size_t begin) {
    size_t end = begin + 1;
    while (IsPartOfSign(end) && IsGlued(end)) ++end;
    const Sign* sign = FindSign(text_.Span(begin, end));
    if (sign == nullptr || !IsOperator(begin, end, sign->where)) return end;
    const bool digits = begin > 0 && IsDigits(begin - 1) && IsDigits(end);
    signs_.operators.push_back(
        {sign->meant, end < tokens_.size() ? tokens_[end].text : "", digits && !IsAsked(begin)});
    return end;
  }

  bool IsOperator(size_t begin, size_t end, Where where) const {
    if (where == Where::kAnywhere || IsBetweenOperands(begin, end)) return true;
    return where == Where::kAlone && !IsGlued(begin) && !IsGlued(end);
  }

  // "what is 9/3", "compute 9/3": no date.
  bool IsAsked(size_t sign) const {
    if (sign < 2) return false;
    for (const std::string_view word : {"is", "what's", "calculate", "compute", "evaluate"}) {
      if (Is(sign - 2, word)) return true;
    }
    return false;
  }

  void ReadWord(size_t i) {
    for (const Spelling& word : kWords) {
      if (!Is(i, word.written)) continue;
      const size_t next = Is(i + 1, "by") ? i + 2 : i + 1;
      if (!IsBetweenOperands(i, next)) return;
      signs_.operators.push_back({word.meant, tokens_[next].text, false});
    }
  }

  const Text& text_;
  const Tokens tokens_;
  Signs signs_;
};

using Found = std::optional<std::pair<std::string, std::string>>;

bool HasSign(const Operators& operators, std::string_view sign) {
  return std::any_of(operators.begin(), operators.end(),
                     [&](const Operator& one) { return one.sign == sign; });
}

bool Has(const Operators& operators, std::string_view sign, std::string_view operand) {
  return std::any_of(operators.begin(), operators.end(), [&](const Operator& one) {
    return one.sign == sign && one.operand == operand;
  });
}

const Operator* FindOnly(const Operators& operators, const Operators& other) {
  const auto* const found =
      std::find_if(operators.begin(), operators.end(),
                   [&](const Operator& one) { return !HasSign(other, one.sign); });
  return found == operators.end() ? nullptr : found;
}

// "9/11" and "9-11".
bool MayBeDate(const Operator& a, const Operator& b) {
  return a.may_part_date && b.may_part_date && a.operand == b.operand &&
         (a.sign == "/" || a.sign == "-") && (b.sign == "/" || b.sign == "-");
}

// "3x - 4" against "-3x + 4": the same signs before other operands.
Found FindTraded(const Operators& a, const Operators& b) {
  for (const Operator& one : a) {
    const bool plus = one.sign == "+";
    if ((!plus && one.sign != "-") || one.operand.empty()) continue;
    const std::string_view turned = plus ? "-" : "+";
    if (Has(b, turned, one.operand) && !Has(b, one.sign, one.operand) &&
        !Has(a, turned, one.operand)) {
      return std::make_pair(std::string(one.sign).append(one.operand),
                            std::string(turned).append(one.operand));
    }
  }
  return std::nullopt;
}

Found FindOtherName(const Names& a, const Names& b) {
  const auto only = [](const Names& names, const Names& other) {
    return std::find_if(names.begin(), names.end(), [&](std::string_view name) {
      return std::find(other.begin(), other.end(), name) == other.end();
    });
  };
  const auto* const left = only(a, b);
  const auto* const right = only(b, a);
  if (left == a.end() || right == b.end()) return std::nullopt;
  return std::make_pair(std::string(*left), std::string(*right));
}

}  // namespace

std::string_view MeaningOfSign(std::string_view written) {
  const Sign* sign = FindSign(written);
  return sign == nullptr ? written : sign->meant;
}

std::optional<std::pair<std::string, std::string>> FindOperators(const Text& a, const Text& b) {
  const Signs left = SignReader(a).Read();
  const Signs right = SignReader(b).Read();
  if (Found found = FindOtherName(left.names, right.names); found.has_value()) return found;
  if (Found found = FindOtherName(left.named, right.named); found.has_value()) return found;
  const Operator* only_left = FindOnly(left.operators, right.operators);
  const Operator* only_right = FindOnly(right.operators, left.operators);
  if (only_left != nullptr && only_right != nullptr && !MayBeDate(*only_left, *only_right)) {
    return std::make_pair(std::string(only_left->sign), std::string(only_right->sign));
  }
  return FindTraded(left.operators, right.operators);
}

}  // namespace semcached::guard
