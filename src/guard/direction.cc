#include "guard/direction.h"

#include <absl/container/inlined_vector.h>

#include <algorithm>
#include <cstddef>

namespace semcached::guard {
namespace {

// One "to" or "from" with the words around it.
struct Way {
  bool to = false;
  std::string_view before;  // empty for "from"
  std::string_view after;
  std::string_view written;
};

using Ways = absl::InlinedVector<Way, 4>;

// A text has few ways; what comes after these is not compared, so that no text costs quadratic
// time.
constexpr size_t kMaxWays = 32;

bool IsArticle(std::string_view word) { return word == "the" || word == "a" || word == "an"; }

Ways ReadWays(const Text& text) {
  const Tokens tokens = text.tokens();
  Ways ways;
  for (size_t i = 0; i + 1 < tokens.size() && ways.size() < kMaxWays; ++i) {
    const bool to = tokens[i].text == "to" || tokens[i].text == "into";
    if (!to && tokens[i].text != "from") continue;
    size_t after = i + 1;
    if (IsArticle(tokens[after].text) && after + 1 < tokens.size()) ++after;
    if (tokens[after].kind == TokenKind::kSymbol) continue;
    const bool has_before = to && i > 0 && tokens[i - 1].kind == TokenKind::kWord;
    ways.push_back({to, has_before ? tokens[i - 1].text : std::string_view(), tokens[after].text,
                    text.Span(has_before ? i - 1 : i, after + 1)});
  }
  return ways;
}

// True if `ways` leads `to` or from `place`.
bool Leads(const Ways& ways, bool to, std::string_view place) {
  return std::any_of(ways.begin(), ways.end(),
                     [&](const Way& way) { return way.to == to && way.after == place; });
}

// True if `ways` leads from `start` to `end` by one "to".
bool Joins(const Ways& ways, std::string_view start, std::string_view end) {
  return std::any_of(ways.begin(), ways.end(), [&](const Way& way) {
    return way.to && way.before == start && way.after == end;
  });
}

bool Opposite(const Way& a, const Way& b, const Ways& all_a, const Ways& all_b) {
  if (a.to != b.to) {
    return a.after == b.after && !Leads(all_a, b.to, a.after) && !Leads(all_b, a.to, a.after);
  }
  return a.to && !a.before.empty() && a.before == b.after && a.after == b.before &&
         a.before != a.after && !Joins(all_a, b.before, b.after) &&
         !Joins(all_b, a.before, a.after);
}

}  // namespace

std::optional<std::pair<std::string_view, std::string_view>> FindTurned(const Text& a,
                                                                        const Text& b) {
  const Ways left = ReadWays(a);
  const Ways right = ReadWays(b);
  for (const Way& one : left) {
    for (const Way& other : right) {
      if (Opposite(one, other, left, right)) return std::make_pair(one.written, other.written);
    }
  }
  return std::nullopt;
}

}  // namespace semcached::guard
