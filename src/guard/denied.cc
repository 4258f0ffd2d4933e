#include "guard/denied.h"

#include <absl/container/inlined_vector.h>

#include <algorithm>
#include <iterator>

#include "guard/counterparts.h"
#include "guard/negation_data.h"
#include "guard/sorted_table.h"

namespace semcached::guard {
namespace {

static_assert(std::is_sorted(std::begin(kEnglishClauses), std::end(kEnglishClauses)));
static_assert(std::is_sorted(std::begin(kEnglishDenyingWho), std::end(kEnglishDenyingWho)));
static_assert(std::is_sorted(std::begin(kEnglishFreeOf), std::end(kEnglishFreeOf)));
static_assert(std::is_sorted(std::begin(kEnglishGrammar), std::end(kEnglishGrammar)));
static_assert(std::is_sorted(std::begin(kEnglishKeeping), std::end(kEnglishKeeping)));
static_assert(std::is_sorted(std::begin(kEnglishPurposes), std::end(kEnglishPurposes)));
static_assert(std::is_sorted(std::begin(kEnglishRaising), std::end(kEnglishRaising)));
static_assert(std::is_sorted(std::begin(kEnglishQuestions), std::end(kEnglishQuestions)));
static_assert(std::is_sorted(std::begin(kEnglishShortages), std::end(kEnglishShortages)));
static_assert(std::is_sorted(std::begin(kEnglishTroubles), std::end(kEnglishTroubles)));
static_assert(std::is_sorted(std::begin(kEnglishWanting), std::end(kEnglishWanting)));

// A text of so few words is denied as a whole.
constexpr size_t kShortText = 6;
// What a longer text says beside its denial is not looked for.
constexpr size_t kToldBeside = 64;
// More denials than this are not looked at one by one, so that no text costs quadratic time.
constexpr size_t kMaxDenials = 16;
// A text that denies more tells a story, and in its own order.
constexpr size_t kMostElse = 2;

bool HasStop(const Denials& denials) { return std::any_of(denials.begin(), denials.end(), Stops); }

// Words between a negation and what it denies: "no longer open".
bool IsGrammar(std::string_view word, const Denial& denial) {
  return Has(kEnglishGrammar, word) || (word == "longer" && denial.word == "no");
}

// "penalty-free", "penalty free withdrawal"; but not "is delivery free on sundays".
bool IsFreeBehind(const Prepared& text, size_t at) {
  const Words& words = text.words;
  if (at + 1 >= words.size() || words[at + 1].text != "free") return false;
  return text.text.tokens()[words[at + 1].token - 1].text == "-" ||
         Has(kEnglishFreeOf, words[at].text);
}

template <typename Table>
bool SaysOneOf(const Words& words, const Table& table) {
  return std::any_of(words.begin(), words.end(),
                     [&](const Word& word) { return Has(table, word.text); });
}

// What the denying text says itself, and which is no answer to its denial then: "is interest not
// tax-free" denies what "is interest tax-free" says.
struct OwnAnswers {
  explicit OwnAnswers(const Words& words)
      : zero(HasWord(words, "zero")),
        free(HasWord(words, "free")),
        trouble(SaysOneOf(words, kEnglishTroubles)),
        purpose(SaysOneOf(words, kEnglishPurposes)) {}

