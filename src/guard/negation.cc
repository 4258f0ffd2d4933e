#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "guard/comparison.h"
#include "guard/counterparts.h"
#include "guard/denied.h"
#include "guard/direction.h"
#include "guard/guards.h"
#include "guard/negation_data.h"
#include "guard/opposed.h"
#include "guard/prepared.h"
#include "guard/relations.h"
#include "guard/scope.h"
#include "guard/sorted_table.h"
#include "guard/tense.h"

namespace semcached::guard {
namespace {

// A text of more words tells a story; if more words than kMaxLone differ, in its own way.
constexpr size_t kLongText = 30;
constexpr size_t kMaxLone = 6;

bool StopsSomething(const Denials& denials) {
  return std::any_of(denials.begin(), denials.end(), Stops);
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
  const bool both_stop = StopsSomething(a.denials) && StopsSomething(b.denials);
  const auto both_name = [&](const Opposition& opposed) {
    const auto& [one, other] = opposed;
    // "keep it from browning" and "stop it from browning"
    if (both_stop && Has(kEnglishStoppingVerbs, one) && Has(kEnglishStoppingVerbs, other))
      return true;
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
  if (const auto denied = FindDeniedElse(a, b); denied.has_value()) {
    return Concat("what is denied differs: ", denied->first, " against ") +
           std::string(denied->second);
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
