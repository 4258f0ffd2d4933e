#include "guard/denied.h"

#include <absl/container/inlined_vector.h>

#include <algorithm>
#include <iterator>

#include "guard/counterparts.h"
#include "guard/negation_data.h"

namespace semcached::guard {
namespace {

static_assert(std::is_sorted(std::begin(kEnglishGrammar), std::end(kEnglishGrammar)));
static_assert(std::is_sorted(std::begin(kEnglishTroubles), std::end(kEnglishTroubles)));
static_assert(std::is_sorted(std::begin(kEnglishShortages), std::end(kEnglishShortages)));

// A text of so few words is denied as a whole.
constexpr size_t kShortText = 6;
// More denials than this are not looked at one by one, so that no text costs quadratic time.
constexpr size_t kMaxDenials = 16;
// A text that denies more tells a story, and in its own order.
constexpr size_t kMostElse = 2;

template <typename Table>
bool Has(const Table& sorted, std::string_view word) {
  return std::binary_search(std::begin(sorted), std::end(sorted), word);
}

// Words between a negation and what it denies: "no longer open".
bool IsGrammar(std::string_view word, const Denial& denial) {
  return Has(kEnglishGrammar, word) || (word == "longer" && denial.word == "no");
}

bool IsStopping(std::string_view word) { return Has(kEnglishStoppingVerbs, word); }

// "make it start"
bool WantsIt(const Words& words, size_t at) {
  constexpr std::string_view kWanting[] = {"allow", "enable", "force", "let", "make"};
  return std::any_of(
      words.begin(), words.begin() + static_cast<std::ptrdiff_t>(at), [&](const Word& word) {
        return std::find(std::begin(kWanting), std::end(kWanting), word.text) != std::end(kWanting);
      });
}

// "penalty-free", "penalty free withdrawal"
bool IsFreeBehind(const Prepared& text, size_t at) {
  const Words& words = text.words;
  if (at + 1 >= words.size() || words[at + 1].text != "free") return false;
  return text.text.tokens()[words[at + 1].token - 1].text == "-" ||
         (at + 2 < words.size() && !words[at + 2].filler);
}

// What the denying text says itself, and which is no answer to its denial then: "is interest not
// tax-free" denies what "is interest tax-free" says.
struct OwnAnswers {
  explicit OwnAnswers(const Words& words)
      : zero(HasWord(words, "zero")),
        free(HasWord(words, "free")),
        trouble(std::any_of(words.begin(), words.end(),
                            [](const Word& word) { return Has(kEnglishTroubles, word.text); })) {}

