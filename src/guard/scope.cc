#include "guard/scope.h"

#include <absl/container/inlined_vector.h>

#include <algorithm>
#include <iterator>

#include "guard/scope_data.h"

namespace semcached::guard {
namespace {

using Found = std::optional<std::pair<std::string_view, std::string_view>>;

// A longer text counts one thing more than once.
constexpr size_t kMaxWords = 32;

constexpr bool ByWord(const ScopeWord& a, const ScopeWord& b) { return a.word < b.word; }
static_assert(std::is_sorted(std::begin(kScopeWords), std::end(kScopeWords), ByWord));
static_assert(std::is_sorted(std::begin(kWholes), std::end(kWholes)));
static_assert(std::is_sorted(std::begin(kLimits), std::end(kLimits)));
static_assert(std::is_sorted(std::begin(kGroupLeads), std::end(kGroupLeads)));
static_assert(std::is_sorted(std::begin(kGroupThings), std::end(kGroupThings)));
constexpr bool ByGroupWord(const GroupWord& a, const GroupWord& b) { return a.word < b.word; }
static_assert(std::is_sorted(std::begin(kGroupWords), std::end(kGroupWords), ByGroupWord));

// A word and how many of it are meant.
struct Counted {
  const Word* word = nullptr;
  Scope scope = Scope::kNone;
  std::string_view by;
};
using AllCounted = absl::InlinedVector<Counted, kMaxWords>;

// "the", "of the": between the scope and what it counts.
bool IsBetween(std::string_view word) {
  return word == "the" || word == "of" || word == "my" || word == "your" || word == "a" ||
         word == "our" || word == "his" || word == "her" || word == "their";
}

// "no more than", "do not need more than"
bool IsDeniedBefore(const Words& words, size_t at) {
  constexpr size_t kReach = 3;
  for (size_t i = at > kReach ? at - kReach : 0; i < at; ++i) {
    if (words[i].text == "no" || words[i].text == "not" || words[i].text.ends_with("n't")) {
      return true;
    }
  }
  return false;
}

Scope ScopeAt(const Words& words, size_t at) {
  const auto* found = std::lower_bound(std::begin(kScopeWords), std::end(kScopeWords),
                                       ScopeWord{words[at].text, Scope::kNone}, ByWord);
  if (found == std::end(kScopeWords) || found->word != words[at].text) return Scope::kNone;
  const std::string_view before = at > 0 ? words[at - 1].text : std::string_view();
  if (found->word == "single" && before == "every") return Scope::kAll;
  if (found->word == "than") {
    const bool more = before == "more" || before == "greater" || before == "larger";
    const bool less = before == "less" || before == "fewer" || before == "smaller";
    if (!more && !less) return Scope::kNone;
    return more != IsDeniedBefore(words, at - 1) ? Scope::kAtLeast : Scope::kAtMost;
  }
  if (found->word == "to" && before == "up") return Scope::kAtMost;
  if (found->word == "most" && before == "at") return Scope::kAtMost;
  return found->scope;
}

bool IsBound(Scope scope) {
  return scope == Scope::kAtLeast || scope == Scope::kAtMost || scope == Scope::kExactly;
}

// "most interesting": a superlative, and no number.
bool LooksAdjective(std::string_view word) {
  for (const std::string_view suffix :
       {"ing", "ed", "ive", "ful", "ous", "al", "ent", "ant", "ar", "ic", "ble", "ly"}) {
    if (word.ends_with(suffix)) return true;
  }
  return false;
}

// What `words` count.
AllCounted ReadCounted(const Words& words) {
  AllCounted all;
  for (size_t i = 0; i < words.size(); ++i) {
    if (words[i].filler && !words[i].number && words[i].text != "people") continue;
    Counted one;
    one.word = &words[i];
    for (size_t at = i; at-- > 0;) {
      if (IsBetween(words[at].text)) continue;
      one.scope = ScopeAt(words, at);
      one.by = words[at].text;
      break;
    }
    if (one.scope == Scope::kMost && LooksAdjective(one.word->text)) continue;
    if (IsBound(one.scope) && !one.word->number) continue;
    if (one.scope != Scope::kNone) all.push_back(one);
  }
  return all;
}

Found FindCounted(const Words& a, const Words& b) {
  const AllCounted left = ReadCounted(a);
  if (left.empty()) return std::nullopt;
  const AllCounted right = ReadCounted(b);
  const auto agrees = [](const Counted& one, const AllCounted& others) {
    return std::any_of(others.begin(), others.end(), [&](const Counted& two) {
      return one.scope == two.scope && one.word->id == two.word->id;
    });
  };
  for (const Counted& one : left) {
    if (agrees(one, right)) continue;
    for (const Counted& two : right) {
      if (one.word->id != two.word->id || agrees(two, left)) continue;
      // What both texts say somewhere is no evidence.
      if (HasWord(b, one.by) && HasWord(a, two.by)) continue;
      return std::make_pair(one.by, two.by);
    }
  }
  return std::nullopt;
}

bool HasEveryOther(const Words& words) {
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    if (words[i].text == "every" && words[i + 1].text == "other") return true;
  }
  return false;
}

// "every day" against "every other day".
Found FindEveryOther(const Words& a, const Words& b) {
  const bool in_a = HasEveryOther(a);
  if (in_a == HasEveryOther(b)) return std::nullopt;
  for (const Word& word : in_a ? b : a) {
    if (!word.text.starts_with("every") && word.text != "each" && word.text != "daily") continue;
    constexpr std::string_view kOther = "every other";
    return std::make_pair(in_a ? kOther : word.text, in_a ? word.text : kOther);
  }
  return std::nullopt;
}

// What "every" counts, without "every that": nullptr if nothing.
struct Whole {
  std::string_view by;
  const Word* counted = nullptr;
};

Whole FindWhole(const Words& words) {
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    if (!std::binary_search(std::begin(kWholes), std::end(kWholes), words[i].text)) continue;
    for (size_t at = i + 1; at < words.size() && words[at].text != "that"; ++at) {
      if (!words[at].filler) return {words[i].text, &words[at]};
    }
    return {};
  }
  return {};
}

