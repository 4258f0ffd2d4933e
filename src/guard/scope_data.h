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
    {"all", Scope::kAll},      {"both", Scope::kAll},      {"each", Scope::kAll},
    {"even", Scope::kEven},    {"every", Scope::kAll},     {"exactly", Scope::kExactly},
    {"few", Scope::kSome},     {"least", Scope::kAtLeast}, {"many", Scope::kSome},
    {"most", Scope::kMost},    {"one", Scope::kOne},       {"only", Scope::kOnly},
    {"over", Scope::kAtLeast}, {"several", Scope::kSome},  {"single", Scope::kOne},
    {"some", Scope::kSome},    {"than", Scope::kNone},     {"this", Scope::kThis},
    {"three", Scope::kThree},  {"to", Scope::kNone},       {"two", Scope::kTwo},
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
    {"breastfeeding", Group::kPregnant},
    {"cat", Group::kPets},
    {"cats", Group::kPets},
    {"child", Group::kChildren},
    {"children", Group::kChildren},
    {"dog", Group::kPets},
    {"dogs", Group::kPets},
    {"elderly", Group::kElderly},
    {"infant", Group::kChildren},
    {"infants", Group::kChildren},
    {"kid", Group::kChildren},
    {"kids", Group::kChildren},
    {"kitten", Group::kPets},
    {"kittens", Group::kPets},
    {"newborn", Group::kChildren},
    {"newborns", Group::kChildren},
    {"paediatric", Group::kChildren},
    {"pediatric", Group::kChildren},
    {"pregnancy", Group::kPregnant},
    {"pregnant", Group::kPregnant},
    {"puppies", Group::kPets},
    {"puppy", Group::kPets},
    {"seniors", Group::kElderly},
    {"toddler", Group::kChildren},
    {"toddlers", Group::kChildren},
};

// Before such a word, a few words back, it is a condition.
inline constexpr std::string_view kGroupLeads[] = {"during", "for",  "if",   "in",
                                                   "my",     "when", "while"};

// What is held by one after another, or changes from day to day: "is" asks for another than "was".
inline constexpr std::string_view kChanging[] = {
    "capital",   "captain",    "ceo",       "chairman", "chairperson",    "champion",
    "champions", "chancellor", "chief",     "coach",    "director",       "emperor",
    "forecast",  "governor",   "head",      "holder",   "king",           "leader",
    "manager",   "mayor",      "minister",  "mp",       "owner",          "pm",
    "pope",      "population", "president", "price",    "prime minister", "queen",
    "rate",      "secretary",  "senator",   "speaker",  "sultan",         "temperature",
    "value",     "weather",
};

// A text without one means more than a text with one, sorted.
inline constexpr std::string_view kLimits[] = {"almost", "exclusively", "nearly", "only"};

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_SCOPE_DATA_H_
