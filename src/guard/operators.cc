#include "guard/operators.h"

#include <absl/container/inlined_vector.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "guard/languages.h"
#include "guard/number_words_data.h"

namespace semcached::guard {
namespace {

// A text with more signs is a program or a drawing.
constexpr size_t kMaxOperators = 32;

struct Spelling {
  std::string_view written;
  std::string_view meant;
};

// Signs of one meaning.
constexpr Spelling kSigns[] = {
    {"**", "^"},     {"<>", "!="},     {"\u00D7", "*"},  {"\u00F7", "/"},
    {"\u2212", "-"}, {"\u2260", "!="}, {"\u2264", "<="}, {"\u2265", ">="},
};

// Words for them, between two operands.
constexpr Spelling kWords[] = {
    {"divided", "/"}, {"minus", "-"}, {"multiplied", "*"}, {"plus", "+"}, {"times", "*"},
};

std::string_view MeaningOf(std::string_view sign) {
  for (const Spelling& spelling : kSigns) {
    if (spelling.written == sign) return spelling.meant;
  }
  return sign;
}

struct Operator {
  std::string_view sign;       // as kSigns means it
  std::string_view operand;    // behind it; empty: none
  bool within_digits = false;  // with no space around it
};
using Operators = absl::InlinedVector<Operator, 8>;
using Names = absl::InlinedVector<std::string_view, 4>;

struct Signs {
  Operators operators;
  Names names;  // of a letter, or with signs: "c", "c++"
};

class SignReader {
 public:
  explicit SignReader(const Text& text) : text_(text), tokens_(text.tokens()) {}

  Signs Read() {
    size_t i = 0;
    while (i < tokens_.size() && signs_.operators.size() < kMaxOperators) {
      if (IsPartOfSign(i)) {
        i = ReadSign(i);
      } else if (const size_t end = EndOfName(i); end > i) {
        if (signs_.names.size() < kMaxOperators) signs_.names.push_back(text_.Span(i, end));
        i = end;
      } else {
        ReadWord(i++);
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

  bool IsDigits(size_t i) const { return tokens_[i].kind == TokenKind::kDigits; }

  bool IsPartOfSign(size_t i) const {
    if (!IsSymbol(i)) return false;
    const std::string_view text = tokens_[i].text;
    if (text.size() == 1) {
      return std::string_view("+-*/%^=<>!&|~").find(text[0]) != std::string_view::npos;
    }
    return MeaningOf(text) != text;
  }

  // What is calculated with: digits, a number word, a letter, "(x)", "sin(x)".
  bool IsOperand(size_t i) const {
    if (i >= tokens_.size()) return false;
    const Token& token = tokens_[i];
    if (token.kind == TokenKind::kSymbol) return token.text == "(" || token.text == ")";
    if (token.kind == TokenKind::kDigits) return true;
    return (token.text.size() == 1 && token.text != "a" && token.text != "i") ||
           FindNumberWord(token.text) != nullptr || (Is(i + 1, "(") && IsGlued(i + 1));
  }
  bool IsBetweenOperands(size_t begin, size_t end) const {
    return begin > 0 && IsOperand(begin - 1) && IsOperand(end);
  }

  // "c++", "c#", and "c" alone, which is another name.
  size_t EndOfName(size_t i) const {
    if (tokens_[i].kind != TokenKind::kWord || tokens_[i].text.size() != 1) return i;
    size_t end = i + 1;
    while (IsSymbol(end) && IsGlued(end) && (Is(end, "+") || Is(end, "#"))) ++end;
    const bool ends = !IsGlued(end) || IsSymbol(end);
    const bool signed_name = Is(i + 1, "#") || end == i + 3;
    if (signed_name && ends) return end;
    return tokens_[i].text == "c" && (i == 0 || !IsGlued(i)) && !IsGlued(i + 1) ? i + 1 : i;
  }

  size_t ReadSign(size_t begin) {
    size_t end = begin + 1;
    while (IsPartOfSign(end) && IsGlued(end)) ++end;
    const std::string_view sign = MeaningOf(text_.Span(begin, end));
    if (IsOperator(begin, end, sign)) {
      const bool within = IsGlued(begin) && IsGlued(end) && IsDigits(begin - 1) && IsDigits(end);
      signs_.operators.push_back({sign, end < tokens_.size() ? tokens_[end].text : "", within});
    }
    return end;
  }

  bool IsOperator(size_t begin, size_t end, std::string_view sign) const {
    const bool alone = !IsGlued(begin) && !IsGlued(end);
    if (sign == "=" || Is(begin, "^")) return true;
    if (sign.find_first_not_of('!') == std::string_view::npos) return false;        // "wow!"
    if (sign == "//" && begin > 0 && Is(begin - 1, ":")) return false;              // of an address
    if (sign == "<" || sign == ">") return alone || IsBetweenOperands(begin, end);  // no tag
    if (sign == "~" || sign == "%") return alone || IsBetweenOperands(begin, end);
    if (sign == "&" || sign == "|") return false;  // "Q&A", "|x|"
    if (sign.find_first_not_of('-') == std::string_view::npos && sign.size() > 1) return false;
    if (sign == "-" || sign == "+" || sign == "/" || sign == "*" || sign == "^") {
      return IsBetweenOperands(begin, end);  // no hyphen, dash, "and/or"
    }
    return true;
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
  const absl::InlinedVector<Token, 48>& tokens_;
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
  return a.within_digits && b.within_digits && a.operand == b.operand &&
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

std::optional<std::pair<std::string, std::string>> FindOperators(const Text& a, const Text& b) {
  const Signs left = SignReader(a).Read();
  const Signs right = SignReader(b).Read();
  if (Found found = FindOtherName(left.names, right.names); found.has_value()) return found;
  const Operator* only_left = FindOnly(left.operators, right.operators);
  const Operator* only_right = FindOnly(right.operators, left.operators);
  if (only_left != nullptr && only_right != nullptr && !MayBeDate(*only_left, *only_right)) {
    return std::make_pair(std::string(only_left->sign), std::string(only_right->sign));
  }
  return FindTraded(left.operators, right.operators);
}

}  // namespace semcached::guard
