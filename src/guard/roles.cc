#include <absl/container/inlined_vector.h>
#include <absl/strings/ascii.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "guard/comparison.h"
#include "guard/counterparts.h"
#include "guard/exchange.h"
#include "guard/guards.h"
#include "guard/roles_data.h"
#include "guard/sorted_table.h"
#include "guard/speaker.h"

namespace semcached::guard {
namespace {

static_assert(std::is_sorted(std::begin(kMutualVerbs), std::end(kMutualVerbs)));

// Longer texts say their roles more than once, and would cost quadratic time.
constexpr size_t kMaxWords = 48;
// Longer exchanges are another sentence.
constexpr size_t kMaxSwapped = 24;
constexpr size_t kMaxLone = 1;
constexpr size_t kNone = static_cast<size_t>(-1);

// What joins equals: to trade their places changes nothing.
bool JoinsEquals(std::string_view word) {
  return word == "and" || word == "or" || word == "vs" || word == "versus" || word == "nor";
}

// Units count ("celsius to fahrenheit"); digits are the business of the numbers.
bool Carries(const Word& word) {
  return !word.filler && !absl::ascii_isdigit(static_cast<unsigned char>(word.text[0]));
}

// The places of the words that carry a role, by place.
using Carriers = absl::InlinedVector<size_t, kMaxWords>;

Carriers FindCarriers(const Words& words) {
  Carriers carriers;
  for (size_t i = 0; i < words.size(); ++i) {
    if (Carries(words[i])) carriers.push_back(i);
  }
  return carriers;
}

// Where `word` stands in `words`, among `carriers`, if it stands there once.
size_t FindOnce(const Words& words, const Carriers& carriers, const Word& word) {
  size_t at = kNone;
  for (const size_t i : carriers) {
    if (!MeanTheSame(words[i], word)) continue;
    if (at != kNone) return kNone;
    at = i;
  }
  return at;
}

bool IsBe(std::string_view word) { return Has(kFormsOfBe, word); }

bool IsArticle(std::string_view word) { return word == "the" || word == "a" || word == "an"; }

// Stands before too many words to be a slot.
bool IsPronoun(std::string_view word) {
  return word == "i" || word == "my" || word == "you" || word == "your" || word == "we" ||
         word == "it" || word == "its" || word == "and" || word == "or";
}

// The word before or behind `at`, articles passed over; nullptr at the end of the text.
const Word* Neighbour(const Words& words, size_t at, bool left) {
  for (size_t i = at; left ? i > 0 : i + 1 < words.size();) {
    i += left ? static_cast<size_t>(-1) : 1;
    if (!IsArticle(words[i].text)) return &words[i];
  }
  return nullptr;
}

// What a word stands between; 0: nothing that makes a slot.
struct Slot {
  WordId before = 0;
  WordId behind = 0;
};

WordId IdOfSlot(const Word* word) {
  return word == nullptr || IsPronoun(word->text) ? 0 : word->id;
}

Slot SlotOf(const Words& words, size_t at) {
  return {IdOfSlot(Neighbour(words, at, true)), IdOfSlot(Neighbour(words, at, false))};
}

// Behind the same word, or before the same.
bool AreOne(const Slot& a, const Slot& b) {
  return (a.before != 0 && a.before == b.before) || (a.behind != 0 && a.behind == b.behind);
}

// True if only what joins equals, or nothing, stands between the words i < j: "x and y", "the x
// join and the y join", "git x and git y".
bool AreEquals(const Words& words, const Text& text, size_t i, size_t j) {
  bool joined = j == i + 1;
  const WordId head = j + 1 < words.size() ? words[j + 1].id : 0;
  const WordId lead = i > 0 ? words[i - 1].id : 0;
  bool shared = false;  // the head or the lead stands between them
  for (size_t k = i + 1; k < j; ++k) {
    if (JoinsEquals(words[k].text)) {
      joined = true;
    } else if (words[k].id == head || words[k].id == lead) {
      shared = true;
    } else if (!IsArticle(words[k].text)) {
      return false;
    }
  }
  const size_t between = words[i].token + 1;
  return joined ||
         (!shared && between < text.tokens().size() && text.tokens()[between].text == ",");
}

std::string Swapped(std::string_view x, std::string_view y) {
  std::string reason = "roles are swapped: \"";
  return reason.append(x).append("\" and \"").append(y).append("\"");
}

// "was defeated by rome".
struct Passive {
  size_t subject = kNone;
  size_t verb = kNone;
  size_t agent = kNone;
};

std::optional<Passive> FindPassive(const Words& words) {
  for (size_t by = 2; by + 1 < words.size(); ++by) {
    if (words[by].text != "by" || !Carries(words[by - 1])) continue;
    Passive passive;
    passive.verb = by - 1;
    bool be = false;
    for (size_t i = passive.verb; i-- > 0;) {
      if (IsBe(words[i].text)) be = true;
      if (passive.subject == kNone && Carries(words[i])) passive.subject = i;
    }
    for (size_t i = by + 1; i < words.size() && passive.agent == kNone; ++i) {
      if (Carries(words[i])) passive.agent = i;
    }
    if (be && passive.subject != kNone && passive.agent != kNone) return passive;
  }
  return std::nullopt;
}

// "rome was defeated by carthage" against "rome defeated carthage": the order is the same, the
// roles are not.
std::optional<std::string> Turned(const Words& passive_words, const Words& active_words) {
  const std::optional<Passive> passive = FindPassive(passive_words);
  if (!passive.has_value() || FindPassive(active_words).has_value()) return std::nullopt;
  const Carriers carriers = FindCarriers(active_words);
  const size_t verb = FindOnce(active_words, carriers, passive_words[passive->verb]);
  const size_t subject = FindOnce(active_words, carriers, passive_words[passive->subject]);
  const size_t agent = FindOnce(active_words, carriers, passive_words[passive->agent]);
  if (verb == kNone || subject == kNone || agent == kNone) return std::nullopt;
  if (!(subject < verb && verb < agent)) return std::nullopt;
  // Nothing but articles between the verb and who suffers it.
  for (size_t i = verb + 1; i < agent; ++i) {
    if (!IsArticle(active_words[i].text)) return std::nullopt;
  }
  return Swapped(passive_words[passive->subject].text, passive_words[passive->agent].text);
}

// What of a text tells roles: its words without "the", and without whose they are, where both say
// that ("a mother ... to her baby", "a baby ... to its mother").
using Plain = absl::InlinedVector<const Word*, kMaxWords>;

bool IsWhose(std::string_view word) {
  return word == "my" || word == "your" || word == "his" || word == "her" || word == "its" ||
         word == "our" || word == "their";
}

Plain PlainWords(const Words& words, bool whose) {
  Plain plain;
  for (const Word& word : words) {
    if (word.text == "the" || word.text == "do" || word.text == "does" || word.text == "did") {
      continue;
    }
    if (whose || (!IsArticle(word.text) && !IsWhose(word.text))) plain.push_back(&word);
  }
  return plain;
}

bool SameWords(const Plain& a, size_t i, const Plain& b, size_t j, size_t count) {
  for (size_t k = 0; k < count; ++k) {
    if (a[i + k]->id != b[j + k]->id) return false;
  }
  return true;
}

// Between `begin` and `end` stands what has a direction: a verb, "than", "into".
bool HasDirection(const Plain& words, size_t begin, size_t end) {
  for (size_t i = begin; i < end; ++i) {
    const std::string_view word = words[i]->text;
    if (!JoinsEquals(word) && !IsBe(word) && !IsArticle(word) && word != "plus" &&
        word != "times" && word != "with" && word != "equals" && word != "equal" &&
        word != "said" && word != "says") {
      return true;
    }
  }
  return false;
}

// "is every square a rectangle": nothing but articles, from `first` to `end`, between who is what.
bool SaysWhatIs(const Plain& words, size_t first, size_t end) {
  if (first == end || !IsBe(words[0]->text)) return false;
  return std::all_of(words.begin() + static_cast<std::ptrdiff_t>(first),
                     words.begin() + static_cast<std::ptrdiff_t>(end),
                     [](const Word* word) { return word->text == "a" || word->text == "an"; });
}

// "the real gas and the ideal gas": what `middle` words from `begin` on join are equals, each with
// the words that stand behind the second.
bool JoinsAlike(const Plain& words, size_t begin, size_t middle, size_t last) {
  if (middle == 0 || !JoinsEquals(words[begin + middle - 1]->text)) return false;
  return last + middle - 1 <= words.size() && SameWords(words, begin, words, last, middle - 1);
}

bool HasWhose(const Words& words) {
  return std::any_of(words.begin(), words.end(),
                     [](const Word& word) { return IsWhose(word.text); });
}

// "merge the feature branch into main": one text is P X M Y S, the other P Y M X S, where X and Y
// are names of any length, and M has a direction.
std::optional<std::string> TradeSides(const Plain& a, const Plain& b) {
  if (a.size() != b.size()) return std::nullopt;
  size_t first = 0;
  size_t last = a.size();
  while (first < last && a[first]->id == b[first]->id) ++first;
  while (last > first && a[last - 1]->id == b[last - 1]->id) --last;
  if (last - first > kMaxSwapped) return std::nullopt;
  for (size_t x = 1; first + x + 1 < last; ++x) {
    if (!SameWords(a, first, b, last - x, x)) continue;
    for (size_t y = 1; first + x + y < last; ++y) {
      const size_t middle = last - first - x - y;
      if (SameWords(a, last - y, b, first, y) && SameWords(a, first + x, b, first + y, middle) &&
          (HasDirection(a, first + x, last - y) ||
           (first > 0 && SaysWhatIs(a, first + x, last - y))) &&
          !JoinsAlike(a, first + x, middle, last)) {
        return Swapped(a[first]->text, a[last - y]->text);
      }
    }
  }
  return std::nullopt;
}

// Which of "who did alice invite" and "who invited alice" a text is, "what animals do lions hunt"
// and "what animals hunt lions": 1, -1; 0: neither.
int Asked(const Words& words) {
  const auto is_do = [](std::string_view word) {
    return word == "do" || word == "does" || word == "did";
  };
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    const std::string_view next = words[i + 1].text;
    if (words[i].text == "who" || words[i].text == "whom") return is_do(next) ? 1 : -1;
    if (words[i].text != "what" && words[i].text != "which") continue;
    const size_t reach = next == "us" ? 3 : 2;  // "which us president did"
    for (size_t k = i + 1; k < std::min(i + 1 + reach, words.size()); ++k) {
      if (is_do(words[k].text)) return 1;
    }
    const bool open = IsBe(next) || (i + 2 < words.size() && words[i + 2].filler);
    return open ? 0 : -1;
  }
  return 0;
}

bool HasMutual(const Words& words) {
  return std::any_of(words.begin(), words.end(), [](const Word& word) {
    return std::binary_search(std::begin(kMutualVerbs), std::end(kMutualVerbs), word.text);
  });
}

// "can I sue my boss" against "can my boss sue me"; "who did it hit" against "who hit it".
bool IsTurnedOn(const Prepared& a, const Prepared& b) {
  const Words& left = a.words;
  const Words& right = b.words;
  if (HasWord(left, "by") || HasWord(right, "by")) return false;
  return SideOfSpeaker(a) * SideOfSpeaker(b) < 0 ||
         (Asked(left) * Asked(right) < 0 && !HasMutual(left));
}

}  // namespace