// Whether the "only" of `words`, which have one, restricts what means the same as `counted`: one of
// the two words behind it, or, at the end of the text, before it.
bool IsRestricted(const Words& words, const Word& counted) {
  constexpr size_t kReach = 2;
  const auto* const end = words.data() + words.size();
  const auto* only =
      std::find_if(words.data(), end, [](const Word& word) { return word.text == "only"; });
  const bool last = only + 1 == end;
  size_t left = kReach;
  for (const Word* at = only; left > 0;) {
    if (last ? at == words.data() : at + 1 == end) return false;
    at += last ? -1 : 1;
    if (at->filler) continue;
    if (MeanTheSame(*at, counted)) return true;
    --left;
  }
  return false;
}

// "only my last commit" against "every commit".
Found FindOnlyAgainstAll(const Words& a, const Words& b) {
  constexpr std::string_view kOnly = "only";
  const bool only_a = HasWord(a, kOnly);
  if (only_a == HasWord(b, kOnly)) return std::nullopt;
  const Whole whole = FindWhole(only_a ? b : a);
  if (whole.counted == nullptr || FindWhole(only_a ? a : b).counted != nullptr) return std::nullopt;
  if (!IsRestricted(only_a ? a : b, *whole.counted)) return std::nullopt;
  return std::make_pair(only_a ? kOnly : whole.by, only_a ? whole.by : kOnly);
}

std::string_view FindLimit(const Words& words) {
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0 && words[i - 1].text == "not") continue;  // "not only"
    if (std::binary_search(std::begin(kLimits), std::end(kLimits), words[i].text)) {
      return words[i].text;
    }
  }
  return {};
}

std::string_view WithoutPossessive(std::string_view word) {
  if (word.ends_with("'s")) word.remove_suffix(2);
  return word;
}

// What the word at `at` says of whom or what is meant.
Group GroupAt(const Words& words, size_t at) {
  const std::string_view word = WithoutPossessive(words[at].text);
  const auto* found = std::lower_bound(std::begin(kGroupWords), std::end(kGroupWords),
                                       GroupWord{word, Group::kNone}, ByGroupWord);
  if (found == std::end(kGroupWords) || found->word != word) return Group::kNone;
  if (at > 0 && words[at - 1].text == "hot") return Group::kNone;  // "hot dogs"
  if (at + 1 < words.size() &&
      std::binary_search(std::begin(kGroupThings), std::end(kGroupThings), words[at + 1].text)) {
    return Group::kNone;
  }
  return found->group;
}

