// Finds words of two texts that exclude each other.
#ifndef SEMCACHED_GUARD_OPPOSED_H_
#define SEMCACHED_GUARD_OPPOSED_H_

#include <absl/container/inlined_vector.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "guard/denials.h"
#include "guard/sorted_word.h"
#include "guard/text.h"

namespace semcached::guard {

// A word on one side of one group of the table.
struct Side {
  uint16_t group = 0;
  uint16_t side = 0;
  std::string_view word;
  bool denied = false;  // "not accepted", "non-cancerous": means the other side
};

using DeniedWords = absl::InlinedVector<std::string_view, 8>;

// What of a text may oppose another: found once a text.
struct Opposable {
  SortedWords words;
  absl::InlinedVector<Side, 16> sides;  // sorted by group, side and word
  DeniedWords denied;                   // sorted
};

// `denials`: of that text.
Opposable ReadOpposable(const Text& text, const Denials& denials);

// A word of the one text and the opposite of it in the other.
using Opposition = std::pair<std::string_view, std::string_view>;

// A word that only `a` has and one that only `b` has, the opposite of each other; by the table, or
// by their build ("useful" and "useless"). A side that both texts name is no evidence: "from on to
// off" opposes neither "on" nor "off"; nor "refused" the opposite of "not accepted".
std::optional<Opposition> FindOpposed(const Opposable& a, const Opposable& b);

// `opposable` as if that word were not in its text.
Opposable Without(Opposable opposable, std::string_view word);

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_OPPOSED_H_