std::optional<std::string> RolesDiffer(const TextPair& pair) {
  const Prepared& a = pair.a;
  const Prepared& b = pair.b;
  const Words& left = a.words;
  const Words& right = b.words;
  if (left.size() > kMaxWords || right.size() > kMaxWords) return std::nullopt;
  if (TradesSpeaker(a, b)) return "roles are swapped: who does it, and to whom";
  if (const auto turned = FindTurnedComparison(pair); turned.has_value()) {
    return Swapped(turned->first, turned->second);
  }
  if (const auto turned = FindTurnedExchange(a, b); turned.has_value()) {
    return Swapped(turned->first, turned->second);
  }
  const Counterparts& pairs = pair.counterparts();
  if (pairs.too_many || pairs.lone_a.size() > kMaxLone || pairs.lone_b.size() > kMaxLone) {
    return std::nullopt;
  }
  if (FindMirrored(pair).has_value()) return std::nullopt;  // each trades its place and its word
  const bool alike = pairs.lone_a.empty() && pairs.lone_b.empty();
  if (alike) {
    for (const bool whose : {true, false}) {
      if (!whose && (!HasWhose(left) || !HasWhose(right))) break;
      if (auto reason = TradeSides(PlainWords(left, whose), PlainWords(right, whose));
          reason.has_value()) {
        return reason;
      }
    }
  }
  const std::optional<Exchanged> exchanged = FindSameExchange(a, b);
  const bool turned_on = alike && IsTurnedOn(a, b);
  const Carriers carriers = FindCarriers(left);
  const Carriers right_carriers = FindCarriers(right);
  size_t places[kMaxWords];  // of each carrier of `left` in `right`
  Slot slots[kMaxWords];
  Slot right_slots[kMaxWords];  // of their places
  for (const size_t i : carriers) {
    const bool once = FindOnce(left, carriers, left[i]) == i;
    places[i] = once ? FindOnce(right, right_carriers, left[i]) : kNone;
    if (places[i] == kNone) continue;
    slots[i] = SlotOf(left, i);
    right_slots[i] = SlotOf(right, places[i]);
  }
  for (const size_t i : carriers) {
    if (places[i] == kNone) continue;
    for (const size_t j : carriers) {
      if (j <= i || places[j] == kNone || places[j] >= places[i]) continue;
      // "use oil in place of butter" and "replace butter with oil" say what is exchanged for what.
      if (exchanged.has_value() && exchanged->Are(left[i], left[j])) continue;
      if (turned_on) return Swapped(left[i].text, left[j].text);
      if (AreOne(slots[i], right_slots[j]) && AreOne(slots[j], right_slots[i]) &&
          !AreEquals(left, a.text, i, j) && !AreEquals(right, b.text, places[j], places[i])) {
        return Swapped(left[i].text, left[j].text);
      }
    }
  }
  if (auto reason = Turned(left, right); reason.has_value()) return reason;
  return Turned(right, left);
}

}  // namespace semcached::guard
