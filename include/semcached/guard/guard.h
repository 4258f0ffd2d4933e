// Checks two texts for differences that a vector does not see.
//
// Pure functions, microseconds each. "Turn on" and "turn off dark mode" lie closer together than
// most true paraphrases; a guard turns such a candidate down and says why.
#ifndef SEMCACHED_GUARD_GUARD_H_
#define SEMCACHED_GUARD_GUARD_H_

#include <absl/types/span.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "semcached/base/types.h"

namespace semcached {

struct GuardRefusal {
  GuardKind guard = GuardKind::kNumbers;
  std::string reason;  // in words, e.g. `numbers differ: 3 against 5`; holds parts of the texts
};

// The first refusal of `guards`, in their order; nullopt if all pass. Texts are valid UTF-8.
std::optional<GuardRefusal> CheckGuards(absl::Span<const GuardKind> guards, std::string_view query,
                                        std::string_view cached_query);

// Every refusal of `guards`, in their order.
std::vector<GuardRefusal> CheckEachGuard(absl::Span<const GuardKind> guards, std::string_view query,
                                         std::string_view cached_query);

// All guards there are.
absl::Span<const GuardKind> AllGuards();

// The guards one by one: the reason for a refusal, or nullopt. Symmetric in their arguments.

// Refuses if the numbers, or the units behind them, differ, or numbers of one unit trade places:
// digits, decimals, grouping, number words ("three"), ordinals, percentages, and units in their
// usual spellings.
std::optional<std::string> NumbersDiffer(std::string_view a, std::string_view b);

// Refuses if one text negates what the other does not ("can", "can't", "without"), or if they hold
// the two sides of an antonym ("enable"/"disable", "before"/"after", "ascending"/"descending").
std::optional<std::string> NegationDiffers(std::string_view a, std::string_view b);

// Refuses if code identifiers, file names, flags, versions or error codes differ: what has an
// underscore, a dot, "::", "()", leading dashes, digits within or mixed case.
std::optional<std::string> IdentifiersDiffer(std::string_view a, std::string_view b);

}  // namespace semcached

#endif  // SEMCACHED_GUARD_GUARD_H_