  const bool zero;
  const bool free;
  const bool trouble;
  const bool purpose;  // which is an answer
};

// "protect it from being edited", seen from what is denied: "edited".
bool IsStopped(const Word& word, const Prepared& text) {
  if (text.denials.size() > kMaxDenials) return false;
  return std::any_of(text.denials.begin(), text.denials.end(), [&](const Denial& denial) {
    if (!Stops(denial)) return false;
    const bool being = text.text.tokens()[denial.end].text == "being";
    return word.token == (being ? denial.end + 1 : denial.end);
  });
}

// Whether what is denied is in trouble there, and so denied without a negation: "I cannot log in"
// and "logging in fails", "lack of sleep" and "sleep deprivation", "without penalty" and
// "penalty-free", "without downtime" and "zero downtime".
bool IsAnswered(const Denial& denial, const OwnAnswers& own, const Prepared& text, size_t at) {
  constexpr size_t kReach = 2;
  const Words& words = text.words;
  if (Has(kEnglishTroubles, words[at].text)) return false;
  if (at > 0 && words[at - 1].text == "zero") return !own.zero;
  if (IsFreeBehind(text, at)) return !own.free;
  if (own.purpose && IsStopped(words[at], text)) return true;
  const bool lack = denial.word.starts_with("lack");
  if (!lack && own.trouble) return false;
  const size_t end = std::min(words.size(), at + kReach + 1);
  for (size_t i = at > kReach ? at - kReach : 0; i < end; ++i) {
    if (lack ? Has(kEnglishShortages, words[i].text) : Has(kEnglishTroubles, words[i].text)) {
      return true;
    }
  }
  return false;
}

// "can't" and the like may stand before who does not do it: "why can't dogs eat chocolate".
bool MayTurnRound(const Denial& denial) { return denial.word.find('\'') != std::string_view::npos; }

bool IsTurnedRound(const Denial& denial, Tokens tokens) {
  if (!MayTurnRound(denial)) return false;
  if (denial.token == 0) return true;
  const Token& before = tokens[denial.token - 1];
  return before.kind == TokenKind::kSymbol || Has(kEnglishQuestions, before.text);
}

// Whether the sentence, or what is said of what is denied, ends before `word`.
bool EndsBefore(const Word& word, const Denial& denial, Tokens tokens) {
  if (word.token == denial.end) return false;
  const Token& before = tokens[word.token - 1];
  return before.kind == TokenKind::kSymbol && before.text != "\"" &&
         !(before.text == "-" && before.glued);
}

// The words of meaning that the denial denies, the nearest first.
using Thing = absl::InlinedVector<const Word*, 4>;

// `ends`: at a sign behind the first, too, where a thing as a whole is wanted and no word too many.
Thing ReadThing(const Denial& denial, const Prepared& text, size_t most, bool ends) {
  const Tokens tokens = text.text.tokens();
  const auto begin =
      std::lower_bound(text.words.begin(), text.words.end(), denial.end,
                       [](const Word& word, size_t token) { return word.token < token; });
  Thing thing;
  for (auto word = begin; word != text.words.end() && thing.size() < most; ++word) {
    if ((ends || thing.empty()) && EndsBefore(*word, denial, tokens)) break;
    if (!thing.empty() && Has(kEnglishClauses, word->text)) break;
    const bool testament =
        word->text == "will" && (denial.word == "no" || denial.word == "without");
    if (!IsGrammar(word->text, denial) || testament) thing.push_back(&*word);
  }
  return thing;
}

// "get" and "got": of what the lexicon knows no forms of.
bool IsGet(std::string_view word) {
  return word == "get" || word == "gets" || word == "getting" || word == "got" || word == "gotten";
}

bool AreOne(const Word& a, const Word& b) {
  return MeanTheSame(a, b) || (IsGet(a.text) && IsGet(b.text));
}

// "doesn't stop running" is "keeps running".
bool IsKept(const Word& denied, const Prepared& text, const Prepared& other) {
  if (HasWord(other.words, "stop")) return false;
  const auto* const behind = &denied + 1;
  if (denied.text != "stop" || behind == text.words.data() + text.words.size()) return false;
  if (!IsDoing(behind->text)) return false;
  for (size_t i = 0; i + 1 < other.words.size(); ++i) {
    const std::string_view word = other.words[i].text;
    if ((word == "keeps" || word == "keep") && other.words[i + 1].id == behind->id) return true;
  }
  return false;
}

// Whether `words` say the very word of `one` beside `denied`.
bool SaysBeside(const Words& words, const Word& denied, const Word& one) {
  return std::any_of(words.begin(), words.end(),
                     [&](const Word& word) { return word.id == one.id && &word != &denied; });
}

// Where the text first says that something shall be: "make it start", "keep it charging"; its size
// if it does not, or stops something itself.
size_t FindWanting(const Words& words) {
  size_t found = words.size();
  for (size_t i = words.size(); i-- > 0;) {
    const std::string_view word = words[i].text;
    if (Has(kEnglishWanting, word)) {
      found = i;
    } else if (Has(kEnglishStoppingVerbs, word) || word == "without") {
      return words.size();
    }
  }
  return found;
}

// True if `other` says what the denial denies: the next word, or the one behind who does not do
// it. Where nothing follows, only of a short text.
bool DeniesPartOf(const Denial& denial, const OwnAnswers& own, const Prepared& text,
                  const Prepared& other) {
  const Thing thing = ReadThing(denial, text, MayTurnRound(denial) ? 2 : 1, /*ends=*/false);
  if (thing.empty()) return text.words.size() <= kShortText;
  const bool avoids = denial.word.starts_with("avoid");
  // "stop tracking it without deleting it" while "keeping" it: of both, "stop" says nothing of
  // deleting.
  const bool kept = text.words.size() <= kToldBeside && SaysOneOf(other.words, kEnglishKeeping);
  // "keep my hands from sweating" is what "my hands sweat" asks for, unless that wants it.
  const size_t first = Stops(denial) ? FindWanting(other.words) : 0;
  for (const Word* word : thing) {
    if (IsKept(*word, text, other)) return false;
    for (size_t i = first; i < other.words.size(); ++i) {
      const Word& one = other.words[i];
      if (!AreOne(one, *word)) continue;
      // "how do I avoid paying" against "who gets around paying": both are of not doing it.
      if (avoids && IsDoing(other.text.tokens()[one.token].text)) continue;
      if (kept && one.id != word->id && SaysBeside(text.words, *word, one)) continue;
      if (!IsAnswered(denial, own, other, i)) return true;
    }
  }
  return false;
}

// The denial of `text`, of those that stop something or of the others, that denies what `other`
// says; empty if none does.
std::string_view FindDenying(const Prepared& text, const Prepared& other, bool stops) {
  if (text.denials.size() > kMaxDenials) return stops ? "" : text.denials.back().word;
  const OwnAnswers own(text.words);
  for (const Denial& denial : text.denials) {
    if (Stops(denial) == stops && DeniesPartOf(denial, own, text, other)) return denial.word;
  }
  return {};
}

size_t CountNegations(const Denials& denials) {
  return static_cast<size_t>(std::count_if(denials.begin(), denials.end(),
                                           [](const Denial& denial) { return !Stops(denial); }));
}

// What each denial denies; empty where that cannot be told.
using Things = absl::InlinedVector<Thing, kMostElse>;

Things ReadThings(const Prepared& text) {
  constexpr size_t kReach = 3;
  Things things;
  for (const Denial& denial : text.denials) {
    const bool unclear =
        Has(kEnglishDenyingWho, denial.word) || IsTurnedRound(denial, text.text.tokens());
    things.push_back(unclear ? Thing() : ReadThing(denial, text, kReach, /*ends=*/true));
    if (!things.back().empty() && Has(kEnglishRaising, things.back().front()->text)) {
      things.back().clear();
    }
  }
  return things;
}

// Whether `other` says what `word` does, and denies it nowhere.
bool IsSaid(const Word& word, const Words& other, const Things& denied_there) {
  bool said = false;
  for (const Word& one : other) {
    if (!MeanTheSame(one, word)) continue;
    for (const Thing& thing : denied_there) {
      if (std::find(thing.begin(), thing.end(), &one) != thing.end()) return false;
    }
    said = true;
  }
  return said;
}

// The first thing denied that the other text says, and its own text nowhere else.
const Word* FindSaid(const Things& denied, const Words& own, const Words& other,
                     const Things& denied_there) {
  for (const Thing& thing : denied) {
    if (thing.empty() || SaysBeside(own, *thing.front(), *thing.front())) continue;
    if (IsSaid(*thing.front(), other, denied_there)) return thing.front();
  }
  return nullptr;
}

// Whether `words` say "with" before the word of `thing`, but for an article or so.
bool SaysWith(const Words& words, const Word& thing) {
  constexpr size_t kReach = 3;
  for (size_t i = 1; i < words.size(); ++i) {
    if (!MeanTheSame(words[i], thing)) continue;
    for (size_t k = i; k-- > (i > kReach ? i - kReach : 0);) {
      if (words[k].text == "with") return true;
      if (!Has(kEnglishGrammar, words[k].text)) break;
    }
  }
  return false;
}

// "without an oven" against "with an oven but no sheets": both texts deny something.
bool DeniesWith(const Prepared& text, const Things& denied, const Prepared& other,
                const Things& denied_there) {
  for (size_t i = 0; i < denied.size(); ++i) {
    if (denied[i].empty() || text.denials[i].word != "without") continue;
    const Word& thing = *denied[i].front();
    if (SaysWith(text.words, thing) || HasWord(other.words, "only")) continue;
    if (SaysWith(other.words, thing) && IsSaid(thing, other.words, denied_there)) return true;
  }
  return false;
}

}  // namespace

std::string_view FindDenied(const Prepared& a, const Prepared& b) {
  const bool of_a = CountNegations(a.denials) % 2 == 1;
  if (of_a != (CountNegations(b.denials) % 2 == 1)) {
    const std::string_view denial = FindDenying(of_a ? a : b, of_a ? b : a, /*stops=*/false);
    if (!denial.empty()) return denial;
  }
  const bool stop_a = HasStop(a.denials);
  if (stop_a == HasStop(b.denials)) return {};
  return FindDenying(stop_a ? a : b, stop_a ? b : a, /*stops=*/true);
}

std::optional<std::pair<std::string_view, std::string_view>> FindDeniedElse(const Prepared& a,
                                                                            const Prepared& b) {
  const auto few = [](const Denials& denials) {
    return !denials.empty() && denials.size() <= kMostElse;
  };
  if (!few(a.denials) || !few(b.denials)) return std::nullopt;
  const Things left = ReadThings(a);
  const Things right = ReadThings(b);
  if (DeniesWith(a, left, b, right)) return std::make_pair("without", "with");
  if (DeniesWith(b, right, a, left)) return std::make_pair("with", "without");
  const Word* const in_a = FindSaid(left, a.words, b.words, right);
  if (in_a == nullptr) return std::nullopt;
  const Word* const in_b = FindSaid(right, b.words, a.words, left);
  if (in_b == nullptr) return std::nullopt;
  return std::make_pair(in_a->text, in_b->text);
}

}  // namespace semcached::guard
