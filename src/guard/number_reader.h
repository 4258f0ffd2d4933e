// Finds the amounts in a text.
#ifndef SEMCACHED_GUARD_NUMBER_READER_H_
#define SEMCACHED_GUARD_NUMBER_READER_H_

#include <absl/container/inlined_vector.h>

#include <string_view>

#include "guard/text.h"
#include "guard/units_data.h"

namespace semcached::guard {

struct Unit {
  Dimension dimension = Dimension::kNone;
  int power = 1;      // 2: square, 3: cubic
  double factor = 1;  // to the base unit, power included

  bool known() const { return dimension != Dimension::kNone; }
};

struct Number {
  double value = 0;
  Unit unit;
  Unit per;                  // the hour of "5 km/h"
  std::string_view digits;   // as written; empty if in words
  std::string_view written;  // with its unit, for the reason
  std::string_view name;     // the name right before it: "ios"; empty: none
  bool is_version = false;   // names a version: its digits are compared, not its value
  bool is_ordinal = false;
  bool takes_unit = false;  // the unit stands behind another number: "5 to 10 kg"
  bool is_share = false;    // "half", "1/2": as good as 50 %
  // "50m rows", "5b": the factor if "m" is no unit, but short for millions; 1: none.
  double scale_without_unit = 1;
  double clock = -1;     // "15:00": the hour as written; -1: no time, or of a known half of the day
  bool is_list = false;  // how long a list is to be: "top 10", "5 best"
  // May be missing from the other text without harm: "which one", "the first time", "a minute".
  bool is_weak = false;
};

using Numbers = absl::InlinedVector<Number, 8>;

// In the order of the text; views into `text`.
Numbers ReadNumbers(const Text& text);

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_NUMBER_READER_H_
