#include "guard/focus.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "guard/char_set.h"
#include "guard/focus_data.h"
#include "guard/guards.h"
#include "guard/units.h"

namespace semcached::guard {
namespace {

static_assert(std::is_sorted(std::begin(kActs), std::end(kActs)));
static_assert(std::is_sorted(std::begin(kOccasions), std::end(kOccasions)));
static_assert(std::is_sorted(std::begin(kAuxiliaries), std::end(kAuxiliaries)));
static_assert(std::is_sorted(std::begin(kToldOf), std::end(kToldOf)));
static_assert(std::is_sorted(std::begin(kTimelyWords), std::end(kTimelyWords)));

constexpr CharSet kSentenceEnds("?!:;");

// Texts with more words that differ are put otherwise altogether.
constexpr size_t kMaxLone = 1;

bool IsAuxiliary(std::string_view word) {
  return std::binary_search(std::begin(kAuxiliaries), std::end(kAuxiliaries), word);
}

template <typename Table>
Focus FocusOf(const Table& table, std::string_view word) {
  for (const FocusWord& known : table) {
    if (known.word == word) return known.focus;
  }
  return Focus::kUnknown;
}

class Reader {
 public:
  explicit Reader(const Text& text) : tokens_(text.tokens()) {}

  // Of each sentence the first that it asks for.
  Foci Read() {
    Foci foci = 0;
    bool sought = true;
    size_t start = 0;
    for (size_t i = 0; i < tokens_.size(); ++i) {
      // "my passport expires in may, how long does it take"
      const bool asks_behind = sought && At(i) == "," && Ask(i + 1);
      if (EndsSentence(i) || asks_behind) {
        sought = true;
        start = i + 1;
      } else if (sought && i < start + kMaxAhead) {
        const Focus focus = ReadAt(i, i == start);
        const bool request = i == start && IsRequest(i);
        if (focus == Focus::kUnknown && !Ask(i) && (!request || IsPolite(i))) continue;
        foci |= Bit(focus);
        // "Where can I buy it" is "how can I buy it".
        if (focus == Focus::kWhere && IsAsker(At(i + 2))) foci |= Bit(Focus::kHow);
        if (focus == Focus::kHowMany) foci |= Bit(ReadCounted(i + 2));
        sought = false;
      }
    }
    foci &= ~Bit(Focus::kUnknown);
    constexpr Foci kWhat = Bit(Focus::kWhat);
    return (foci & ~kWhat) != 0 ? foci & ~kWhat : foci;
  }

 private:
  // A question that does not begin within so many words is none.
  static constexpr size_t kMaxAhead = 8;

  std::string_view At(size_t i) const {
    return i < tokens_.size() ? tokens_[i].text : std::string_view();
  }
  bool EndsSentence(size_t i) const {
    const std::string_view text = At(i);
    return kSentenceEnds.Has(text) ||
           (text == "." && (i + 1 >= tokens_.size() || !tokens_[i + 1].glued));
  }
  static bool IsAsker(std::string_view word) {
    return word == "i" || word == "we" || word == "you" || word == "one";
  }
  // A question word, whatever it asks for.
  bool Ask(size_t i) const {
    return At(i) == "what" || At(i) == "which" || At(i) == "how" || At(i) == "what's";
  }

  // "people" of "people who": no question of whom.
  bool IsTold(size_t i) const {
    return std::binary_search(std::begin(kToldOf), std::end(kToldOf), At(i));
  }

  // "where exactly is"
  bool AsksBehind(size_t i) const {
    const bool exact = At(i + 1) == "exactly" || At(i + 1) == "precisely";
    return IsAuxiliary(At(exact ? i + 2 : i + 1));
  }

  Focus ReadAt(size_t i, bool first) const {
    const std::string_view word = At(i);
    const std::string_view next = At(i + 1);
    if (word == "who" || word == "whom" || word == "whose" || word == "who's") {
      // "a column whose values are"
      const bool tells = !first && (word == "whose" ? !IsAuxiliary(next) : IsTold(i - 1));
      return tells ? Focus::kUnknown : Focus::kWho;
    }
    // "when I restart it" asks for nothing.
    if (word == "when") return AsksBehind(i) ? Focus::kWhen : Focus::kUnknown;
    if (word == "where") return AsksBehind(i) ? Focus::kWhere : Focus::kUnknown;
    if (word == "when's") return Focus::kWhen;
    if (word == "where's") return Focus::kWhere;
    if (word == "why") return Focus::kWhy;
    if (word == "how") return ReadHow(i + 1);
    if (word == "what" || word == "which" || word == "what's") return ReadWhat(i + 1);
    if (first && IsAuxiliary(word) && !IsRequest(i)) return Focus::kWhether;
    return Focus::kUnknown;
  }

