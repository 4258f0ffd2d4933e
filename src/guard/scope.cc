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
static_assert(std::is_sorted(std::begin(kLimits), std::end(kLimits)));
static_assert(std::is_sorted(std::begin(kGroupLeads), std::end(kGroupLeads)));
static_assert(std::is_sorted(std::begin(kChanging), std::end(kChanging)));
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

Scope ScopeAt(const Words& words, size_t at) {
  const auto* found = std::lower_bound(std::begin(kScopeWords), std::end(kScopeWords),
                                       ScopeWord{words[at].text, Scope::kNone}, ByWord);
  if (found == std::end(kScopeWords) || found->word != words[at].text) return Scope::kNone;
  const std::string_view before = at > 0 ? words[at - 1].text : std::string_view();
  if (found->word == "than") {
    if (before == "more" || before == "greater" || before == "larger") return Scope::kAtLeast;
    if (before == "less" || before == "fewer" || before == "smaller") return Scope::kAtMost;
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

bool Has(const Words& words, std::string_view text) {
  return std::any_of(words.begin(), words.end(),
                     [&](const Word& word) { return word.text == text; });
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
      if (Has(b, one.by) && Has(a, two.by)) continue;
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

std::string_view FindLimit(const Words& words) {
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0 && words[i - 1].text == "not") continue;  // "not only"
    if (std::binary_search(std::begin(kLimits), std::end(kLimits), words[i].text)) {
      return words[i].text;
    }
  }
  return {};
}

std::string_view FindFuture(const Words& words) {
  for (const Word& word : words) {
    if (word.text == "will" || word.text == "won't") return word.text;
  }
  return {};
}

std::string_view FindPast(const Words& words) {
  for (const Word& word : words) {
    if (word.text == "was" || word.text == "were" || word.text == "did" || word.text == "had" ||
        (word.text == "won" && !Has(words, "be"))) {
      return word.text;
    }
  }
  return {};
}

Found FindTense(const Words& a, const Words& b) {
  const std::string_view future_a = FindFuture(a);
  const std::string_view future_b = FindFuture(b);
  if (future_a.empty() == future_b.empty()) return std::nullopt;
  const std::string_view past = FindPast(future_a.empty() ? a : b);
  if (past.empty() || !FindPast(future_a.empty() ? b : a).empty()) return std::nullopt;
  return future_a.empty() ? std::make_pair(past, future_b) : std::make_pair(future_a, past);
}

Group GroupOf(std::string_view word) {
  const auto* found = std::lower_bound(std::begin(kGroupWords), std::end(kGroupWords),
                                       GroupWord{word, Group::kNone}, ByGroupWord);
  return found != std::end(kGroupWords) && found->word == word ? found->group : Group::kNone;
}

// The condition of one text that the other says nothing of: "for children".
const Word* FindGroup(const Words& words, const Words& other) {
  constexpr size_t kReach = 3;
  for (const Word& word : other) {
    if (GroupOf(word.text) != Group::kNone) return nullptr;
  }
  for (size_t i = 0; i < words.size(); ++i) {
    if (GroupOf(words[i].text) == Group::kNone) continue;
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

// "who is the president" against "who was the president"; but not the first one, who stays it.
Found FindFormer(const Prepared& a, const Prepared& b) {
  const auto copula = [](const Words& words) -> std::string_view {
    for (const Word& word : words) {
      for (const std::string_view form : {"is", "are", "was", "were"}) {
        if (word.text == form) return form;
      }
    }
    return {};
  };
  const auto is_past = [](std::string_view form) { return form.starts_with('w'); };
  const std::string_view left = copula(a.words);
  const std::string_view right = copula(b.words);
  if (left.empty() || right.empty() || is_past(left) == is_past(right)) return std::nullopt;
  const auto changes = [](const Word& word) {
    return std::binary_search(std::begin(kChanging), std::end(kChanging), word.text);
  };
  // A number names one of them, or a time.
  if (!a.numbers.empty() || !b.numbers.empty() ||
      std::none_of(a.words.begin(), a.words.end(), changes)) {
    return std::nullopt;
  }
  return std::make_pair(left, right);
}

}  // namespace

Found FindScope(const TextPair& pair) {
  const Words& a = pair.a.words;
  const Words& b = pair.b.words;
  if (a.size() > kMaxWords || b.size() > kMaxWords) return std::nullopt;
  if (Found found = FindCounted(a, b); found.has_value()) return found;
  if (Found found = FindEveryOther(a, b); found.has_value()) return found;
  if (Found found = FindOnlyGroup(a, b); found.has_value()) return found;
  const Counterparts& pairs = pair.counterparts();
  if (!pairs.lone_a.empty() || !pairs.lone_b.empty() || pairs.too_many) return std::nullopt;
  const std::string_view limit_a = FindLimit(a);
  const std::string_view limit_b = FindLimit(b);
  if (limit_a.empty() != limit_b.empty()) {
    constexpr std::string_view kNothing = "nothing";
    return std::make_pair(limit_a.empty() ? kNothing : limit_a,
                          limit_b.empty() ? kNothing : limit_b);
  }
  if (Found found = FindTense(a, b); found.has_value()) return found;
  return FindFormer(pair.a, pair.b);
}

}  // namespace semcached::guard
