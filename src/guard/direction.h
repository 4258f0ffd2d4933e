// Finds ways that lead in opposite directions.
#ifndef SEMCACHED_GUARD_DIRECTION_H_
#define SEMCACHED_GUARD_DIRECTION_H_

#include <optional>
#include <string_view>
#include <utility>

#include "guard/text.h"

namespace semcached::guard {

// "from Paris" against "to Paris", "km to miles" against "miles to km": the same words, the other
// way round. A text that holds both ways is no evidence.
std::optional<std::pair<std::string_view, std::string_view>> FindTurned(const Text& a,
                                                                        const Text& b);

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_DIRECTION_H_
