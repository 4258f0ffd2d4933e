// Finds comparisons that two texts draw from either side.
#ifndef SEMCACHED_GUARD_COMPARISON_H_
#define SEMCACHED_GUARD_COMPARISON_H_

#include <optional>
#include <string_view>
#include <utility>

#include "guard/opposed.h"
#include "guard/text_pair.h"

namespace semcached::guard {

// "is x larger than y" and "is y smaller than x": the opposites by which both say the same. nullopt
// if they do not.
std::optional<Opposition> FindMirrored(const TextPair& pair);

// "is x larger than y" and "is y larger than x": x and y. nullopt if they do not.
std::optional<std::pair<std::string_view, std::string_view>> FindTurnedComparison(
    const TextPair& pair);

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_COMPARISON_H_
