// English words whose build, or whose place, makes them opposites.
#ifndef SEMCACHED_GUARD_OPPOSED_BUILD_DATA_H_
#define SEMCACHED_GUARD_OPPOSED_BUILD_DATA_H_

#include <string_view>

namespace semcached::guard {

// Beginnings that turn a word's stem into its opposite; "" stands for the bare stem.
struct OpposedAffix {
  std::string_view one;
  std::string_view other;
};
inline constexpr OpposedAffix kEnglishPrefixes[] = {
    {"un", ""},         {"dis", ""},        {"non", ""},        {"in", ""},
    {"im", ""},         {"ir", ""},         {"il", ""},         {"a", ""},
    {"de", ""},         {"hyper", "hypo"},  {"pre", "post"},    {"over", "under"},
    {"macro", "micro"}, {"intra", "inter"}, {"super", "sub"},   {"homo", "hetero"},
    {"endo", "exo"},    {"mono", "poly"},   {"tachy", "brady"}, {"ante", "post"},
    {"up", "down"},
};
inline constexpr OpposedAffix kEnglishSuffixes[] = {{"ful", "less"}};

// Whose denial is their opposite: what does not pass fails. Sorted.
inline constexpr std::string_view kComplements[] = {
    "accept",    "accepted", "accepting", "accepts",    "alive",     "allow",     "allowed",
    "allows",    "approve",  "approved",  "approves",   "benign",    "cancerous", "closed",
    "dead",      "fail",     "failed",    "failing",    "fails",     "false",     "forbid",
    "forbidden", "guilty",   "innocent",  "irrational", "malignant", "open",      "pass",
    "passed",    "passes",   "passing",   "rational",   "refuse",    "refused",   "refuses",
    "reject",    "rejected", "rejects",   "true",
};

// "in" and "out" oppose each other behind these words only.
inline constexpr std::string_view kParticleVerbs[] = {
    "breathe", "breathing", "cash",    "check",  "checked", "checking", "clock",
    "fade",    "fan",       "locked",  "log",    "logged",  "logging",  "opt",
    "opted",   "opting",    "phase",   "phased", "punch",   "scale",    "scaling",
    "sign",    "signed",    "signing", "zoom",   "zooming",
};

// What only looks like an opposite of its tail.
inline constexpr std::string_view kNoOpposites[] = {
    "abroad",    "ahead",    "alike",    "alive",   "alone",      "aloud",    "arise",
    "aside",     "asleep",   "await",    "awake",   "discharge",  "disclose", "discount",
    "discourse", "discover", "discuss",  "disease", "disguise",   "dismiss",  "disorder",
    "dispatch",  "display",  "dispose",  "distill", "distress",   "impact",   "impart",
    "implant",   "imply",    "import",   "impose",  "impress",    "improve",  "inbound",
    "incline",   "income",   "increase", "indeed",  "index",      "infield",  "inflammable",
    "inflow",    "inform",   "inland",   "input",   "inquire",    "inradius", "inset",
    "inside",    "insight",  "inspire",  "install", "instead",    "instill",  "insure",
    "intake",    "intend",   "intense",  "intent",  "invaluable", "invent",   "invest",
    "invoice",   "unions",   "unless",   "until",
};

// Sorted. "This" before one of them shows it, and is not opposed to "last": "this error", since
// "last night".
inline constexpr std::string_view kShown[] = {
    "app", "code", "device", "error", "issue", "problem", "product", "warning",
};

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_OPPOSED_BUILD_DATA_H_
