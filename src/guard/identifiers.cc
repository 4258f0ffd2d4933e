#include <absl/container/inlined_vector.h>
#include <absl/strings/ascii.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "guard/char_set.h"
#include "guard/guards.h"

namespace semcached::guard {
namespace {

bool IsLetter(char c) { return absl::ascii_isalpha(static_cast<unsigned char>(c)); }
bool IsDigit(char c) { return absl::ascii_isdigit(static_cast<unsigned char>(c)); }
bool IsUpper(char c) { return absl::ascii_isupper(static_cast<unsigned char>(c)); }
bool IsLower(char c) { return absl::ascii_islower(static_cast<unsigned char>(c)); }

// Whatever their capitals.
bool IsSameLetter(char a, char b) {
  return absl::ascii_tolower(static_cast<unsigned char>(a)) ==
         absl::ascii_tolower(static_cast<unsigned char>(b));
}

struct Identifier {
  std::string_view text;
  // Names of things that people spell as they like (iPhone6, JavaScript): compared without regard
  // to case, spaces and hyphens. Code is compared as it stands.
  bool is_name = false;
};

using Identifiers = absl::InlinedVector<Identifier, 8>;

// "Rs.500", "5.4ft".
bool IsAmount(std::string_view word) {
  const auto is_digits = [](std::string_view part) {
    return std::all_of(part.begin(), part.end(), IsDigit);
  };
  const size_t dot = word.find('.');
  const std::string_view before = word.substr(0, dot);
  const std::string_view after = word.substr(dot + 1);
  if (is_digits(before)) return IsDigit(after[0]);
  return dot <= 3 && is_digits(after) && std::all_of(before.begin(), before.end(), IsLetter);
}

// "os.path", "a.txt", "1.2.3"; neither "e.g.", "U.S.", "3.14" nor a sentence that ends in the
// middle ("text.And").
bool HasInnerDot(std::string_view word) {
  size_t parts = 0;
  size_t short_parts = 0;
  bool letters = false;
  for (size_t begin = 0; begin <= word.size();) {
    const size_t end = std::min(word.find('.', begin), word.size());
    const std::string_view part = word.substr(begin, end - begin);
    if (part.empty()) return false;
    ++parts;
    if (part.size() == 1 && IsLetter(part[0])) ++short_parts;
    letters = letters || std::any_of(part.begin(), part.end(), IsLetter);
    // A sentence that ends in the middle: "text.And", "UPSC.How".
    if (begin > 0 && part.size() > 1 && IsUpper(part[0]) && IsLower(part[1]) &&
        IsLetter(word[begin - 2])) {
      return false;
    }
    begin = end + 1;
  }
  if (parts < 2 || short_parts == parts) return false;
  if (parts == 2 && IsAmount(word)) return false;
  return letters || parts > 2;
}

bool HasDigitsWithin(std::string_view word) {
  if (word.starts_with("0x") || word.starts_with("0X")) return true;
  if (!IsLetter(word[0])) return false;  // "5km", "2nd", "1990s": amounts
  if (word.find('.') != std::string_view::npos && IsAmount(word)) return false;
  return std::any_of(word.begin(), word.end(), IsDigit);
}

// "getUser", "GetUser", "JSONObject"; neither "Word", "NASA", "URLs" nor "McDonald's".
bool HasMixedCase(std::string_view word) {
  for (size_t i = 1; i + 1 < word.size(); ++i) {
    if (IsLower(word[i - 1]) && IsUpper(word[i])) return true;
  }
  return false;
}

bool IsFlag(std::string_view word) {
  if (word.size() < 2 || word[0] != '-') return false;
  const size_t letter = word[1] == '-' ? 2 : 1;
  return letter < word.size() && IsLetter(word[letter]);
}

// "\d" of a pattern, "%m" of a format: another letter or another case is another thing.
bool IsEscape(std::string_view word) {
  return word.size() >= 2 && word.size() <= 3 && (word[0] == '\\' || word[0] == '%') &&
         IsLetter(word[1]);
}

constexpr CharSet kOpening("\"'`([{<,;:*");
constexpr CharSet kClosing("\"'`)]}>,;:*.!?");

// Cuts the punctuation around a word; "()" behind a name stays apart, as `called`.
std::string_view Trim(std::string_view word, bool* called) {
  *called = false;
  while (!word.empty() && kOpening.Has(word.front())) {
    word.remove_prefix(1);
  }
  while (!word.empty() && kClosing.Has(word.back())) {
    if (word.size() > 2 && word.ends_with("()")) {
      *called = true;
      word.remove_suffix(1);
    }
    word.remove_suffix(1);
  }
  return word;
}

// Letters and digits alone, in lower case.
std::string Squash(std::string_view text) {
  std::string squashed;
  squashed.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte) || byte >= 0x80) squashed.push_back(absl::ascii_tolower(byte));
  }
  return squashed;
}

