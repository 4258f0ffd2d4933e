// Number words, a sorted table; those of other languages stand in languages.h.
#ifndef SEMCACHED_GUARD_NUMBER_WORDS_DATA_H_
#define SEMCACHED_GUARD_NUMBER_WORDS_DATA_H_

#include <string_view>

namespace semcached::guard {

enum class NumberWordKind {
  kUnit,   // 0 to 19
  kTen,    // 20 to 90
  kScale,  // multiplies what stands before it
};

struct NumberWord {
  std::string_view word;
  NumberWordKind kind;
  double value;
  bool ordinal = false;
};

inline constexpr NumberWord kEnglishNumberWords[] = {
    {"billion", NumberWordKind::kScale, 1e9},
    {"billionth", NumberWordKind::kScale, 1e9, true},
    {"crore", NumberWordKind::kScale, 1e7},
    {"crores", NumberWordKind::kScale, 1e7},
    {"dozen", NumberWordKind::kScale, 12},
    {"eight", NumberWordKind::kUnit, 8},
    {"eighteen", NumberWordKind::kUnit, 18},
    {"eighteenth", NumberWordKind::kUnit, 18, true},
    {"eighth", NumberWordKind::kUnit, 8, true},
    {"eightieth", NumberWordKind::kTen, 80, true},
    {"eighty", NumberWordKind::kTen, 80},
    {"eleven", NumberWordKind::kUnit, 11},
    {"eleventh", NumberWordKind::kUnit, 11, true},
    {"fifteen", NumberWordKind::kUnit, 15},
    {"fifteenth", NumberWordKind::kUnit, 15, true},
    {"fifth", NumberWordKind::kUnit, 5, true},
    {"fiftieth", NumberWordKind::kTen, 50, true},
    {"fifty", NumberWordKind::kTen, 50},
    {"first", NumberWordKind::kUnit, 1, true},
    {"five", NumberWordKind::kUnit, 5},
    {"fortieth", NumberWordKind::kTen, 40, true},
    {"forty", NumberWordKind::kTen, 40},
    {"four", NumberWordKind::kUnit, 4},
    {"fourteen", NumberWordKind::kUnit, 14},
    {"fourteenth", NumberWordKind::kUnit, 14, true},
    {"fourth", NumberWordKind::kUnit, 4, true},
    {"hundred", NumberWordKind::kScale, 100},
    {"hundredth", NumberWordKind::kScale, 100, true},
    {"lakh", NumberWordKind::kScale, 1e5},
    {"lakhs", NumberWordKind::kScale, 1e5},
    {"million", NumberWordKind::kScale, 1e6},
    {"millionth", NumberWordKind::kScale, 1e6, true},
    {"nine", NumberWordKind::kUnit, 9},
    {"nineteen", NumberWordKind::kUnit, 19},
    {"nineteenth", NumberWordKind::kUnit, 19, true},
    {"ninetieth", NumberWordKind::kTen, 90, true},
    {"ninety", NumberWordKind::kTen, 90},
    {"ninth", NumberWordKind::kUnit, 9, true},
    {"one", NumberWordKind::kUnit, 1},
    {"second", NumberWordKind::kUnit, 2, true},
    {"seven", NumberWordKind::kUnit, 7},
    {"seventeen", NumberWordKind::kUnit, 17},
    {"seventeenth", NumberWordKind::kUnit, 17, true},
    {"seventh", NumberWordKind::kUnit, 7, true},
    {"seventieth", NumberWordKind::kTen, 70, true},
    {"seventy", NumberWordKind::kTen, 70},
    {"six", NumberWordKind::kUnit, 6},
    {"sixteen", NumberWordKind::kUnit, 16},
    {"sixteenth", NumberWordKind::kUnit, 16, true},
    {"sixth", NumberWordKind::kUnit, 6, true},
    {"sixtieth", NumberWordKind::kTen, 60, true},
    {"sixty", NumberWordKind::kTen, 60},
    {"ten", NumberWordKind::kUnit, 10},
    {"tenth", NumberWordKind::kUnit, 10, true},
    {"third", NumberWordKind::kUnit, 3, true},
    {"thirteen", NumberWordKind::kUnit, 13},
    {"thirteenth", NumberWordKind::kUnit, 13, true},
    {"thirtieth", NumberWordKind::kTen, 30, true},
    {"thirty", NumberWordKind::kTen, 30},
    {"thousand", NumberWordKind::kScale, 1e3},
    {"thousandth", NumberWordKind::kScale, 1e3, true},
    {"three", NumberWordKind::kUnit, 3},
    {"trillion", NumberWordKind::kScale, 1e12},
    {"trillionth", NumberWordKind::kScale, 1e12, true},
    {"twelfth", NumberWordKind::kUnit, 12, true},
    {"twelve", NumberWordKind::kUnit, 12},
    {"twentieth", NumberWordKind::kTen, 20, true},
    {"twenty", NumberWordKind::kTen, 20},
    {"two", NumberWordKind::kUnit, 2},
    {"zero", NumberWordKind::kUnit, 0},
};

// "World War II" is "World War 2"; what is also an English word or abbreviation stays out.
struct RomanNumeral {
  std::string_view word;
  double value;
};
inline constexpr RomanNumeral kRomanNumerals[] = {
    {"ii", 2},  {"iii", 3},  {"iv", 4},  {"ix", 9},   {"vi", 6},
    {"vii", 7}, {"viii", 8}, {"xi", 11}, {"xii", 12}, {"xiii", 13},
};

// Before a capital "I" that is a one: "a type I error". Sorted.
inline constexpr std::string_view kNumberedWords[] = {
    "act",        "appendix", "category", "chapter", "class", "division", "factor",
    "generation", "grade",    "group",    "lemma",   "level", "part",     "phase",
    "regulation", "rome",     "schedule", "section", "stage", "theorem",  "tier",
    "title",      "type",     "volume",   "war",
};

// Numbers that hide in other words; they may as well be missing.
struct Multiple {
  std::string_view word;
  double value;
  bool is_power = false;  // an exponent, which counts
};
inline constexpr Multiple kEnglishMultiples[] = {
    {"half", 0.5},  {"halves", 0.5}, {"quarter", 0.25},    {"quarters", 0.25}, {"twice", 2},
    {"double", 2},  {"doubles", 2},  {"doubled", 2},       {"thrice", 3},      {"triple", 3},
    {"triples", 3}, {"tripled", 3},  {"squared", 2, true}, {"cubed", 3, true},
};

// Before these a number says how long a list is to be: "10 best movies".
inline constexpr std::string_view kListWords[] = {
    "best",    "biggest", "examples", "facts", "famous",    "favorite",    "favourite",
    "good",    "great",   "greatest", "ideas", "important", "interesting", "most",
    "reasons", "steps",   "things",   "tips",  "tricks",    "ways",        "worst",
};

// Words with a digit within that says no number, sorted.
inline constexpr std::string_view kNumeronyms[] = {
    "a11y", "b2b", "b2c", "e2e", "h2o", "i18n", "k8s", "l10n", "n8n", "p2p", "y2k",
};

// Words in -est that rank nothing, sorted.
inline constexpr std::string_view kNoSuperlatives[] = {
    "armrest",  "arrest",    "attest",  "backrest",  "behest",  "bequest",  "budapest",
    "conquest", "contest",   "digest",  "divest",    "earnest", "everest",  "forest",
    "harvest",  "honest",    "infest",  "ingest",    "inquest", "interest", "invest",
    "manifest", "midwest",   "modest",  "northwest", "priest",  "protest",  "request",
    "retest",   "southwest", "suggest", "tempest",   "unrest",
};

// After these a number names a version: 3.10 is not 3.1.
inline constexpr std::string_view kVersionedWords[] = {
    "android",    "angular", "clang",      "cmake",   "cuda",       "debian",  "django",
    "fedora",     "gcc",     "go",         "golang",  "http",       "ios",     "java",
    "kernel",     "kotlin",  "kubernetes", "laravel", "linux",      "macos",   "mysql",
    "node",       "numpy",   "openssl",    "pandas",  "perl",       "php",     "postgres",
    "postgresql", "python",  "pytorch",    "rails",   "react",      "release", "ruby",
    "rust",       "spark",   "ssl",        "swift",   "tensorflow", "tls",     "typescript",
    "ubuntu",     "v",       "ver",        "version", "vue",        "windows",
};

// Sorted. Of two numbers, in either order.
inline constexpr std::string_view kSymmetric[] = {

    "gcd",
    "gcf",
    "greatest common divisor",
    "greatest common factor",
    "hcf",
    "highest common factor",
    "lcm",
    "least common multiple",
    "lowest common multiple",
    "product",
    "sum",
};

// Sorted. Behind "once", "twice" or "four times" it says how often.
inline constexpr std::string_view kBehindTimes[] = {
    "a", "an", "daily", "each", "every", "monthly", "per", "weekly", "yearly",
};

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_NUMBER_WORDS_DATA_H_
