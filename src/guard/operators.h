// Finds out whether two texts calculate or compare with other signs.
#ifndef SEMCACHED_GUARD_OPERATORS_H_
#define SEMCACHED_GUARD_OPERATORS_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "guard/text.h"

namespace semcached::guard {

// A sign as it is compared: "<=" for "≤", "^" for "**"; itself where it has one spelling only.
std::string_view MeaningOfSign(std::string_view written);

// "x + 5" against "x - 5", "<=" against ">=", "c++" against "c#". The signs that differ, as one
// text each has them; "times" and "×" are "*". A sign that only one text has is no evidence: the
// other may say it in words. Hyphens, dashes, slashes between words, arrows and tags are no
// operators.
std::optional<std::pair<std::string, std::string>> FindOperators(const Text& a, const Text& b);

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_OPERATORS_H_
