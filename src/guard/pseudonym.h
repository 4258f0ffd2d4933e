// What stands for a word that the guards do not know, in a text that is kept without such words.
#ifndef SEMCACHED_GUARD_PSEUDONYM_H_
#define SEMCACHED_GUARD_PSEUDONYM_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "semcached/base/hash.h"

namespace semcached::guard {

// Its core is 34 letters: 'z', 128 bits of the keyed hash of the word's root in consonants, 'x'. So
// the core is no word, number or unit, has neither prefix nor suffix, keeps its end when
// inflections are cut, and is too long to be a slip of another. 'z' begins few words: no initials
// meet it by chance.
inline constexpr size_t kPseudonymCore = 34;

// `cased` is `word` before it was folded to lower case. What makes opposites and inflections of a
// word stays readable around the core ("un", "less", "ed"), so that the guards find of two
// pseudonyms what they find of the two words: one stem, a derivation, an opposite by build. Of two
// roots it is different. Its capitals stand so that a name stays one, and so does camelCase.
std::string PseudonymOf(std::string_view word, std::string_view cased, const HashKey& key);

// The same of digits: fifteen others, which no other digits have.
std::string DigitsFor(std::string_view digits, const HashKey& key);

// Whether `text` shows the core of a pseudonym, or digits of DigitsFor().
bool HasPseudonym(std::string_view text);

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_PSEUDONYM_H_
