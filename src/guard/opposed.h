// Finds words of two texts that exclude each other.
#ifndef SEMCACHED_GUARD_OPPOSED_H_
#define SEMCACHED_GUARD_OPPOSED_H_

#include <optional>
#include <string_view>
#include <utility>

#include "guard/text.h"

namespace semcached::guard {

// A word that only `a` has and one that only `b` has, the opposite of each other; by the table, or
// by their build ("useful" and "useless"). A side that both texts name is no evidence: "from on to
// off" opposes neither "on" nor "off".
std::optional<std::pair<std::string_view, std::string_view>> FindOpposed(const Text& a,
                                                                         const Text& b);

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_OPPOSED_H_