  // "how many", "how long", "how do".
  Focus ReadHow(size_t i) const {
    if (At(i) == "much") {
      if (At(i + 1) == "time") return Focus::kHowLong;
      for (size_t k = i + 1; k < tokens_.size() && !EndsSentence(k); ++k) {
        const std::string_view word = At(k);
        if (word == "cost" || word == "costs" || word == "pay" || word == "charge" ||
            word == "worth" || word == "price" || word == "money") {
          return Focus::kCost;
        }
      }
      return At(i + 1) == "is" || At(i + 1) == "are" || At(i + 1) == "was" ? Focus::kCost
                                                                           : Focus::kHowMuch;
    }
    if (const Focus focus = FocusOf(kHowWords, At(i)); focus != Focus::kUnknown) return focus;
    // "how painful is".
    const bool timely = std::binary_search(std::begin(kTimelyWords), std::end(kTimelyWords), At(i));
    return !timely && IsAuxiliary(At(i + 1)) ? Focus::kDegree : Focus::kUnknown;
  }

  // What is counted behind "how many", at once or after a word: "days", "business days", "miles".
  Focus ReadCounted(size_t i) const {
    for (const size_t at : {i, i + 1}) {
      if (At(at) == "times") return Focus::kHowOften;
      if (IsEach(at + 1) && std::binary_search(std::begin(kActs), std::end(kActs), At(at))) {
        return Focus::kHowOften;
      }
      switch (DimensionOf(At(at))) {
        case Dimension::kTime:
        case Dimension::kMonths:
          return IsEach(at + 1) ? Focus::kHowOften : Focus::kHowManySpans;
        case Dimension::kLength:
          return Focus::kHowFar;
        default:
          break;
      }
    }
    return Focus::kUnknown;
  }

  // "a" of "how many days a week".
  bool IsEach(size_t i) const {
    return At(i) == "a" || At(i) == "per" || At(i) == "each" || At(i) == "every";
  }

  // "what year", "in which city", "what is the price".
  Focus ReadWhat(size_t i) const {
    if (const Focus focus = FocusOf(kWhatWords, At(i)); focus != Focus::kUnknown) return focus;
    if (i > 1 && (At(i - 2) == "in" || At(i - 2) == "under") &&
        std::binary_search(std::begin(kOccasions), std::end(kOccasions), At(i))) {
      return Focus::kWhen;
    }
    const bool is =
        At(i) == "is" || At(i) == "was" || At(i) == "are" || At(i) == "were" || At(i) == "'s";
    size_t noun = is ? i + 1 : i;
    if (At(noun) == "the") ++noun;
    if (noun > i) {
      if (const Focus focus = FocusOf(kWhatIsWords, At(noun)); focus != Focus::kUnknown) {
        return focus;
      }
    }
    if (At(i) == "does" || At(i) == "do" || At(i) == "would" || At(i) == "will") {
      for (size_t k = i; k < i + kMaxAhead && k < tokens_.size() && !EndsSentence(k); ++k) {
        if (At(k) == "cost") return Focus::kCost;
      }
    }
    return is ? Focus::kUnknown : Focus::kWhat;
  }

  // "can you sort it" asks for nothing.
  bool IsRequest(size_t i) const {
    return IsAuxiliary(At(i)) &&
           (At(i + 1) == "you" || At(i + 1) == "anyone" || At(i + 1) == "someone");
  }
  // "can you tell me", "do you know", "would you please": what follows is the question.
  bool IsPolite(size_t i) const {
    if (!IsRequest(i)) return false;
    const std::string_view verb = At(At(i + 2) == "please" ? i + 3 : i + 2);
    return std::find(std::begin(kPoliteVerbs), std::end(kPoliteVerbs), verb) !=
           std::end(kPoliteVerbs);
  }

