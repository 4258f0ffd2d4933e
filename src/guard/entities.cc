#include <absl/container/inlined_vector.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "guard/comparison.h"
#include "guard/counterparts.h"
#include "guard/guards.h"

namespace semcached::guard {
namespace {

std::string Against(std::string_view what, std::string_view a, std::string_view b) {
  std::string reason(what);
  reason.append(": \"").append(a).append("\" against \"").append(b).append("\"");
  return reason;
}

struct Member {
  uint32_t key;  // kind, member
  const Word* word;

  uint32_t kind() const { return key >> 16; }
};
using Members = absl::InlinedVector<Member, 16>;

bool ByKey(const Member& a, const Member& b) { return a.key < b.key; }

Members MembersOf(const Words& words) {
  Members members;
  for (const Word& word : words) {
    if (word.info == nullptr) continue;
    for (const Membership& one : word.info->kinds) {
      members.push_back({uint32_t{one.kind} << 16 | one.member, &word});
    }
  }
  std::stable_sort(members.begin(), members.end(), ByKey);
  return members;
}

// Those that `other` lacks.
Members Without(const Members& members, const Members& other) {
  Members left;
  for (const Member& one : members) {
    if (!std::binary_search(other.begin(), other.end(), one, ByKey)) left.push_back(one);
  }
  return left;
}

// Two members of one kind, each named by one text only.
std::optional<std::string> KindsDiffer(const Prepared& a, const Prepared& b) {
  const Members all_a = MembersOf(a.words);
  const Members all_b = MembersOf(b.words);
  if (all_a.empty() || all_b.empty()) return std::nullopt;
  const Members left = Without(all_a, all_b);
  const Members right = Without(all_b, all_a);
  for (size_t i = 0, j = 0; i < left.size() && j < right.size();) {
    if (left[i].kind() == right[j].kind()) {
      return Against("names differ", left[i].word->text, right[j].word->text);
    }
    ++(left[i].kind() < right[j].kind() ? i : j);
  }
  return std::nullopt;
}

// A longer text tells more than one name.
constexpr size_t kMaxWords = 32;

// "south" of "south sudan": with it a name is another one.
bool IsPartOfName(std::string_view word) {
  for (const std::string_view part :
       {"north", "south", "east", "west", "northern", "southern", "eastern", "western"}) {
    if (word == part) return true;
  }
  return false;
}

bool HasPartOfName(const Words& words) {
  return std::any_of(words.begin(), words.end(),
                     [](const Word& word) { return IsPartOfName(word.text); });
}

// "ex" of "ex-wife".
bool IsPrefix(const Words& words, size_t i, const Text& text) {
  const size_t hyphen = words[i].token + 1;
  const Tokens tokens = text.tokens();
  if (hyphen >= tokens.size() || tokens[hyphen].text != "-" || !tokens[hyphen].glued) return false;
  for (const std::string_view prefix :
       {"anti", "ex", "half", "post", "pre", "quasi", "semi", "step", "sub", "vice"}) {
    if (words[i].text == prefix) return true;
  }
  return false;
}

// "sudan" against "south sudan", "wife" against "ex-wife".
std::optional<std::string> PartsDiffer(const Prepared& a, const Prepared& b, bool a_is_whole) {
  if (a.words.size() > kMaxWords || b.words.size() > kMaxWords) return std::nullopt;
  const bool parted = HasPartOfName(a.words);
  for (size_t i = 1; i < b.words.size(); ++i) {
    const Word& name = b.words[i];
    if (name.filler || name.number) continue;
    const bool prefixed = IsPrefix(b.words, i - 1, b.text);
    if (!prefixed && (parted || !IsPartOfName(b.words[i - 1].text))) continue;
    if (!prefixed && name.info != nullptr && name.info->kinds.empty() && !name.capital) continue;
    if (prefixed && HasWord(a.words, b.words[i - 1].text)) continue;
    const bool found = std::any_of(a.words.begin(), a.words.end(),
                                   [&](const Word& word) { return word.id == name.id; });
    if (!found) continue;
    const std::string_view part = b.text.Span(b.words[i - 1].token, name.token + 1);
    return a_is_whole ? Against("names differ", name.text, part)
                      : Against("names differ", part, name.text);
  }
  return std::nullopt;
}

// What describes, not names: "newly", "outstanding".
bool LooksDescriptive(std::string_view word) {
  for (const std::string_view suffix : {"ly", "ed", "ing", "able", "ous", "ful", "less", "est"}) {
    if (word.size() > suffix.size() + 3 && word.ends_with(suffix)) return true;
  }
  return false;
}

// A name, a term or a quoted word: it stands for itself alone.
bool IsName(const Word& word) {
  return word.capital || word.quoted || (word.rare() && !LooksDescriptive(word.text));
}

// The last word of the name that begins with `first`, a capital: "mail" of "royal mail", "d'orsay"
// of "musee d'orsay", if neither has a counterpart.
const Word& EndOfName(const Word& first, const Lone& lone, const Words& words, Tokens tokens) {
  const Word* last = &first;
  for (const Word* next = last + 1; next != words.data() + words.size(); last = next++) {
    if (next->filler || !(next->capital || tokens[next->token].capital_within)) break;
    if (std::find(lone.begin(), lone.end(), next) == lone.end()) break;
  }
  return *last;
}

// "what is x" against "what is y".
bool SayNothingElse(const Counterparts& pairs) {
  constexpr size_t kShortText = 8;
  return pairs.matched_a == 0 && pairs.matched_b == 0 && pairs.a->words.size() <= kShortText &&
         pairs.b->words.size() <= kShortText;
}

// "with dhl" against "with royal mail".
bool AreInOnePlace(const Counterparts& pairs, const Word& a, const Word& b) {
  if (pairs.lone_a.size() == 1 && pairs.lone_b.size() == 1 && SayNothingElse(pairs)) return true;
  if (!a.capital || !b.capital) return pairs.SamePlace(a, b);
  return pairs.SamePlace(a, EndOfName(a, pairs.lone_a, pairs.a->words, pairs.a->text.tokens()), b,
                         EndOfName(b, pairs.lone_b, pairs.b->words, pairs.b->text.tokens()));
}

// Two names where one stands in the other's place.
std::optional<std::string> NamesDiffer(const Counterparts& pairs) {
  for (const Word* left : pairs.lone_a) {
    if (!IsName(*left)) continue;
    for (const Word* right : pairs.lone_b) {
      if (!IsName(*right)) continue;
      if ((left->quoted && right->quoted) || AreInOnePlace(pairs, *left, *right)) {
        return Against("names differ", left->text, right->text);
      }
    }
  }
  return std::nullopt;
}

// "gas station" against "police station", where the lexicon knows the one as a phrase: the same
// noun behind words that mean different things.
bool IsOtherPhrase(const Word& phrase, const Text& text, const Lone& other) {
  constexpr size_t kMostWords = 3;
  if (other.size() < 2 || other.size() > kMostWords) return false;
  for (size_t i = 1; i < other.size(); ++i) {
    if (other[i] != other[i - 1] + 1) return false;
  }
  const Tokens tokens = text.tokens();
  const char* const end = phrase.text.data() + phrase.text.size();
  const Word* const noun = other.back();
  for (size_t i = phrase.token; i < tokens.size() && tokens[i].text.data() < end; ++i) {
    Word part;
    part.id = IdOf(tokens[i].text);
    part.info = FindWord(part.id);
    const bool last = tokens[i].text.data() + tokens[i].text.size() == end;
    if (last) return i > phrase.token && part.id == noun->id;
    for (const Word* word : other) {
      if (word != noun && ShareMeaning(part, *word)) return false;
    }
  }
  return false;
}

// The last word of a phrase of the lexicon; empty for one word.
std::string_view NounOf(std::string_view phrase) {
  const size_t space = phrase.rfind(' ');
  return space == std::string_view::npos ? std::string_view() : phrase.substr(space + 1);
}

// One word in the place of another, or of several that share a part with it.
bool IsOneInPlaceOfAnother(const Counterparts& pairs) {
  const Lone& a = pairs.lone_a;
  const Lone& b = pairs.lone_b;
  const bool places = pairs.SamePlace(*a.front(), *a.back(), *b.front(), *b.back());
  if (!places && !SayNothingElse(pairs)) return false;
  if (a.size() == 1 && b.size() == 1) {
    const std::string_view noun = NounOf(a[0]->text);
    if (!noun.empty() && noun == NounOf(b[0]->text)) return true;
    return places && !(LooksDescriptive(a[0]->text) && LooksDescriptive(b[0]->text));
  }
  return (a.size() == 1 && IsOtherPhrase(*a[0], pairs.a->text, b)) ||
         (b.size() == 1 && IsOtherPhrase(*b[0], pairs.b->text, a));
}

}  // namespace

std::optional<std::string> EntitiesDiffer(const TextPair& pair) {
  const Prepared& a = pair.a;
  const Prepared& b = pair.b;
  if (auto reason = KindsDiffer(a, b); reason.has_value()) return reason;
  if (auto reason = PartsDiffer(a, b, true); reason.has_value()) return reason;
  if (auto reason = PartsDiffer(b, a, false); reason.has_value()) return reason;
  const Counterparts& pairs = pair.counterparts();
  if (pairs.lone_a.empty() || pairs.lone_b.empty() || pairs.too_many) return std::nullopt;
  if (auto reason = NamesDiffer(pairs); reason.has_value()) return reason;
  if (IsOneInPlaceOfAnother(pairs) && !FindMirrored(pair).has_value()) {
    return Against("words differ", pairs.lone_a[0]->text, pairs.lone_b[0]->text);
  }
  return std::nullopt;
}

}  // namespace semcached::guard
