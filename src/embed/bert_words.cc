#include "embed/bert_words.h"

#include <utf8proc.h>

#include <algorithm>
#include <string>

namespace semcached {
namespace {

using CodePoint = utf8proc_int32_t;

bool IsSpace(CodePoint c) {
  if (c == '\t' || c == '\n' || c == '\r') return true;
  switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return true;
    default:
      return false;
  }
}

bool IsDropped(CodePoint c) {
  if (c == 0 || c == 0xFFFD) return true;
  switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CF:
    case UTF8PROC_CATEGORY_CO:
      return true;
    default:
      return false;
  }
}

// Of ASCII everything that is neither letter, digit nor blank, also what Unicode calls a symbol.
bool IsPunctuation(CodePoint c) {
  if ((c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
      (c >= '{' && c <= '~')) {
    return true;
  }
  const utf8proc_category_t category = utf8proc_category(c);
  return category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO;
}

bool IsIdeograph(CodePoint c) {
  return (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0x3400 && c <= 0x4DBF) ||
         (c >= 0x20000 && c <= 0x2A6DF) || (c >= 0x2A700 && c <= 0x2CEAF) ||
         (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x2F800 && c <= 0x2FA1F);
}

class WordCutter {
 public:
  WordCutter(const BertWordRules& rules, absl::FunctionRef<bool(std::string_view, size_t)> visit)
      : rules_(rules), visit_(visit) {}

  // All three return false once `visit` wants no more.
  bool Add(CodePoint c) {
    if (c < 0x80) return AddPlain(c);
    if (IsSpace(c)) return EndWord();
    if (IsDropped(c)) return true;
    const bool alone = rules_.split_chinese && IsIdeograph(c);
    if (alone && !EndWord()) return false;
    if (!AddDecomposed(c)) return false;
    return !alone || EndWord();
  }

  bool EndWord() {
    if (chars_ == 0) return true;
    const bool go_on = visit_(word_, chars_);
    word_.clear();
    chars_ = 0;
    return go_on;
  }

 private:
  // ASCII, for which no table is needed.
  bool AddPlain(CodePoint c) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') return EndWord();
    if (c < ' ' || c == 0x7F) return true;
    return AddCleaned(c);
  }

  // One character at a time: marks that a canonical order would move are stripped anyway.
  bool AddDecomposed(CodePoint c) {
    if (!rules_.strip_accents) return AddCleaned(c);
    constexpr utf8proc_ssize_t kMost = 8;  // the longest canonical decomposition has 4
    CodePoint parts[kMost];
    int boundary = 0;
    const utf8proc_ssize_t count =
        utf8proc_decompose_char(c, parts, kMost, UTF8PROC_DECOMPOSE, &boundary);
    if (count < 0 || count > kMost) return AddCleaned(c);
    return std::all_of(parts, parts + count, [this](CodePoint part) {
      return utf8proc_category(part) == UTF8PROC_CATEGORY_MN || AddCleaned(part);
    });
  }

  bool AddCleaned(CodePoint c) {
    if (IsPunctuation(c)) {
      if (!EndWord()) return false;
      Append(c);
      return EndWord();
    }
    Append(rules_.lower_case ? utf8proc_tolower(c) : c);
    return true;
  }

  void Append(CodePoint c) {
    if (chars_ > rules_.max_word_chars) return;
    ++chars_;
    utf8proc_uint8_t bytes[4];
    const utf8proc_ssize_t size = utf8proc_encode_char(c, bytes);
    word_.append(reinterpret_cast<const char*>(bytes), static_cast<size_t>(size));
  }

  const BertWordRules& rules_;
  const absl::FunctionRef<bool(std::string_view, size_t)> visit_;
  std::string word_;
  size_t chars_ = 0;
};

}  // namespace

void ForEachBertWord(std::string_view text, const BertWordRules& rules,
                     absl::FunctionRef<bool(std::string_view word, size_t chars)> visit) {
  WordCutter cutter(rules, visit);
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    CodePoint c = 0;
    const utf8proc_ssize_t read = utf8proc_iterate(at, left, &c);
    const utf8proc_ssize_t step = read > 0 ? read : 1;
    at += step;
    left -= step;
    if (read > 0 && !cutter.Add(c)) return;
  }
  cutter.EndWord();
}

}  // namespace semcached