  const bool zero;
  const bool free;
  const bool trouble;
};

// Whether what is denied is in trouble there, and so denied without a negation: "I cannot log in"
// and "logging in fails", "lack of sleep" and "sleep deprivation", "without penalty" and
// "penalty-free", "without downtime" and "zero downtime".
bool IsAnswered(const Denial& denial, const OwnAnswers& own, const Prepared& text, size_t at) {
  constexpr size_t kReach = 2;
  const Words& words = text.words;
  if (Has(kEnglishTroubles, words[at].text)) return false;
  if (at > 0 && words[at - 1].text == "zero") return !own.zero;
  if (IsFreeBehind(text, at)) return !own.free;
  // "keep my hands from sweating" is what "my hands sweat" asks for, unless that wants it.
  if (IsStopping(denial.word)) return !WantsIt(words, at);
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

// Whether who does not do it may stand between the denial and what is denied: "why can't dogs eat
// chocolate".
bool MayTurnRound(const Denial& denial) { return denial.word.find('\'') != std::string_view::npos; }

bool IsTurnedRound(const Denial& denial, Tokens tokens) {
  if (!MayTurnRound(denial)) return false;
  if (denial.token == 0) return true;
  const Token& before = tokens[denial.token - 1];
  if (before.kind == TokenKind::kSymbol) return true;
  constexpr std::string_view kAsking[] = {"and",   "how",   "what", "when",
                                          "where", "which", "who",  "why"};
  return std::find(std::begin(kAsking), std::end(kAsking), before.text) != std::end(kAsking);
}

// Begins what is said of another thing than what is denied: "hasn't worked since this morning".
bool BeginsClause(std::string_view word) {
  return word == "since" || word == "until" || word == "because" || word == "when" ||
         word == "if" || word == "but" || word == "while";
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
  if (denied.text != "stop") return false;
  const Tokens tokens = text.text.tokens();
  if (denied.token + 1 >= tokens.size() || !IsDoing(tokens[denied.token + 1].text)) return false;
  return HasWord(other.words, "keeps") || HasWord(other.words, "keep");
}

// Whether `words` say the very word of `one` beside `denied`.
bool SaysBeside(const Words& words, const Word& denied, const Word& one) {
  return std::any_of(words.begin(), words.end(),
                     [&](const Word& word) { return word.id == one.id && &word != &denied; });
}

// True if `other` holds what the denial denies: the next word, or the one behind who does not do
// it. Where nothing follows, only of a short text.
bool DeniesPartOf(const Denial& denial, const Prepared& text, const Prepared& other) {
  const bool avoids = denial.word.starts_with("avoid");
  const OwnAnswers own(text.words);
  const Tokens tokens = text.text.tokens();
  size_t left = MayTurnRound(denial) ? 2 : 1;
  bool any = false;
  for (const Word& word : text.words) {
    if (word.token < denial.end || left == 0) continue;
    const Token& before = tokens[word.token - 1];
    if (!any && word.token > denial.end && before.kind == TokenKind::kSymbol &&
        before.text != "\"" && !(before.text == "-" && before.glued)) {
      break;
    }
    if (any && BeginsClause(word.text)) break;
    const bool testament = word.text == "will" && (denial.word == "no" || denial.word == "without");
    if (IsGrammar(word.text, denial) && !testament) continue;
    any = true;
    --left;
    if (IsKept(word, text, other)) return false;
    // "how do I avoid paying" against "who gets around paying": both are of not doing it.
    for (size_t i = 0; i < other.words.size(); ++i) {
      const Word& one = other.words[i];
      if (!AreOne(one, word)) continue;
      if (avoids && IsDoing(other.text.tokens()[one.token].text)) continue;
      // "stop tracking it without deleting it": of both, "stop" says nothing of deleting.
      if (one.id != word.id && SaysBeside(text.words, word, one)) continue;
      if (!IsAnswered(denial, own, other, i)) return true;
    }
  }
  return !any && text.words.size() <= kShortText;
}

// "nobody on our team can": what it denies stands somewhere behind.
bool DeniesWho(std::string_view word) {
  constexpr std::string_view kWho[] = {"neither", "no", "nobody", "none", "nor", "nothing"};
  return std::find(std::begin(kWho), std::end(kWho), word) != std::end(kWho);
}

// What one denial denies: "note from a doctor", of which the first says what is meant. Empty where
// that cannot be told.
using ThingDenied = absl::InlinedVector<const Word*, 4>;
using ThingsDenied = absl::InlinedVector<ThingDenied, kMostElse>;

ThingsDenied ReadThings(const Prepared& text) {
  constexpr size_t kReach = 3;
  const Tokens tokens = text.text.tokens();
  ThingsDenied things;
  for (const Denial& denial : text.denials) {
    ThingDenied& thing = things.emplace_back();
    if (DeniesWho(denial.word) || IsTurnedRound(denial, tokens)) continue;
    for (const Word& word : text.words) {
      if (word.token < denial.end || IsGrammar(word.text, denial)) continue;
      if (!thing.empty()) {
        const Token& before = tokens[word.token - 1];
        const bool ends = before.kind == TokenKind::kSymbol && !before.glued;
        const bool stops = before.kind == TokenKind::kSymbol && before.text != "-";
        if (ends || stops || BeginsClause(word.text)) break;
      }
      thing.push_back(&word);
      if (thing.size() == kReach) break;
    }
  }
  return things;
}

// Whether `other` says what `word` does, and denies it nowhere.
bool IsSaid(const Word& word, const Words& other, const ThingsDenied& denied_there) {
  bool said = false;
  for (const Word& one : other) {
    if (!MeanTheSame(one, word)) continue;
    for (const ThingDenied& thing : denied_there) {
      if (std::find(thing.begin(), thing.end(), &one) != thing.end()) return false;
    }
    said = true;
  }
  return said;
}

// The first thing denied that the other text says, and its own text nowhere else.
const Word* FindSaid(const ThingsDenied& denied, const Words& own, const Words& other,
                     const ThingsDenied& denied_there) {
  for (const ThingDenied& thing : denied) {
    if (thing.empty() || SaysBeside(own, *thing.front(), *thing.front())) continue;
    if (IsSaid(*thing.front(), other, denied_there)) return thing.front();
  }
  return nullptr;
}

// Whether `words` say "with" right before the word of `thing`, but for articles.
bool SaysWith(const Words& words, const Word& thing) {
  for (size_t i = 1; i < words.size(); ++i) {
    if (words[i].id != thing.id) continue;
    size_t before = i - 1;
    while (before > 0 && Has(kEnglishGrammar, words[before].text) && words[before].text != "with") {
      --before;
    }
    if (words[before].text == "with") return true;
  }
  return false;
}

// "without an oven" against "with an oven but no sheets": both texts deny something.
bool DeniesWith(const Prepared& text, const ThingsDenied& denied, const Prepared& other,
                const ThingsDenied& denied_there) {
  for (size_t i = 0; i < denied.size(); ++i) {
    if (denied[i].empty() || text.denials[i].word != "without") continue;
    const Word& thing = *denied[i].front();
    if (SaysWith(text.words, thing)) continue;
    if (SaysWith(other.words, thing) && IsSaid(thing, other.words, denied_there)) return true;
  }
  return false;
}

}  // namespace

std::string_view FindDenied(const Prepared& a, const Prepared& b) {
  const Denials& left = a.denials;
  const Denials& right = b.denials;
  if (left.size() % 2 == right.size() % 2) return {};
  const bool of_a = left.size() % 2 == 1;
  const Denials& odd = of_a ? left : right;
  if (odd.size() > kMaxDenials) return odd.back().word;
  for (const Denial& denial : odd) {
    if (DeniesPartOf(denial, of_a ? a : b, of_a ? b : a)) return denial.word;
  }
  return {};
}

std::optional<std::pair<std::string_view, std::string_view>> FindDeniedElse(const Prepared& a,
                                                                            const Prepared& b) {
  const auto few = [](const Denials& denials) {
    return !denials.empty() && denials.size() <= kMostElse;
  };
  if (!few(a.denials) || !few(b.denials)) return std::nullopt;
  const ThingsDenied left = ReadThings(a);
  const ThingsDenied right = ReadThings(b);
  if (DeniesWith(a, left, b, right)) return std::make_pair("without", "with");
  if (DeniesWith(b, right, a, left)) return std::make_pair("with", "without");
  const Word* const in_a = FindSaid(left, a.words, b.words, right);
  if (in_a == nullptr) return std::nullopt;
  const Word* const in_b = FindSaid(right, b.words, a.words, left);
  if (in_b == nullptr) return std::nullopt;
  return std::make_pair(in_a->text, in_b->text);
}

}  // namespace semcached::guard
