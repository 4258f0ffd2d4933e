// What changes with time; English only.
#ifndef SEMCACHED_GUARD_TENSE_DATA_H_
#define SEMCACHED_GUARD_TENSE_DATA_H_

#include <string_view>

namespace semcached::guard {

// What is held by one after another, or changes from day to day: "is" asks for another than "was".
inline constexpr std::string_view kChanging[] = {
    "ceo",       "chairman", "chairperson",    "champion", "champions", "chancellor",
    "coach",     "forecast", "governor",       "leader",   "manager",   "mayor",
    "minister",  "mp",       "owner",          "pm",       "pope",      "population",
    "president", "price",    "prime minister", "rate",     "secretary", "senator",
    "speaker",   "sultan",   "temperature",    "weather",
};

// Behind "this", and "today" for a day.
inline constexpr std::string_view kSpans[] = {"month", "quarter", "week", "weekend", "year"};

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_TENSE_DATA_H_
