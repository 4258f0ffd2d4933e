// Checks two texts for differences that a vector does not see.
//
// Pure functions, microseconds each. "Turn on" and "turn off dark mode" lie closer together than
// most true paraphrases; a guard turns such a candidate down and says why.
//
// numbers:      amounts, or the units behind them, differ or trade places: digits, decimals,
//               grouping, number words ("three"), ordinals, percentages, versions.
// negation:     one text negates what the other does not ("can't", "without", "stop it from"), they
//               negate other things, or they hold words that exclude each other
//               ("enable"/"disable", "first"/"last", "to"/"from" Paris).
// identifiers:  code, file names, flags, error codes differ: what has an underscore, a dot, "::",
//               "()", leading dashes, digits within or mixed case.
// entities:     names or quoted spans differ, or one word stands in the other's place that is not
//               known to mean the same ("the capital of austria"/"australia").
// focus:        the questions ask for other things ("when did it"/"why did it").
// roles:        the same words change parts ("did A defeat B"/"did B defeat A"), or the speaker and
//               another do ("he sues me"/"I sue him").
//
// All are symmetric, and pass a text against itself. Time and memory grow with the length of the
// texts, not with its square. They know English best; words of other languages are data
// (src/guard/languages.h), and what is not known is not refused.
#ifndef SEMCACHED_GUARD_GUARD_H_
#define SEMCACHED_GUARD_GUARD_H_

#include <absl/types/span.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "semcached/base/types.h"

namespace semcached {

namespace guard {
struct Prepared;
}

// A text made ready for all guards: folded and cut once, for all the texts that it is compared
// with. Never changes; any number of threads may use it.
class GuardText {
 public:
  // `text` is valid UTF-8, is not copied, and outlives this.
  explicit GuardText(std::string_view text);
  ~GuardText();
  GuardText(const GuardText&) = delete;
  GuardText& operator=(const GuardText&) = delete;

  const guard::Prepared& prepared() const { return *prepared_; }

 private:
  const std::unique_ptr<const guard::Prepared> prepared_;
};

struct GuardRefusal {
  GuardKind guard = GuardKind::kNumbers;
  std::string reason;  // in words, e.g. `numbers differ: 3 against 5`; holds parts of the texts
};

// The first refusal of `guards`, in their order; nullopt if all pass.
std::optional<GuardRefusal> CheckGuards(absl::Span<const GuardKind> guards, const GuardText& query,
                                        const GuardText& cached_query);

// The same for texts that are compared once.
std::optional<GuardRefusal> CheckGuards(absl::Span<const GuardKind> guards, std::string_view query,
                                        std::string_view cached_query);

// The refusals of all of `guards`, in their order.
std::vector<GuardRefusal> CheckEachGuard(absl::Span<const GuardKind> guards, const GuardText& query,
                                         const GuardText& cached_query);

}  // namespace semcached

#endif  // SEMCACHED_GUARD_GUARD_H_
