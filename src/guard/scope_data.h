// Words that say how many of a thing are meant; English only.
#ifndef SEMCACHED_GUARD_SCOPE_DATA_H_
#define SEMCACHED_GUARD_SCOPE_DATA_H_

#include <cstdint>
#include <string_view>

namespace semcached::guard {

enum class Scope : uint8_t {
  kNone,
  kAll,
  kMost,
  kSome,
  kOne,
  kTwo,
  kThree,
  kThis,
  kOnly,
  kEven,
  kAtLeast,
  kAtMost,
  kExactly,
};

struct ScopeWord {
  std::string_view word;
  Scope scope;
};

// Before the word that they count, sorted.
inline constexpr ScopeWord kScopeWords[] = {
    {"above", Scope::kAtLeast},  {"all", Scope::kAll},       {"below", Scope::kAtMost},
    {"beyond", Scope::kAtLeast}, {"both", Scope::kAll},      {"each", Scope::kAll},
    {"even", Scope::kEven},      {"every", Scope::kAll},     {"exactly", Scope::kExactly},
    {"few", Scope::kSome},       {"least", Scope::kAtLeast}, {"many", Scope::kSome},
    {"most", Scope::kMost},      {"one", Scope::kOne},       {"only", Scope::kOnly},
    {"over", Scope::kAtLeast},   {"several", Scope::kSome},  {"single", Scope::kOne},
    {"some", Scope::kSome},      {"than", Scope::kNone},     {"this", Scope::kThis},
    {"three", Scope::kThree},    {"to", Scope::kNone},       {"two", Scope::kTwo},
    {"under", Scope::kAtMost},
};

// Of whom or what a question may be in particular, and then has another answer.
enum class Group : uint8_t { kNone, kChildren, kElderly, kPregnant, kPets };

struct GroupWord {
  std::string_view word;
  Group group;
};

// Sorted.
inline constexpr GroupWord kGroupWords[] = {
    {"babies", Group::kChildren},
    {"baby", Group::kChildren},
    {"boy", Group::kChildren},
    {"breastfeeding", Group::kPregnant},
    {"cat", Group::kPets},
    {"cats", Group::kPets},
    {"child", Group::kChildren},
    {"children", Group::kChildren},
    {"daughter", Group::kChildren},
    {"daughters", Group::kChildren},
    {"dog", Group::kPets},
    {"doggy", Group::kPets},
    {"dogs", Group::kPets},
    {"elderly", Group::kElderly},
    {"expecting", Group::kPregnant},
    {"infant", Group::kChildren},
    {"infants", Group::kChildren},
    {"kid", Group::kChildren},
    {"kids", Group::kChildren},
    {"kitten", Group::kPets},
    {"kittens", Group::kPets},
    {"minor", Group::kChildren},
    {"minors", Group::kChildren},
    {"newborn", Group::kChildren},
    {"newborns", Group::kChildren},
    {"older adult", Group::kElderly},
    {"older adults", Group::kElderly},
    {"older people", Group::kElderly},
    {"paediatric", Group::kChildren},
    {"pediatric", Group::kChildren},
    {"pet", Group::kPets},
    {"pets", Group::kPets},
    {"pregnancy", Group::kPregnant},
    {"pregnant", Group::kPregnant},
    {"pup", Group::kPets},
    {"puppies", Group::kPets},
    {"puppy", Group::kPets},
    {"pups", Group::kPets},
    {"seniors", Group::kElderly},
    {"son", Group::kChildren},
    {"sons", Group::kChildren},
    {"teen", Group::kChildren},
    {"teenager", Group::kChildren},
    {"teenagers", Group::kChildren},
    {"teens", Group::kChildren},
    {"toddler", Group::kChildren},
    {"toddlers", Group::kChildren},
};

// Behind such a word it is another thing: "child process".
inline constexpr std::string_view kGroupThings[] = {
    "class",  "classes", "component", "components", "element", "elements", "filler",
    "node",   "nodes",   "process",   "processes",  "row",     "rows",     "selector",
    "shower", "table",   "tables",    "theme",      "theory",  "window",
};

// Before such a word, a few words back, it is a condition.
inline constexpr std::string_view kGroupLeads[] = {"during", "for",  "if",   "in",
                                                   "my",     "when", "while"};

// What "only" is less than, sorted.
inline constexpr std::string_view kWholes[] = {"all",      "each",       "entire", "every",
                                               "everyone", "everything", "whole"};

// A text without one means more than a text with one, sorted.
inline constexpr std::string_view kLimits[] = {"almost", "exclusively", "nearly", "only"};

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_SCOPE_DATA_H_