// The same as Squash(a) == Squash(b), with no text made.
bool AreSquashedAlike(std::string_view a, std::string_view b) {
  const auto is_left_out = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return !absl::ascii_isalnum(byte) && byte < 0x80;
  };
  for (const char* at = b.begin();; ++at) {
    while (!a.empty() && is_left_out(a.front())) a.remove_prefix(1);
    while (at != b.end() && is_left_out(*at)) ++at;
    if (a.empty() || at == b.end()) return a.empty() && at == b.end();
    if (!IsSameLetter(a.front(), *at)) return false;
    a.remove_prefix(1);
  }
}

// "/users/{id}/followers", "/etc/hosts"; "/login" may be written without its slash.
bool IsPath(std::string_view word) {
  return word.size() > 2 && word[0] == '/' && (IsLetter(word[1]) || word[1] == '{');
}

// "Node.js", which is "Node"; another file in .js is another one.
bool IsDottedName(std::string_view word) {
  if (word.size() < 4 || word.find('.') != word.size() - 3) return false;
  constexpr std::string_view kNames[] = {"backbone.js", "d3.js",     "discord.js", "ember.js",
                                         "express.js",  "next.js",   "node.js",    "nuxt.js",
                                         "react.js",    "socket.io", "three.js",   "vue.js"};
  return std::any_of(std::begin(kNames), std::end(kNames),
                     [&](std::string_view name) { return AreSquashedAlike(word, name); });
}

void AddIdentifier(std::string_view raw, Identifiers* identifiers) {
  bool called = false;
  const std::string_view word = Trim(raw, &called);
  if (word.size() < 2) return;
  // As most words are, and no identifier is.
  if (!called && std::all_of(word.begin(), word.end(), IsLower)) return;
  const bool has_alnum =
      std::any_of(word.begin(), word.end(), [](char c) { return IsLetter(c) || IsDigit(c); });
  if (!has_alnum) return;
  const size_t underscore = word.find('_');
  const bool code =
      called || IsFlag(word) || IsEscape(word) || word.find("://") != std::string_view::npos ||
      word.find("::") != std::string_view::npos ||
      (underscore != std::string_view::npos && underscore + 1 < word.size()) || HasInnerDot(word);
  if (IsPath(word)) {
    const std::string_view path = word.ends_with('/') ? word.substr(0, word.size() - 1) : word;
    identifiers->push_back({path, path.find('/', 1) == std::string_view::npos});
  } else if (IsDottedName(word)) {
    identifiers->push_back({word.substr(0, word.find('.')), true});
  } else if (code) {
    identifiers->push_back({word, false});
  } else if (HasDigitsWithin(word) || HasMixedCase(word)) {
    identifiers->push_back({word, true});
  }
}

constexpr CharSet kParting(" \t\n\v\f\r,;\"");

Identifiers ReadIdentifiers(std::string_view text) {
  Identifiers identifiers;
  for (size_t i = 0; i < text.size();) {
    if (kParting.Has(text[i])) {
      ++i;
      continue;
    }
    size_t end = i;
    bool is_word = true;  // of small letters alone, as no identifier is
    for (; end < text.size() && !kParting.Has(text[end]); ++end) {
      is_word = is_word && IsLower(text[end]);
    }
    if (!is_word) AddIdentifier(text.substr(i, end - i), &identifiers);
    i = end;
  }
  return identifiers;
}

// What the other text spells differently is looked for in all of that text; more of it than this
// counts as missing, so that no text costs quadratic time.
constexpr int kMaxSearches = 64;
constexpr size_t kMinPlural = 4;

// "read_csv" and "pd.read_csv", with and without where it comes from.
bool IsMemberOf(std::string_view member, std::string_view whole) {
  if (!whole.ends_with(member) || member.find('_') == std::string_view::npos) return false;
  whole.remove_suffix(member.size());
  return whole.ends_with('.') || whole.ends_with("::");
}

// The digits of "v1.1", "3.1.1", "HTTP/1.1", "2.x"; empty if it names no version.
std::string_view VersionIn(std::string_view word) {
  // A product before a slash: "HTTP", neither a path nor an address.
  if (const size_t slash = word.rfind('/'); slash != std::string_view::npos) {
    if (!std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(slash), IsLetter)) {
      return {};
    }
    word.remove_prefix(slash + 1);
  }
  if (word.starts_with('v') || word.starts_with('V')) word.remove_prefix(1);
  if (word.ends_with(".x")) word.remove_suffix(2);
  const bool plain = !word.empty() && std::all_of(word.begin(), word.end(),
                                                  [](char c) { return IsDigit(c) || c == '.'; });
  return plain ? word : std::string_view();
}

