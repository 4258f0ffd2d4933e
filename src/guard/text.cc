#include "guard/text.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace semcached::guard {
namespace {

struct CodePoint {
  uint32_t value;
  size_t size;  // in bytes
};

// Trusts that `text` is valid UTF-8, but never reads past its end.
CodePoint Decode(std::string_view text, size_t at) {
  const auto byte = [&](size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const uint32_t lead = byte(at);
  const auto tail = [&](size_t i) { return byte(at + i) & 0x3Fu; };
  CodePoint point{lead, 1};
  if (lead >= 0xF0) {
    point = {(lead & 0x07u) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4};
  } else if (lead >= 0xE0) {
    point = {(lead & 0x0Fu) << 12 | tail(1) << 6 | tail(2), 3};
  } else if (lead >= 0xC0) {
    point = {(lead & 0x1Fu) << 6 | tail(1), 2};
  }
  if (at + point.size > text.size()) point.size = text.size() - at;
  return point;
}

// What a character beyond ASCII is read as; 0: as itself, '\x7F': not at all.
char Fold(uint32_t point) {
  if (point >= 0xFF01 && point <= 0xFF5E) return static_cast<char>(point - 0xFEE0);
  if (point >= 0x2000 && point <= 0x200A) return ' ';
  if (point >= 0x200B && point <= 0x200D) return '\x7F';
  if (point >= 0x2010 && point <= 0x2015) return '-';
  switch (point) {
    case 0x2018:
    case 0x2019:
    case 0x02BC:
      return '\'';
    case 0x201C:
    case 0x201D:
      return '"';
    case 0x2212:
      return '-';
    case 0x2044:
      return '/';
    case 0x00A0:
    case 0x202F:
    case 0x3000:
      return ' ';
    case 0xFEFF:
      return '\x7F';
    default:
      return 0;
  }
}

// The digit that a character raises ("m²") or lowers ("CO₂"); 0 if none.
char RaisedDigit(uint32_t point) {
  if (point == 0xB9) return '1';
  if (point == 0xB2 || point == 0xB3) return static_cast<char>('0' + point - 0xB0);
  if (point == 0x2070 || (point >= 0x2074 && point <= 0x2079)) {
    return static_cast<char>('0' + point - 0x2070);
  }
  return 0;
}
char LoweredDigit(uint32_t point) {
  return point >= 0x2080 && point <= 0x2089 ? static_cast<char>('0' + point - 0x2080) : '\0';
}

bool EndsInDigit(std::string_view text) {
  return !text.empty() && absl::ascii_isdigit(static_cast<unsigned char>(text.back()));
}

// Reads the digits of `digit_of` at `*at` and moves `*at` behind them.
std::string ReadSmallDigits(std::string_view raw, char (*digit_of)(uint32_t), size_t* at) {
  std::string digits;
  while (*at < raw.size()) {
    const CodePoint point = Decode(raw, *at);
    const char digit = digit_of(point.value);
    if (digit == 0) break;
    digits.push_back(digit);
    *at += point.size;
  }
  return digits;
}

// "1/2" for a character that is a fraction; empty for any other.
std::string_view FractionOf(uint32_t point) {
  switch (point) {
    case 0xBC:
      return "1/4";
    case 0xBD:
      return "1/2";
    case 0xBE:
      return "3/4";
    case 0x2150:
      return "1/7";
    case 0x2151:
      return "1/9";
    case 0x2152:
      return "1/10";
    case 0x2155:
      return "1/5";
    case 0x2156:
      return "2/5";
    case 0x2157:
      return "3/5";
    case 0x2158:
      return "4/5";
    case 0x2159:
      return "1/6";
    case 0x215A:
      return "5/6";
    case 0x2153:
      return "1/3";
    case 0x2154:
      return "2/3";
    case 0x215B:
      return "1/8";
    case 0x215C:
      return "3/8";
    case 0x215D:
      return "5/8";
    case 0x215E:
      return "7/8";
    default:
      return {};
  }
}

// Latin-1 signs (£, °; not the one of "µs"), general punctuation, currency, the three signs of
// comparison that are read as such, CJK punctuation.
bool IsSymbol(uint32_t point) {
  return (point >= 0xA0 && point <= 0xBF && point != 0xB5) || point == 0xD7 || point == 0xF7 ||
         (point >= 0x2000 && point <= 0x20CF) || point == 0x2260 || point == 0x2264 ||
         point == 0x2265 || (point >= 0x3000 && point <= 0x303F);
}

bool IsAscii(char c) { return absl::ascii_isascii(static_cast<unsigned char>(c)); }

enum class CharKind : uint8_t { kSymbol, kSpace, kDigit, kLower, kUpper, kBeyondAscii };

constexpr std::array<CharKind, 256> kCharKinds = [] {
  std::array<CharKind, 256> kinds = {};
  for (const char c : std::string_view(" \t\n\v\f\r")) {
    kinds[static_cast<unsigned char>(c)] = CharKind::kSpace;
  }
  for (size_t c = '0'; c <= '9'; ++c) kinds[c] = CharKind::kDigit;
  for (size_t c = 'a'; c <= 'z'; ++c) kinds[c] = CharKind::kLower;
  for (size_t c = 'A'; c <= 'Z'; ++c) kinds[c] = CharKind::kUpper;
  for (size_t c = 0x80; c < kinds.size(); ++c) kinds[c] = CharKind::kBeyondAscii;
  return kinds;
}();

CharKind KindOf(char c) { return kCharKinds[static_cast<unsigned char>(c)]; }

// The size of the letter at `at` in bytes; 0 if there is none.
size_t SizeOfLetter(std::string_view text, size_t at) {
  if (at == text.size()) return 0;
  switch (KindOf(text[at])) {
    case CharKind::kLower:
    case CharKind::kUpper:
      return 1;
    case CharKind::kBeyondAscii: {
      const CodePoint point = Decode(text, at);
      return IsSymbol(point.value) ? 0 : point.size;
    }
    default:
      return 0;
  }
}

// The end of the word that begins with a letter at `begin`.
size_t EndOfWord(std::string_view text, size_t begin) {
  size_t end = begin;
  for (;;) {
    while (end < text.size() && KindOf(text[end]) == CharKind::kLower) ++end;
    if (const size_t size = SizeOfLetter(text, end); size > 0) {
      end += size;
    } else if (end < text.size() && text[end] == '\'' && SizeOfLetter(text, end + 1) > 0) {
      ++end;
    } else {
      return end;
    }
  }
}

}  // namespace

std::string FoldForms(std::string_view raw) {
  std::string cased;
  cased.reserve(raw.size());
  for (size_t i = 0; i < raw.size();) {
    const size_t ascii = i;
    while (i < raw.size() && IsAscii(raw[i])) ++i;
    cased.append(raw, ascii, i - ascii);
    if (i == raw.size()) break;
    const CodePoint point = Decode(raw, i);
    const char plain = Fold(point.value);
    if (RaisedDigit(point.value) != 0) {
      cased += '^' + ReadSmallDigits(raw, RaisedDigit, &i);
      continue;
    }
    if (LoweredDigit(point.value) != 0) {  // parted from digits: "101₂", "log₂8"
      if (EndsInDigit(cased)) cased.push_back(' ');
      cased += ReadSmallDigits(raw, LoweredDigit, &i);
      if (EndsInDigit(raw.substr(i, 1))) cased.push_back(' ');
      continue;
    }
    if (const std::string_view fraction = FractionOf(point.value); !fraction.empty()) {
      if (EndsInDigit(cased)) cased.push_back(' ');  // "1½": "1 1/2"
      cased.append(fraction);
      if (EndsInDigit(raw.substr(i + point.size, 1))) cased.push_back(' ');
    } else if (plain == 0) {
      cased.append(raw.substr(i, point.size));
    } else if (plain != '\x7F') {
      cased.push_back(plain);
    }
    i += point.size;
  }
  return cased;
}

Text::Text(std::string_view raw) : folded_(FoldForms(raw)) { Cut(); }

void Text::Cut() {
  const std::string_view text = folded_;
  bool glued = false;
  for (size_t begin = 0; begin < text.size();) {
    size_t end = begin + 1;
    Token token;
    switch (KindOf(text[begin])) {
      case CharKind::kSpace:
        glued = false;
        begin = end;
        continue;
      case CharKind::kDigit:
        token.kind = TokenKind::kDigits;
        while (end < text.size() && KindOf(text[end]) == CharKind::kDigit) ++end;
        break;
      case CharKind::kSymbol:
        break;
      default:  // a letter, or a sign beyond ASCII
        end = EndOfWord(text, begin);
        if (end > begin) {
          token.kind = TokenKind::kWord;
        } else {
          end = begin + Decode(text, begin).size;
        }
    }
    token.text = text.substr(begin, end - begin);
    token.glued = glued;
    size_t capitals = 0;
    for (size_t i = begin; i < end; ++i) {
      if (KindOf(text[i]) != CharKind::kUpper) continue;
      ++capitals;
      (i == begin ? token.capital : token.capital_within) = true;
      folded_[i] = absl::ascii_tolower(static_cast<unsigned char>(text[i]));
    }
    token.all_capitals = capitals > 1 && capitals == end - begin;
    token.key = KeyOf(token.text);  // in lower case now
    tokens_.push_back(token);
    glued = true;
    begin = end;
  }
}

std::string_view Text::Span(size_t begin, size_t end) const {
  if (begin >= end) return {};
  const char* first = tokens_[begin].text.data();
  const std::string_view last = tokens_[end - 1].text;
  return {first, static_cast<size_t>(last.data() + last.size() - first)};
}

}  // namespace semcached::guard
