// Words of formulas, and words behind which a letter is a name.
#ifndef SEMCACHED_GUARD_FORMULAS_DATA_H_
#define SEMCACHED_GUARD_FORMULAS_DATA_H_

#include <string_view>

namespace semcached::guard {

// Sorted.
inline constexpr std::string_view kFunctions[] = {
    "abs", "arccos", "arcsin", "arctan", "cos",  "cosh", "cot",  "csc", "det",
    "exp", "gcd",    "lcm",    "lim",    "ln",   "log",  "max",  "min", "mod",
    "pi",  "sec",    "sin",    "sinh",   "sqrt", "tan",  "tanh",
};

// "group a": no article. Sorted.
inline constexpr std::string_view kLabelled[] = {
    "alphabet",  "appendix", "berkshire", "block",   "class",   "column", "ctrl", "drive",
    "exit",      "factor",   "gate",      "google",  "grade",   "group",  "hall", "hepatitis",
    "influenza", "key",      "letter",    "level",   "line",    "option", "part", "plan",
    "point",     "schedule", "section",   "series",  "shell",   "side",   "team", "terminal",
    "type",      "variable", "vector",    "version", "vitamin", "zone",
};

// What numbers name, sorted: "the 50/30/20 rule".
inline constexpr std::string_view kRules[] = {
    "budget", "budgeting", "diet", "fasting", "guideline", "method",
    "plan",   "principle", "rule", "split",   "strategy",
};

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_FORMULAS_DATA_H_
