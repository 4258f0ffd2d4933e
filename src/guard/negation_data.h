// Words that negate; English only so far.
#ifndef SEMCACHED_GUARD_NEGATION_DATA_H_
#define SEMCACHED_GUARD_NEGATION_DATA_H_

#include <string_view>

namespace semcached::guard {

// Sorted. Besides these, whatever ends in "n't".
inline constexpr std::string_view kEnglishNegations[] = {
    "aint",     "arent",  "cannot", "cant",   "couldnt", "didnt",  "doesnt",  "dont",
    "except",   "hadnt",  "hasnt",  "havent", "isnt",    "mustnt", "neednt",  "neither",
    "never",    "no",     "nobody", "none",   "nor",     "not",    "nothing", "nowhere",
    "shouldnt", "unable", "wasnt",  "werent", "without", "wont",   "wouldnt",
};

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_NEGATION_DATA_H_
