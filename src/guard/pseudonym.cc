#include "guard/pseudonym.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <cstdint>

#include "guard/known_words.h"
#include "guard/lexicon.h"
#include "guard/opposed_build_data.h"
#include "guard/suffixes_data.h"

namespace semcached::guard {
namespace {

constexpr size_t kMinRoot = 4;
constexpr size_t kMinBare = 3;  // of a stem behind a prefix
constexpr size_t kDigits = 15;
// Neither vowels nor what inflections are made of, nor the two letters at its ends.
constexpr std::string_view kLetters = "bcdfghjklmnpqrtv";
static_assert(kLetters.size() == 16);

bool IsUpper(char c) { return absl::ascii_isupper(static_cast<unsigned char>(c)); }
bool IsLower(char c) { return absl::ascii_islower(static_cast<unsigned char>(c)); }

// Hashes of one purpose are no hashes of another: an exact key tells nothing of a word.
Hash128 HashOf(std::string_view purpose, std::string_view bytes, const HashKey& key) {
  std::string fields;
  AppendLengthPrefixed("guard features", &fields);
  AppendLengthPrefixed(purpose, &fields);
  AppendLengthPrefixed(bytes, &fields);
  return KeyedHash(key, fields);
}

std::string Core(std::string_view root, const HashKey& key) {
  const Hash128 hash = HashOf("word", root, key);
  std::string core = "z";
  for (const uint64_t half : {hash.high, hash.low}) {
    for (int shift = 60; shift >= 0; shift -= 4) core.push_back(kLetters[half >> shift & 15]);
  }
  return core + "x";
}

struct Prefix {
  std::string_view written;  // empty: none
  bool of_bare = false;      // the opposite is the word without it: "un", not "over"
};

// The longest beginning that makes an opposite of a word. By its stem, so that all inflections have
// the same.
Prefix PrefixOf(std::string_view word) {
  const std::string stem = StemOf(word);
  Prefix longest;
  for (const OpposedAffix& affix : kEnglishPrefixes) {
    for (const std::string_view prefix : {affix.one, affix.other}) {
      if (prefix.size() > longest.written.size() && stem.size() >= prefix.size() + kMinBare &&
          word.starts_with(prefix)) {
        longest = {prefix, affix.other.empty()};
      }
    }
  }
  return longest;
}

// How many letters of `stem` are an ending that derives it from a root.
size_t DerivedBy(std::string_view stem) {
  size_t longest = 0;
  const auto consider = [&](std::string_view ending) {
    if (ending.size() > longest && stem.size() >= ending.size() + kMinRoot &&
        stem.ends_with(ending)) {
      longest = ending.size();
    }
  };
  consider("less");
  for (std::string_view suffix : kSuffixes) {
    // A stem has lost its plural; and "rotation" is of "rotate", "recyclable" of "recycle".
    const bool plural = suffix.ends_with('s') && !suffix.ends_with("ss") && !suffix.ends_with("us");
    if (plural || suffix == "tion" || suffix == "le") continue;
    consider(suffix);
    // A stem has lost its last "e".
    if (suffix.ends_with('e')) suffix.remove_suffix(1);
    consider(suffix);
  }
  return longest;
}

std::string Encode(std::string_view word, const HashKey& key) {
  constexpr std::string_view kNot = "n't";
  if (word.size() > kNot.size() && word.ends_with(kNot)) {
    return Encode(word.substr(0, word.size() - kNot.size()), key).append(kNot);
  }
  if (const Prefix prefix = PrefixOf(word); !prefix.written.empty()) {
    // "unbake": the other text may hold "bake", as it is.
    const std::string_view rest = word.substr(prefix.written.size());
    const bool as_it_is = prefix.of_bare && IsKnownWord(rest);
    return std::string(prefix.written).append(as_it_is ? std::string(rest) : Encode(rest, key));
  }
  const std::string stem = StemOf(word);
  const std::string_view root = std::string_view(stem).substr(0, stem.size() - DerivedBy(stem));
  std::string encoded = Core(root, key);
  // A short word looks like nothing that its ending makes of a longer one.
  if (root.size() < kMinRoot || !word.starts_with(root)) return encoded;
  std::string_view rest = word.substr(root.size());
  if (rest.size() > 1 && root.size() == stem.size() && rest[0] == root.back()) {
    rest.remove_prefix(1);  // "swimming" is of "swim"
  }
  return encoded.append(rest);
}

// "getUser", but not "URLs": a capital behind a small letter, and not at the end.
bool HasMixedCase(std::string_view word) {
  for (size_t i = 1; i + 1 < word.size(); ++i) {
    if (IsLower(word[i - 1]) && IsUpper(word[i])) return true;
  }
  return false;
}

void ToUpper(char* c) { *c = absl::ascii_toupper(static_cast<unsigned char>(*c)); }

// Writes `encoded` with capitals like those of `cased`.
void CopyCase(std::string_view cased, const HashKey& key, std::string* encoded) {
  const auto capitals = std::count_if(cased.begin(), cased.end(), IsUpper);
  if (capitals == 0) return;
  std::string& out = *encoded;
  if (capitals == 1 && IsUpper(cased[0])) {
    ToUpper(out.data());
  } else if (!HasMixedCase(cased)) {
    for (char& c : out) ToUpper(&c);
    if (std::any_of(cased.begin(), cased.end(), IsLower))
      out.back() = absl::ascii_tolower(static_cast<unsigned char>(out.back()));
  } else {
    // Code is compared with its capitals: those of another spelling stand elsewhere.
    const uint64_t bits = HashOf("capitals", cased, key).low;
    for (size_t i = 4; i < out.size(); ++i) {
      if ((bits >> i % 64 & 1) != 0) ToUpper(&out[i]);
    }
    for (size_t i = 0; i < 2; ++i) {
      if (IsUpper(cased[i])) ToUpper(&out[i]);
    }
    ToUpper(&out[3]);
  }
}

bool IsCoreLetter(char c) {
  return kLetters.find(absl::ascii_tolower(static_cast<unsigned char>(c))) !=
         std::string_view::npos;
}

}  // namespace

std::string PseudonymOf(std::string_view word, std::string_view cased, const HashKey& key) {
  std::string encoded = Encode(word, key);
  CopyCase(cased, key, &encoded);
  return encoded;
}

std::string DigitsFor(std::string_view digits, const HashKey& key) {
  constexpr uint64_t kLeast = 100'000'000'000'000;  // the least number of so many digits
  return std::to_string(kLeast + HashOf("digits", digits, key).low % (9 * kLeast));
}

bool HasPseudonym(std::string_view text) {
  size_t letters = 0;
  size_t digits = 0;
  for (const char c : text) {
    letters = IsCoreLetter(c) ? letters + 1 : 0;
    digits = absl::ascii_isdigit(static_cast<unsigned char>(c)) ? digits + 1 : 0;
    if (letters == kPseudonymCore - 2 || digits == kDigits) return true;
  }
  return false;
}

}  // namespace semcached::guard
