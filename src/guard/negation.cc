#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include "guard/comparison.h"
#include "guard/counterparts.h"
#include "guard/denials.h"
#include "guard/direction.h"
#include "guard/guards.h"
#include "guard/negation_data.h"
#include "guard/opposed.h"
#include "guard/prepared.h"
#include "guard/relations.h"
#include "guard/scope.h"
#include "guard/tense.h"

namespace semcached::guard {
namespace {

static_assert(std::is_sorted(std::begin(kEnglishGrammar), std::end(kEnglishGrammar)));
static_assert(std::is_sorted(std::begin(kEnglishTroubles), std::end(kEnglishTroubles)));
static_assert(std::is_sorted(std::begin(kEnglishShortages), std::end(kEnglishShortages)));

// A text of more words tells a story; if more words than kMaxLone differ, in its own way.
constexpr size_t kLongText = 30;
constexpr size_t kMaxLone = 6;
// A text of so few words is denied as a whole.
constexpr size_t kShortText = 6;
// More denials than this are not looked at one by one, so that no text costs quadratic time.
constexpr size_t kMaxDenials = 16;

template <typename Table>
bool Has(const Table& sorted, std::string_view word) {
  return std::binary_search(std::begin(sorted), std::end(sorted), word);
}

// Words between a negation and what it denies: "no longer open".
bool IsGrammar(std::string_view word, const Denial& denial) {
  return Has(kEnglishGrammar, word) || (word == "longer" && denial.word == "no");
}

// "penalty-free"
bool IsFreeBehind(const Prepared& text, size_t at) {
  if (at + 1 >= text.words.size() || text.words[at + 1].text != "free") return false;
  return text.text.tokens()[text.words[at + 1].token - 1].text == "-";
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

// True if `other` holds what the denial denies: the next word, or behind "can't" and the like one
// of the next two ("can't I eat"). Where nothing follows, only of a short text.
bool DeniesPartOf(const Denial& denial, const Prepared& text, const Prepared& other) {
  const bool avoids = denial.word.starts_with("avoid");
  const OwnAnswers own(text.words);
  size_t left = denial.word.find('\'') != std::string_view::npos ? 2 : 1;
  bool any = false;
  const Tokens tokens = text.text.tokens();
  for (const Word& word : text.words) {
    if (word.token <= denial.token || left == 0) continue;
    const Token& before = tokens[word.token - 1];
    if (!any && word.token > denial.token + 1 && before.kind == TokenKind::kSymbol &&
        before.text != "\"" && !(before.text == "-" && before.glued)) {
      break;
    }
    const bool testament = word.text == "will" && (denial.word == "no" || denial.word == "without");
    if (IsGrammar(word.text, denial) && !testament) continue;
    any = true;
    --left;
    // "how do I avoid paying" against "who gets around paying": both are of not doing it.
    for (size_t i = 0; i < other.words.size(); ++i) {
      const Word& one = other.words[i];
      if (!MeanTheSame(one, word)) continue;
      if (avoids && IsDoing(other.text.tokens()[one.token].text)) continue;
      if (!IsAnswered(denial, own, other, i)) return true;
    }
  }
  return !any && text.words.size() <= kShortText;
}

// Two negations cancel each other out.
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

bool HasId(const Words& words, WordId id) {
  return std::any_of(words.begin(), words.end(), [&](const Word& word) { return word.id == id; });
}

// Whether `other` says what `word` says in `words`, in a word of its own; `opposite` is none,
// though one group of synonyms may hold both.
bool IsSaidBy(const Words& other, const Words& words, std::string_view word,
              std::string_view opposite) {
  for (const Word& one : words) {
    if (one.text != word || one.filler || one.number) continue;
    return std::any_of(other.begin(), other.end(), [&](const Word& two) {
      return !two.filler && two.text != opposite && MeanTheSame(one, two) && !HasId(words, two.id);
    });
  }
  return false;
}

// But for the opposites of one comparison drawn from either side, and for those that both texts
// name: "remove the saved card" is "delete the stored card".
std::optional<Opposition> FindOpposedMeaning(const TextPair& pair) {
  constexpr int kMostPassed = 4;
  const Prepared& a = pair.a;
  const Prepared& b = pair.b;
  const auto both_name = [&](const Opposition& opposed) {
    const auto& [one, other] = opposed;
    return IsSaidBy(b.words, a.words, one, other) && IsSaidBy(a.words, b.words, other, one);
  };
  std::optional<Opposition> opposed = FindOpposed(a.opposable, b.opposable);
  if (!opposed.has_value()) return std::nullopt;
  if (a.words.size() > kLongText || b.words.size() > kLongText) return opposed;
  if (!both_name(*opposed) && FindMirrored(pair) != opposed) return opposed;
  Opposable left = Without(a.opposable, opposed->first);
  Opposable right = Without(b.opposable, opposed->second);
  for (int passed = 1; passed < kMostPassed; ++passed) {
    opposed = FindOpposed(left, right);
    if (!opposed.has_value() || !both_name(*opposed)) break;
    left = Without(std::move(left), opposed->first);
    right = Without(std::move(right), opposed->second);
  }
  return opposed;
}

// Long texts that share few words tell one thing in two ways, and an "off" of one says little
// about an "on" of the other.
bool IsToldAnew(const TextPair& pair) {
  if (pair.a.words.size() <= kLongText && pair.b.words.size() <= kLongText) return false;
  const Counterparts& pairs = pair.counterparts();
  return pairs.too_many || pairs.lone_a.size() + pairs.lone_b.size() > kMaxLone;
}

std::string Concat(std::string_view a, std::string_view b, std::string_view c) {
  std::string text(a);
  text += b;
  text += c;
  return text;
}

}  // namespace

std::optional<std::string> NegationDiffers(const TextPair& pair) {
  const Prepared& a = pair.a;
  const Prepared& b = pair.b;
  const Text& left = a.text;
  const Text& right = b.text;
  if (IsToldAnew(pair)) return std::nullopt;
  if (const std::string_view denial = FindDenied(a, b); !denial.empty()) {
    return Concat("only one text is negated: ", denial, "");
  }
  if (const auto opposed = FindOpposedMeaning(pair); opposed.has_value()) {
    return Concat("opposites: ", opposed->first, " against ") + std::string(opposed->second);
  }
  if (const auto turned = FindTurned(left, right); turned.has_value()) {
    return Concat("directions differ: ", turned->first, " against ") + std::string(turned->second);
  }
  if (const auto relation = FindRelation(a.words, b.words); relation.has_value()) {
    return Concat("relations differ: ", relation->first, " against ") +
           std::string(relation->second);
  }
  if (const auto tense = FindTense(pair); tense.has_value()) {
    return Concat("times differ: ", tense->first, " against ") + std::string(tense->second);
  }
  if (const auto scope = FindScope(pair); scope.has_value()) {
    return Concat("scopes differ: ", scope->first, " against ") + std::string(scope->second);
  }
  return std::nullopt;
}

}  // namespace semcached::guard