  const Tokens tokens_;
};

// Foci that one answer serves, seen from `focus`.
Foci ServedWith(Focus focus) {
  Foci served = Bit(focus);
  for (const FocusPair& pair : kServedTogether) {
    if (pair.one == focus) served |= Bit(pair.other);
    if (pair.other == focus) served |= Bit(pair.one);
  }
  return served;
}

// "Why is it bad", "is it bad", "how is it bad": of texts that differ otherwise, too, a way to put
// one question.
bool IsStyle(Foci a, Foci b) {
  constexpr Foci kStyles = Bit(Focus::kWhy) | Bit(Focus::kHow) | Bit(Focus::kWhether);
  return ((a | b) & ~kStyles) == 0;
}

bool AreAlike(const Counterparts& pairs) {
  return !pairs.too_many && pairs.lone_a.size() + pairs.lone_b.size() <= kMaxLone;
}

// What a text counts: "moons" of "how many large moons"; nullptr if nothing, or times.
const Word* FindCounted(const Words& words) {
  size_t i = 0;
  while (i + 2 < words.size() && !(words[i].text == "how" && words[i + 1].text == "many")) ++i;
  for (i += 2; i < words.size(); ++i) {
    if (words[i].filler && !words[i].number) continue;
    return words[i].text == "times" ? nullptr : &words[i];
  }
  return nullptr;
}

bool IsPeople(std::string_view word) {
  return word == "people" || word == "persons" || word == "humans" || word == "individuals";
}

// True if nothing in the other text means the same as `word`.
bool IsLone(const Word& word, const Lone& lone, const Words& other) {
  if (!word.filler && !word.number) return std::find(lone.begin(), lone.end(), &word) != lone.end();
  return std::none_of(other.begin(), other.end(),
                      [&](const Word& one) { return MeanTheSame(one, word); });
}

// "how many people" against "how many acres", each counted by one text only.
std::optional<std::string> CountedDiffer(const TextPair& pair) {
  constexpr size_t kMaxLoneOfOne = 2;
  const Word* left = FindCounted(pair.a.words);
  const Word* right = FindCounted(pair.b.words);
  if (left == nullptr || right == nullptr) return std::nullopt;
  if (left->number && right->number) return std::nullopt;  // units, which the numbers guard knows
  // Students are people, days are not.
  if ((IsPeople(left->text) && !right->number) || (IsPeople(right->text) && !left->number)) {
    return std::nullopt;
  }
  const Counterparts& pairs = pair.counterparts();
  if (pairs.lone_a.size() > kMaxLoneOfOne || pairs.lone_b.size() > kMaxLoneOfOne ||
      !IsLone(*left, pairs.lone_a, pair.b.words) || !IsLone(*right, pairs.lone_b, pair.a.words)) {
    return std::nullopt;
  }
  std::string reason = "questions differ: \"how many ";
  reason.append(left->text).append("\" against \"how many ").append(right->text);
  return reason + "\"";
}

std::string_view NameOfFirst(Foci foci) {
  for (const FocusName& name : kFocusNames) {
    if ((foci & Bit(name.focus)) != 0) return name.name;
  }
  return "?";
}

}  // namespace

Foci ReadFoci(const Text& text) { return Reader(text).Read(); }

std::optional<std::string> FocusDiffers(const TextPair& pair) {
  const Prepared& a = pair.a;
  const Prepared& b = pair.b;
  if (a.foci == 0 || b.foci == 0) return std::nullopt;
  if ((a.foci & b.foci & Bit(Focus::kHowMany)) != 0) return CountedDiffer(pair);
  for (const FocusName& name : kFocusNames) {
    if ((a.foci & Bit(name.focus)) != 0 && (ServedWith(name.focus) & b.foci) != 0) {
      return std::nullopt;
    }
  }
  // Almost anything can be put as a "what": of texts with the same words only, and against few.
  constexpr Foci kWhat = Bit(Focus::kWhat);
  if (((a.foci | b.foci) & kWhat) != 0) {
    constexpr Foci kNever = Bit(Focus::kWhen) | Bit(Focus::kWhere) | Bit(Focus::kHowMany);
    const Counterparts& pairs = pair.counterparts();
    if (((a.foci | b.foci) & ~(kWhat | kNever)) != 0 || pairs.too_many || !pairs.lone_a.empty() ||
        !pairs.lone_b.empty()) {
      return std::nullopt;
    }
  }
  if (IsStyle(a.foci, b.foci) && !AreAlike(pair.counterparts())) return std::nullopt;
  std::string reason = "questions differ: \"";
  reason.append(NameOfFirst(a.foci)).append("\" against \"").append(NameOfFirst(b.foci));
  return reason + "\"";
}

}  // namespace semcached::guard
