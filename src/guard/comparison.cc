#include "guard/comparison.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <string_view>

namespace semcached::guard {
namespace {

// A longer text tells more than one comparison.
constexpr size_t kMaxWords = 48;

// The "than" of the text; its size if there is none, or more than one.
size_t FindThan(const Words& words) {
  size_t found = words.size();
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i].text != "than") continue;
    if (found != words.size()) return words.size();
    found = i;
  }
  return found;
}

// How far before "than" its comparative may stand: any ("longer to cook than"), and one that is
// known ("fewer points in his career than").
constexpr size_t kAnyReach = 4;
constexpr size_t kKnownReach = 8;

// Where `comparative` stands before `than`; `than` if it does not.
size_t FindComparative(const Words& words, size_t than, std::string_view comparative) {
  for (size_t i = than; i-- > (than > kKnownReach ? than - kKnownReach : 0);) {
    if (words[i].text == comparative) return i;
  }
  return than;
}

// What the text compares with; nullptr if nothing of meaning is near.
const Word* FindBehind(const Words& words, size_t than) {
  constexpr size_t kReach = 5;
  const size_t end = std::min(words.size(), than + 1 + kReach);
  for (size_t i = than + 1; i < end; ++i) {
    if (!words[i].filler) return &words[i];
  }
  return nullptr;
}

bool HasBefore(const Words& words, size_t than, const Word& sought) {
  return std::any_of(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(than),
                     [&](const Word& word) { return MeanTheSame(word, sought); });
}

bool HasBehind(const Words& words, size_t than, const Word& sought) {
  return std::any_of(words.begin() + static_cast<std::ptrdiff_t>(than), words.end(),
                     [&](const Word& word) { return MeanTheSame(word, sought); });
}

// What is compared with what: "x" with "y" in "x is larger than y".
struct Comparison {
  size_t than_a = 0;
  size_t than_b = 0;
  const Word* behind_a = nullptr;
  const Word* behind_b = nullptr;
};

// Of texts that both compare, each with what the other text compares with it.
std::optional<Comparison> FindCrossed(const Words& a, const Words& b) {
  Comparison found;
  found.than_a = FindThan(a);
  if (found.than_a == a.size()) return std::nullopt;
  found.than_b = FindThan(b);
  if (found.than_b == b.size()) return std::nullopt;
  found.behind_a = FindBehind(a, found.than_a);
  found.behind_b = FindBehind(b, found.than_b);
  if (found.behind_a == nullptr || found.behind_b == nullptr ||
      MeanTheSame(*found.behind_a, *found.behind_b) ||
      !HasBefore(a, found.than_a, *found.behind_b) ||
      !HasBefore(b, found.than_b, *found.behind_a)) {
    return std::nullopt;
  }
  return found;
}

// Where the run of words of meaning that begins at `begin` ends: "csv files" of "csv files do".
size_t EndOfRun(const Words& words, size_t begin) {
  size_t end = begin;
  while (end < words.size() && !words[end].filler) ++end;
  return end;
}

// Whether what stands behind "than" in `words` stands as a whole before the comparative of `other`.
bool StandsBefore(const Words& words, const Word& behind, const Words& other, size_t comparative) {
  const auto begin = static_cast<size_t>(&behind - words.data());
  const size_t size = EndOfRun(words, begin) - begin;
  for (size_t i = 0; i + size <= comparative; ++i) {
    size_t same = 0;
    while (same < size && MeanTheSame(words[begin + same], other[i + same])) ++same;
    if (same == size &&
        other[i + size - 1].text.ends_with("'s") == words[begin + size - 1].text.ends_with("'s"))
      return true;
  }
  return false;
}

// Whether what is compared stands behind the comparative, as in "is it cheaper in june than in
// may".
bool ComparesBehind(const Words& words, size_t comparative, size_t than) {
  constexpr std::string_view kLeads[] = {"at", "by", "during", "for", "from", "in", "on", "with"};
  if (than + 1 >= words.size() ||
      std::find(std::begin(kLeads), std::end(kLeads), words[than + 1].text) == std::end(kLeads)) {
    return false;
  }
  return std::all_of(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(comparative),
                     [](const Word& word) { return word.filler; });
}

// Whether words of meaning follow what stands behind "than".
bool GoesOn(const Words& words, const Word& behind) {
  const size_t end = EndOfRun(words, static_cast<size_t>(&behind - words.data()));
  return std::any_of(words.begin() + static_cast<std::ptrdiff_t>(end), words.end(),
                     [](const Word& word) { return !word.filler; });
}

bool AsksWhich(const Words& words) {
  return HasWord(words, "which") || HasWord(words, "what") || HasWord(words, "who");
}

