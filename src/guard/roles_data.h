// Verbs by which roles do not differ; English only.
#ifndef SEMCACHED_GUARD_ROLES_DATA_H_
#define SEMCACHED_GUARD_ROLES_DATA_H_

#include <string_view>

namespace semcached::guard {

// What one does to the other, the other does to it. Sorted.
inline constexpr std::string_view kMutualVerbs[] = {
    "border", "borders", "equal",    "equals",    "marries", "marry",    "match",    "matches",
    "meet",   "meets",   "neighbor", "neighbors", "overlap", "overlaps", "resemble", "resembles",
    "rhyme",  "rhymes",  "share",    "shares",    "star",    "starred",  "stars",
};

// Of "to be", and what passives are made with. Sorted.
inline constexpr std::string_view kFormsOfBe[] = {
    "am", "are", "be", "been", "being", "get", "got", "is", "was", "were",
};

// Who speaks and does it. Sorted.
inline constexpr std::string_view kSpeakers[] = {
    "i", "i'd", "i'll", "i'm", "i've", "we", "we'd", "we'll", "we're", "we've",
};

// Between the speaker and the verb of what the speaker does. Sorted.
inline constexpr std::string_view kBetweenSpeakerAndVerb[] = {
    "also", "always", "can", "could", "did",    "do",   "had",
    "have", "just",   "may", "never", "should", "will", "would",
};

// No object of a verb begins with one. Sorted.
inline constexpr std::string_view kNoObjects[] = {
    "and", "as", "at", "back", "by",   "down", "for",  "from", "if", "in",   "into", "of",
    "off", "on", "or", "out",  "over", "than", "then", "to",   "up", "when", "with",
};

// These put one thing in the place of another. Sorted.
inline constexpr std::string_view kExchangingVerbs[] = {
    "convert", "converting", "exchange",  "exchanged",  "exchanging",   "migrate",   "migrating",
    "replace", "replaced",   "replacing", "substitute", "substituting", "translate", "translating",
};

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_ROLES_DATA_H_
