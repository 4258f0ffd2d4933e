// Endings by which one word is derived from another; English only.
#ifndef SEMCACHED_GUARD_SUFFIXES_DATA_H_
#define SEMCACHED_GUARD_SUFFIXES_DATA_H_

#include <string_view>

namespace semcached::guard {

// Sorted.
inline constexpr std::string_view kSuffixes[] = {
    "",        "ability", "able",  "ably",  "age",   "al",    "ally",    "an",    "ance",
    "ancy",    "ant",     "ate",   "ated",  "ating", "ation", "ations",  "ative", "ator",
    "e",       "ed",      "ely",   "ement", "ence",  "ency",  "ent",     "er",    "ers",
    "es",      "est",     "ful",   "ial",   "ially", "ian",   "ibility", "ible",  "ic",
    "ical",    "ied",     "ier",   "ies",   "iest",  "ility", "iness",   "ing",   "ion",
    "ions",    "isation", "ish",   "ising", "ism",   "ist",   "ists",    "ity",   "ive",
    "ization", "ize",     "izing", "le",    "ly",    "ment",  "ments",   "ness",  "ography",
    "or",      "ors",     "ous",   "s",     "st",    "tion",  "ure",     "ured",  "uring",
    "y",
};

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_SUFFIXES_DATA_H_
