// Finds how often a text says that something is done.
#ifndef SEMCACHED_GUARD_FREQUENCY_H_
#define SEMCACHED_GUARD_FREQUENCY_H_

#include <optional>
#include <string_view>
#include <utility>

#include "guard/prepared.h"

namespace semcached::guard {

// "once a day" against "four times a day": how often each says. nullopt if a text says nothing of
// that, or several things, or both say the same.
std::optional<std::pair<std::string_view, std::string_view>> FindFrequencies(const Prepared& a,
                                                                             const Prepared& b);

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_FREQUENCY_H_