// "my 12-year-old": whom else one would call a child. Babies are asked for by themselves, and
// behind "12-year-old" may stand a dog or a whisky.
bool TellsAge(const Words& words, size_t at) {
  constexpr std::string_view kAges[] = {"10", "11", "12", "2", "3", "4", "5", "6", "7", "8", "9"};
  if (at < 2 || words[at].text != "old") return false;
  if (words[at - 1].text != "year" && words[at - 1].text != "years") return false;
  if (!std::binary_search(std::begin(kAges), std::end(kAges), words[at - 2].text)) return false;
  return at + 1 == words.size() || words[at + 1].filler ||
         GroupAt(words, at + 1) == Group::kChildren;
}

// "my baby is due in may": who says so is pregnant.
bool IsDue(const Words& words, size_t at) {
  constexpr size_t kReach = 2;
  for (size_t i = at + 1; i < std::min(words.size(), at + 1 + kReach); ++i) {
    if (words[i].text == "due") return true;
  }
  return false;
}

// The condition of one text that the other says nothing of: "for children".
const Word* FindGroup(const Words& words, const Words& other) {
  constexpr size_t kReach = 3;
  uint32_t others = 0;
  for (size_t i = 0; i < other.size(); ++i) {
    const Group group = TellsAge(other, i) ? Group::kChildren : GroupAt(other, i);
    others |= uint32_t{1} << static_cast<unsigned>(group);
  }
  for (size_t i = 0; i < words.size(); ++i) {
    const Group group = GroupAt(words, i);
    if (group == Group::kNone || (others >> static_cast<unsigned>(group) & 1) != 0) continue;
    if (IsDue(words, i) && (others >> static_cast<unsigned>(Group::kPregnant) & 1) != 0) continue;
    for (size_t at = i > kReach ? i - kReach : 0; at < i; ++at) {
      if (std::binary_search(std::begin(kGroupLeads), std::end(kGroupLeads), words[at].text)) {
        return &words[i];
      }
    }
  }
  return nullptr;
}

Found FindOnlyGroup(const Words& a, const Words& b) {
  constexpr std::string_view kNothing = "nothing";
  if (const Word* only = FindGroup(a, b); only != nullptr) {
    return std::make_pair(only->text, kNothing);
  }
  if (const Word* only = FindGroup(b, a); only != nullptr) {
    return std::make_pair(kNothing, only->text);
  }
  return std::nullopt;
}

// The first word of meaning behind `leader`; nullptr if there is none.
const Word* FindLed(const Words& words, std::string_view leader) {
  bool led = false;
  for (const Word& word : words) {
    if (led && !word.filler) return &word;
    led |= word.text == leader;
  }
  return nullptr;
}

// "just part of the screen" against "only part of the screen", but not "I just had surgery".
bool IsJustSo(const Words& just, const Words& only) {
  if (HasWord(only, "just")) return false;
  const Word* const of_just = FindLed(just, "just");
  const Word* const of_only = FindLed(only, "only");
  return of_just != nullptr && of_only != nullptr && MeanTheSame(*of_just, *of_only);
}

}  // namespace

Found FindScope(const TextPair& pair) {
  const Words& a = pair.a.words;
  const Words& b = pair.b.words;
  if (a.size() > kMaxWords || b.size() > kMaxWords) return std::nullopt;
  if (Found found = FindCounted(a, b); found.has_value()) return found;
  if (Found found = FindEveryOther(a, b); found.has_value()) return found;
  if (Found found = FindOnlyAgainstAll(a, b); found.has_value()) return found;
  if (Found found = FindOnlyGroup(a, b); found.has_value()) return found;
  const Counterparts& pairs = pair.counterparts();
  if (!pairs.lone_a.empty() || !pairs.lone_b.empty() || pairs.too_many) return std::nullopt;
  const std::string_view limit_a = FindLimit(a);
  const std::string_view limit_b = FindLimit(b);
  if (limit_a.empty() != limit_b.empty() &&
      !IsJustSo(limit_a.empty() ? a : b, limit_a.empty() ? b : a)) {
    constexpr std::string_view kNothing = "nothing";
    return std::make_pair(limit_a.empty() ? kNothing : limit_a,
                          limit_b.empty() ? kNothing : limit_b);
  }
  return std::nullopt;
}

}  // namespace semcached::guard
