// Words that negate; those of other languages stand in languages.h.
#ifndef SEMCACHED_GUARD_NEGATION_DATA_H_
#define SEMCACHED_GUARD_NEGATION_DATA_H_

#include <string_view>

namespace semcached::guard {

// Sorted. Besides these, whatever ends in "n't".
inline constexpr std::string_view kEnglishNegations[] = {
    "aint",   "arent",  "cannot",    "cant",    "couldnt", "didnt",    "doesnt",
    "dont",   "except", "excluding", "hadnt",   "hasnt",   "havent",   "isnt",
    "mustnt", "neednt", "neither",   "never",   "no",      "nobody",   "non",
    "none",   "nor",    "not",       "nothing", "nowhere", "shouldnt", "unable",
    "wasnt",  "werent", "without",   "wont",    "wouldnt",
};

// Sorted. These deny what follows: "hardly cries", "lacks a key".
inline constexpr std::string_view kEnglishDenyingWords[] = {
    "hardly", "lack", "lacked", "lacking", "lacks", "rarely", "seldom",
};
// Sorted. So do these before "to": "failed to start".
inline constexpr std::string_view kEnglishDenyingVerbs[] = {
    "decline", "declined", "declines", "fail",      "failed", "failing", "fails",   "forget",
    "forgets", "forgot",   "neglect",  "neglected", "refuse", "refused", "refuses", "refusing",
};
// Sorted. So do these before "from" and what shall not be done: "stop it from starting".
inline constexpr std::string_view kEnglishStoppingVerbs[] = {
    "ban",      "banned",  "block", "blocking", "blocks",     "forbid",
    "keep",     "keeping", "keeps", "prevent",  "preventing", "prevents",
    "prohibit", "protect", "stop",  "stopping", "stops",
};
// Sorted. Beside what another text denies they deny it, too: "the token is missing".
inline constexpr std::string_view kEnglishTroubles[] = {
    "absent",  "decline", "declined", "fail",    "failed", "failing",  "fails",
    "failure", "missing", "refuse",   "refused", "reject", "rejected",
};
// Sorted. Beside what another text lacks.
inline constexpr std::string_view kEnglishShortages[] = {
    "absence",  "deficiency",   "deficient", "deprivation",
    "deprived", "insufficient", "low",       "shortage",
};

// Sorted. A negation reaches past these to what it denies.
inline constexpr std::string_view kEnglishGrammar[] = {
    "a",    "able",  "all",    "also",   "an",    "and",    "any",  "are",  "as",   "at",   "be",
    "been", "being", "by",     "can",    "could", "did",    "do",   "does", "even", "ever", "for",
    "from", "had",   "has",    "have",   "he",    "her",    "him",  "his",  "i",    "in",   "is",
    "it",   "its",   "just",   "may",    "me",    "might",  "must", "my",   "of",   "on",   "only",
    "or",   "our",   "people", "really", "she",   "should", "so",   "some", "that", "the",  "their",
    "them", "there", "these",  "they",   "this",  "those",  "to",   "too",  "us",   "very", "was",
    "we",   "were",  "will",   "with",   "would", "yet",    "you",  "your",
};

// Sorted. What begins with one is said of another thing than what was denied before it: "hasn't
// worked since this morning".
inline constexpr std::string_view kEnglishClauses[] = {
    "because", "but", "if", "since", "until", "when", "while",
};

// Sorted. These deny whom or what, and so all that is said of it: "nobody on our team can".
inline constexpr std::string_view kEnglishDenyingWho[] = {
    "neither", "no", "nobody", "none", "nor", "nothing",
};

// Sorted. Behind one, who does not do it may stand before what is not done: "why can't dogs eat".
inline constexpr std::string_view kEnglishQuestions[] = {
    "and", "how", "what", "when", "where", "which", "who", "why",
};

// Sorted. "Free" behind one is without it, with a hyphen or not.
inline constexpr std::string_view kEnglishFreeOf[] = {
    "alcohol",  "dairy",   "duty",    "fat",  "fee",   "gluten",
    "interest", "lactose", "penalty", "rent", "sugar", "tax",
};

// Sorted. What is to be, and not to be stopped: "make it start".
inline constexpr std::string_view kEnglishWanting[] = {
    "allow", "cause", "configure", "enable", "force", "get",  "have",
    "help",  "keep",  "keeping",   "let",    "make",  "want",
};

// Sorted. What somebody does not know and asks for: "I don't know how to".
inline constexpr std::string_view kEnglishUnknown[] = {
    "how", "if", "what", "when", "where", "whether", "which", "who", "why",
};

// Sorted. What is told of in a clause of its own, where the denial may stand as well: "I don't
// think that it can".
inline constexpr std::string_view kEnglishRaising[] = {
    "allowed", "appear", "believe", "expect", "feel",  "feels",   "look",     "looks",
    "said",    "say",    "says",    "seem",   "seems", "suppose", "supposed", "think",
};

// Sorted. What is left there: "stop tracking it while keeping the file".
inline constexpr std::string_view kEnglishKeeping[] = {
    "keep", "keeping", "leave", "leaving", "preserve", "preserving", "retain", "still",
};

// Sorted. What is done so that another thing is not: "lock it so that it can't be edited".
inline constexpr std::string_view kEnglishPurposes[] = {
    "ensure", "lock", "protect", "so", "sure",
};

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_NEGATION_DATA_H_
