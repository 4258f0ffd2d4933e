// Reads a time of day.
#ifndef SEMCACHED_GUARD_TIME_OF_DAY_H_
#define SEMCACHED_GUARD_TIME_OF_DAY_H_

#include <cstddef>
#include <optional>

#include "guard/number_reader.h"
#include "guard/text.h"

namespace semcached::guard {

// Reads "15:00", "9:30 am", "noon" or "midnight" at token `*at`, as hours of the morning or the
// afternoon where that can be told, and moves `*at` behind it. What is no time, or may be a ratio
// ("mix 1:10"), gives nullopt, and `*at` stays.
std::optional<Number> ReadTimeOfDay(const Text& text, size_t* at);

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_TIME_OF_DAY_H_
