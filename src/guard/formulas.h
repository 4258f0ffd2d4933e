// Finds out whether two texts write other formulas, or label things by other letters.
#ifndef SEMCACHED_GUARD_FORMULAS_H_
#define SEMCACHED_GUARD_FORMULAS_H_

#include <optional>
#include <string>
#include <utility>

#include "guard/text.h"

namespace semcached::guard {

// "(2+3)*4" against "2+(3*4)", "a[1:]" against "a[:1]": what is written without words between,
// spaces aside. What only one text has is no evidence.
std::optional<std::pair<std::string, std::string>> FindFormulas(const Text& a, const Text& b);

// "group a" against "group b"; "solve x + y = 1 for x" against "for y": each text has a letter once
// more than the other. "a" and "i" count where they are no words.
std::optional<std::pair<std::string, std::string>> FindLetters(const Text& a, const Text& b);

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_FORMULAS_H_
