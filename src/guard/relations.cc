#include "guard/relations.h"

#include <algorithm>
#include <iterator>

namespace semcached::guard {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;

// Prepositions that exclude each other, each pair in the order of the alphabet.
constexpr Pair kExcluding[] = {
    {"above", "at"},       {"above", "below"},     {"above", "under"},    {"after", "at"},
    {"after", "before"},   {"after", "by"},        {"after", "during"},   {"after", "for"},
    {"after", "on"},       {"after", "with"},      {"after", "within"},   {"against", "for"},
    {"against", "with"},   {"at", "before"},       {"at", "below"},       {"at", "over"},
    {"at", "under"},       {"because", "despite"}, {"before", "during"},  {"before", "on"},
    {"before", "with"},    {"below", "over"},      {"during", "outside"}, {"for", "instead"},
    {"from", "till"},      {"from", "until"},      {"in", "out"},         {"in", "outside"},
    {"inside", "out"},     {"inside", "outside"},  {"instead", "with"},   {"into", "out"},
    {"outside", "within"}, {"over", "under"},
};
static_assert(std::is_sorted(std::begin(kExcluding), std::end(kExcluding)));

bool Exclude(std::string_view a, std::string_view b) {
  return std::binary_search(std::begin(kExcluding), std::end(kExcluding),
                            Pair(std::min(a, b), std::max(a, b)));
}

bool IsOf(const Words& words, size_t at) { return at < words.size() && words[at].text == "of"; }

// "out" of "out of": alone it is a particle, as in "fill out".
std::string_view RelationAt(const Words& words, size_t at) {
  const std::string_view word = words[at].text;
  return word == "out" && !IsOf(words, at + 1) ? std::string_view() : word;
}

// The next word of `words` from `at` on that is compared: "instead of" is one.
size_t Skip(const Words& words, size_t at) {
  if (at == 0 || !IsOf(words, at)) return at;
  const std::string_view before = words[at - 1].text;
  return before == "instead" || before == "out" || before == "because" || before == "outside" ||
                 before == "inside"
             ? at + 1
             : at;
}

// "in" of "one in ten".
bool IsShare(const Words& words, size_t at) {
  const size_t next = Skip(words, at + 1);
  return at > 0 && next < words.size() && words[at - 1].number && words[next].number;
}

}  // namespace

std::optional<Pair> FindRelation(const Words& a, const Words& b) {
  std::optional<Pair> found;
  size_t i = 0;
  size_t j = 0;
  for (; i < a.size() && j < b.size(); i = Skip(a, i + 1), j = Skip(b, j + 1)) {
    if (a[i].id == b[j].id) continue;
    if (IsShare(a, i) && IsShare(b, j)) continue;
    if (found.has_value() || !Exclude(RelationAt(a, i), RelationAt(b, j))) return std::nullopt;
    found = Pair(a[i].text, b[j].text);
  }
  return i == a.size() && j == b.size() ? found : std::nullopt;
}

}  // namespace semcached::guard
