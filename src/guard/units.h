// Reads the unit of an amount.
#ifndef SEMCACHED_GUARD_UNITS_H_
#define SEMCACHED_GUARD_UNITS_H_

#include <cstddef>
#include <optional>

#include "guard/number_reader.h"
#include "guard/text.h"

namespace semcached::guard {

// Reads "km", "square feet", "°C", "%" or "p.m." at token `*at` and moves `*at` behind it. Without
// a unit there: nullopt, and `*at` stays.
std::optional<Unit> ReadUnit(const Text& text, size_t* at);

// Reads "/h", "per hour" or "a day" likewise.
std::optional<Unit> ReadPer(const Text& text, size_t* at);

// The currency that token `at` announces, as in "$5".
Dimension CurrencyBefore(const Text& text, size_t at);

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_UNITS_H_
