// Reads a number that is written in words.
#ifndef SEMCACHED_GUARD_NUMBERS_IN_WORDS_H_
#define SEMCACHED_GUARD_NUMBERS_IN_WORDS_H_

#include <cstddef>
#include <optional>

#include "guard/number_reader.h"
#include "guard/text.h"

namespace semcached::guard {

// Reads "twenty-five", "a fifth of", "half an", "twice" or "II" at token `*at` and moves `*at`
// behind it, its unit left. Without one there: nullopt, and `*at` stays.
std::optional<Number> ReadInWords(const Text& text, size_t* at);

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_NUMBERS_IN_WORDS_H_
