// Compares what two texts deny.
#ifndef SEMCACHED_GUARD_DENIED_H_
#define SEMCACHED_GUARD_DENIED_H_

#include <optional>
#include <string_view>
#include <utility>

#include "guard/prepared.h"

namespace semcached::guard {

// The word by which only one of them denies what the other says: empty if none does. Two negations
// cancel each other out.
std::string_view FindDenied(const Prepared& a, const Prepared& b);

// "charged but never delivered" against "delivered but never charged": what the first denies and
// what the second does, each said by the other. nullopt if they do not.
std::optional<std::pair<std::string_view, std::string_view>> FindDeniedElse(const Prepared& a,
                                                                            const Prepared& b);

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_DENIED_H_
