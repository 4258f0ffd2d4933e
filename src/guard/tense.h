// Finds out whether two texts ask of other times.
#ifndef SEMCACHED_GUARD_TENSE_H_
#define SEMCACHED_GUARD_TENSE_H_

#include <optional>
#include <string_view>
#include <utility>

#include "guard/text_pair.h"

namespace semcached::guard {

// "today" against "this week"; of texts that are the same otherwise, also "was it" against "will
// it" and "is the ceo" against "was the ceo". The words that differ. Knows English.
std::optional<std::pair<std::string_view, std::string_view>> FindTense(const TextPair& pair);

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_TENSE_H_