// Whether all lone words belong to the comparison: "larger", the "take" of "take longer".
bool AreOfComparison(const Lone& lone, std::string_view comparative) {
  return std::all_of(lone.begin(), lone.end(), [&](const Word* word) {
    return word->text == comparative || word->text.starts_with("tak") || word->text == "more";
  });
}

// "more" of "more fiber than", else "larger" of "larger than"; nullptr if the text has none near.
const Word* LastComparative(const Words& words, size_t than) {
  const Word* found = nullptr;
  for (size_t i = than; i-- > (than > kAnyReach ? than - kAnyReach : 0);) {
    const std::string_view word = words[i].text;
    if (word == "more" || word == "less" || word == "fewer" || word == "worse") return &words[i];
    if (found == nullptr && word.size() > 4 && word.ends_with("er")) found = &words[i];
  }
  return found;
}

// "less expensive" is no opposite of "cheaper".
bool IsTurned(const Words& words, size_t at) {
  return at > 0 && (words[at - 1].text == "less" || words[at - 1].text == "not");
}

// Whether what stands between the comparative and "than" ("cook" of "longer to cook than") is said
// before the other's "than", too: both compare in one respect.
bool IsOneRespect(const Words& words, size_t comparative, size_t than, const Words& other,
                  size_t other_than) {
  for (size_t i = comparative + 1; i < than; ++i) {
    if (words[i].filler) continue;
    // Behind the other's "than" it is said of both: "faster than a list to iterate over".
    const bool before = HasBefore(other, other_than, words[i]);
    if (!before && !HasBehind(other, other_than, words[i])) return false;
  }
  return true;
}

// What takes longer is slower; what is longer is not.
bool IsTime(const Words& words, size_t at) {
  const std::string_view before = at > 0 ? words[at - 1].text : std::string_view();
  return before == "take" || before == "takes" || before == "took" || before == "taking";
}

}  // namespace

std::optional<Opposition> FindMirrored(const TextPair& pair) {
  const Words& a = pair.a.words;
  const Words& b = pair.b.words;
  if (a.size() > kMaxWords || b.size() > kMaxWords) return std::nullopt;
  const std::optional<Comparison> crossed = FindCrossed(a, b);
  if (!crossed.has_value()) return std::nullopt;
  const std::optional<Opposition> opposed = FindOpposed(pair.a.opposable, pair.b.opposable);
  if (!opposed.has_value()) return std::nullopt;
  const size_t in_a = FindComparative(a, crossed->than_a, opposed->first);
  const size_t in_b = FindComparative(b, crossed->than_b, opposed->second);
  if (in_a == crossed->than_a || in_b == crossed->than_b) return std::nullopt;
  if (IsTurned(a, in_a) || IsTurned(b, in_b)) return std::nullopt;
  if ((a[in_a].text == "longer" && opposed->second != "shorter" && !IsTime(a, in_a)) ||
      (b[in_b].text == "longer" && opposed->first != "shorter" && !IsTime(b, in_b))) {
    return std::nullopt;
  }
  if (!IsOneRespect(a, in_a, crossed->than_a, b, crossed->than_b) ||
      !IsOneRespect(b, in_b, crossed->than_b, a, crossed->than_a)) {
    return std::nullopt;
  }
  // Two things alone are compared, and nothing else is said of one of them.
  if (!StandsBefore(a, *crossed->behind_a, b,
                    ComparesBehind(b, in_b, crossed->than_b) ? crossed->than_b : in_b) ||
      !StandsBefore(b, *crossed->behind_b, a,
                    ComparesBehind(a, in_a, crossed->than_a) ? crossed->than_a : in_a)) {
    return std::nullopt;
  }
  if (GoesOn(a, *crossed->behind_a) && GoesOn(b, *crossed->behind_b)) return std::nullopt;
  if (AsksWhich(a) || AsksWhich(b)) return std::nullopt;
  const Counterparts& pairs = pair.counterparts();
  if (pairs.too_many || !AreOfComparison(pairs.lone_a, opposed->first) ||
      !AreOfComparison(pairs.lone_b, opposed->second)) {
    return std::nullopt;
  }
  return opposed;
}

std::optional<std::pair<std::string_view, std::string_view>> FindTurnedComparison(
    const TextPair& pair) {
  const Words& a = pair.a.words;
  const Words& b = pair.b.words;
  const std::optional<Comparison> crossed = FindCrossed(a, b);
  if (!crossed.has_value()) return std::nullopt;
  const Word* const left = LastComparative(a, crossed->than_a);
  const Word* const right = LastComparative(b, crossed->than_b);
  if (left == nullptr || right == nullptr || left->id != right->id) return std::nullopt;
  return std::make_pair(crossed->behind_b->text, crossed->behind_a->text);
}

}  // namespace semcached::guard
