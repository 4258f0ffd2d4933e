// Which words the guards know by themselves: all others are the writer's.
#ifndef SEMCACHED_GUARD_KNOWN_WORDS_H_
#define SEMCACHED_GUARD_KNOWN_WORDS_H_

#include <string_view>

namespace semcached::guard {

// True if `word`, folded, or an inflection of it stands in one of the guards' tables. Of the
// lexicon's phrases only the first word is known alone.
bool IsKnownWord(std::string_view word);

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_KNOWN_WORDS_H_