// Whether `text` names that version in other words: "version 1.1 of HTTP".
bool NamesVersion(std::string_view text, std::string_view version) {
  const auto continues = [&](size_t at) {
    return at < text.size() && (IsDigit(text[at]) ||
                                (text[at] == '.' && at + 1 < text.size() && IsDigit(text[at + 1])));
  };
  for (size_t at = text.find(version); at != std::string_view::npos;
       at = text.find(version, at + 1)) {
    const bool begins = at == 0 || (!IsDigit(text[at - 1]) && text[at - 1] != '.');
    if (begins && !continues(at + version.size())) return true;
  }
  return false;
}

// Whether `text` has the word, whatever its capitals.
bool HasWholeWord(std::string_view text, std::string_view word) {
  for (const char* at = text.begin(); at != text.end();) {
    at = std::search(at, text.end(), word.begin(), word.end(), IsSameLetter);
    if (at == text.end()) return false;
    const char* const end = at + word.size();
    if ((at == text.begin() || !IsLetter(at[-1])) && (end == text.end() || !IsLetter(*end))) {
      return true;
    }
    at = end;
  }
  return false;
}

// "json.loads": "parse JSON with loads" names it, too. Of few short parts, so that no
// text costs quadratic time.
bool NamesParts(std::string_view text, std::string_view code) {
  constexpr size_t kMaxLength = 64;
  constexpr std::ptrdiff_t kMaxDots = 3;
  const auto dots = std::count(code.begin(), code.end(), '.');
  if (dots == 0 || dots > kMaxDots || code.size() > kMaxLength) return false;
  for (size_t begin = 0; begin <= code.size();) {
    const size_t end = std::min(code.find('.', begin), code.size());
    const std::string_view part = code.substr(begin, end - begin);
    if (part.empty() || !std::all_of(part.begin(), part.end(), IsLetter) ||
        !HasWholeWord(text, part)) {
      return false;
    }
    begin = end + 1;
  }
  return true;
}

// Whether the other text means the same code by another spelling.
bool IsSpeltOtherwise(std::string_view code, const Identifiers& other,
                      std::string_view other_text) {
  const bool member = std::any_of(other.begin(), other.end(), [&](const Identifier& one) {
    return IsMemberOf(code, one.text) || IsMemberOf(one.text, code);
  });
  if (member) return true;
  const bool has_code =
      std::any_of(other.begin(), other.end(), [](const Identifier& one) { return !one.is_name; });
  if (!has_code && NamesParts(other_text, code)) return true;
  const std::string_view version = VersionIn(code);
  return !version.empty() && NamesVersion(other_text, version);
}

// The first identifier that `other` lacks; nullptr if there is none.
const Identifier* FindMissing(const Identifiers& identifiers, const Identifiers& other,
                              std::string_view other_text) {
  if (identifiers.empty()) return nullptr;
  absl::InlinedVector<std::string_view, 8> others;
  for (const Identifier& identifier : other) others.push_back(identifier.text);
  std::sort(others.begin(), others.end());
  std::string squashed;
  int searches = 0;
  for (const Identifier& identifier : identifiers) {
    if (std::binary_search(others.begin(), others.end(), identifier.text)) continue;
    if (++searches > kMaxSearches) return &identifier;
    if (!identifier.is_name) {
      if (!IsSpeltOtherwise(identifier.text, other, other_text)) return &identifier;
      continue;
    }
    if (squashed.empty()) squashed = Squash(other_text);
    std::string name = Squash(identifier.text);
    if (name.size() > kMinPlural && name.back() == 's') name.pop_back();  // "iPhones"
    if (squashed.find(name) == std::string::npos) return &identifier;
  }
  return nullptr;
}

}  // namespace

std::optional<std::string> IdentifiersDiffer(const TextPair& pair) {
  const Prepared& a = pair.a;
  const Prepared& b = pair.b;
  const Identifiers left = ReadIdentifiers(a.raw);
  const Identifiers right = ReadIdentifiers(b.raw);
  const Identifier* only_left = FindMissing(left, right, b.raw);
  const Identifier* only_right = FindMissing(right, left, a.raw);
  // A name may be left out ("on WhatsApp"), code may not.
  const auto counts = [](const Identifier* one) { return one != nullptr && !one->is_name; };
  const bool both = only_left != nullptr && only_right != nullptr;
  if (!both && !counts(only_left) && !counts(only_right)) return std::nullopt;
  std::string reason = "identifiers differ: ";
  reason += only_left == nullptr ? "none" : only_left->text;
  reason += " against ";
  reason += only_right == nullptr ? "none" : only_right->text;
  return reason;
}

}  // namespace semcached::guard
