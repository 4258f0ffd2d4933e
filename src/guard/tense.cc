#include "guard/tense.h"

#include <algorithm>
#include <iterator>

#include "guard/tense_data.h"

namespace semcached::guard {
namespace {

using Found = std::optional<std::pair<std::string_view, std::string_view>>;

static_assert(std::is_sorted(std::begin(kChanging), std::end(kChanging)));

// A longer text tells of more than one time.
constexpr size_t kMaxWords = 32;

std::string_view FindFuture(const Words& words) {
  for (const Word& word : words) {
    if (word.text == "will" || word.text == "won't") return word.text;
  }
  return {};
}

std::string_view FindPast(const Words& words) {
  for (const Word& word : words) {
    if (word.text == "was" || word.text == "were" || word.text == "did" || word.text == "had" ||
        (word.text == "won" && !HasWord(words, "be"))) {
      return word.text;
    }
  }
  return {};
}

Found FindFutureAndPast(const Words& a, const Words& b) {
  const std::string_view future_a = FindFuture(a);
  const std::string_view future_b = FindFuture(b);
  if (future_a.empty() == future_b.empty()) return std::nullopt;
  const std::string_view past = FindPast(future_a.empty() ? a : b);
  if (past.empty() || !FindPast(future_a.empty() ? b : a).empty()) return std::nullopt;
  return future_a.empty() ? std::make_pair(past, future_b) : std::make_pair(future_a, past);
}

enum class Time { kNone, kNow, kThen };

// "is" and "was", "who's" for the first.
Time TimeOf(std::string_view word) {
  for (const std::string_view now : {"is", "are", "who's", "what's", "where's"}) {
    if (word == now) return Time::kNow;
  }
  return word == "was" || word == "were" ? Time::kThen : Time::kNone;
}

// The copula right before what changes ("is the ceo"); nullptr if nothing in the text does, or if
// it is told which one is meant.
const Word* FindHolder(const Prepared& text) {
  constexpr size_t kReach = 3;
  if (!text.numbers.empty()) return nullptr;
  const Word* copula = nullptr;
  bool changes = false;
  size_t left = 0;
  for (const Word& word : text.words) {
    if (word.text == "last" || word.text == "that" || word.text == "who" || word.text == "when" ||
        (word.text.size() > 5 && word.text.ends_with("est"))) {
      if (&word != text.words.data()) return nullptr;
    }
    if (copula == nullptr && TimeOf(word.text) != Time::kNone) {
      copula = &word;
      left = kReach;
      continue;
    }
    if (left == 0) continue;
    --left;
    changes = changes || std::binary_search(std::begin(kChanging), std::end(kChanging), word.text);
  }
  return changes ? copula : nullptr;
}

// "who is the president" against "who was the president".
Found FindFormer(const Prepared& a, const Prepared& b) {
  const Word* left = FindHolder(a);
  const Word* right = FindHolder(b);
  if (left == nullptr || right == nullptr || TimeOf(left->text) == TimeOf(right->text)) {
    return std::nullopt;
  }
  return std::make_pair(left->text, right->text);
}

// The one span that a text names; empty if it names none, or two.
std::string_view FindSpan(const Words& words) {
  std::string_view span;
  for (size_t i = 0; i < words.size(); ++i) {
    const bool day = words[i].text == "today" || words[i].text == "tonight";
    const bool longer =
        i > 0 && words[i - 1].text == "this" &&
        std::find(std::begin(kSpans), std::end(kSpans), words[i].text) != std::end(kSpans);
    if (!day && !longer) continue;
    if (!span.empty()) return {};
    span = words[i].text;
  }
  return span;
}

// "the weather today" against "the weather this week".
Found FindOtherSpan(const Words& a, const Words& b) {
  const std::string_view left = FindSpan(a);
  const std::string_view right = FindSpan(b);
  if (left.empty() || right.empty() || left == right) return std::nullopt;
  return std::make_pair(left, right);
}

}  // namespace

Found FindTense(const TextPair& pair) {
  const Words& a = pair.a.words;
  const Words& b = pair.b.words;
  if (a.size() > kMaxWords || b.size() > kMaxWords) return std::nullopt;
  if (Found found = FindOtherSpan(a, b); found.has_value()) return found;
  const Counterparts& pairs = pair.counterparts();
  if (!pairs.lone_a.empty() || !pairs.lone_b.empty() || pairs.too_many) return std::nullopt;
  if (Found found = FindFutureAndPast(a, b); found.has_value()) return found;
  return FindFormer(pair.a, pair.b);
}

}  // namespace semcached::guard
