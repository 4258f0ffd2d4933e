// Finds out whether two texts speak of the same things in another number or for somebody else.
#ifndef SEMCACHED_GUARD_SCOPE_H_
#define SEMCACHED_GUARD_SCOPE_H_

#include <optional>
#include <string_view>
#include <utility>

#include "guard/text_pair.h"

namespace semcached::guard {

// "most people" against "all people", "every day" against "every other day", "up to three" against
// "more than three", "for children" against nothing; of texts that are the same otherwise, also
// "only citizens" against "citizens". The words that differ; "nothing" where one text has none.
std::optional<std::pair<std::string_view, std::string_view>> FindScope(const TextPair& pair);

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_SCOPE_H_
