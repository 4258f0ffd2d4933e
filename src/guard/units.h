// Reads the unit of an amount.
#ifndef SEMCACHED_GUARD_UNITS_H_
#define SEMCACHED_GUARD_UNITS_H_

#include <absl/container/inlined_vector.h>

#include <cstddef>
#include <optional>
#include <string_view>

#include "guard/number_reader.h"
#include "guard/prepared.h"
#include "guard/text.h"

namespace semcached::guard {

// Reads "km", "square feet", "°C", "%" or "p.m." at token `*at` and moves `*at` behind it. Without
// a unit there: nullopt, and `*at` stays.
std::optional<Unit> ReadUnit(const Text& text, size_t* at);

// Reads "/h", "per hour" or "a day" likewise.
std::optional<Unit> ReadPer(const Text& text, size_t* at);

// A unit named without an amount: "in celsius", "miles to km", "how many days".
struct BareUnit {
  Unit unit;
  std::string_view written;
  bool has_amount = false;  // "5 miles", after all
};
using BareUnits = absl::InlinedVector<BareUnit, 8>;

// All units that `words` name as words, those behind an amount too. A rate counts as its length
// and its time.
BareUnits ReadBareUnits(const Words& words, const Text& text);

// What `word` measures wherever it stands; kNone: nothing, or not without an amount before it.
Dimension DimensionOf(std::string_view word);

// The currency that token `at` announces, as in "$5".
Dimension CurrencyBefore(const Text& text, size_t at);

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_UNITS_H_
