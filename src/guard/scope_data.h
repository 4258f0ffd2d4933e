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

// A text without one means more than a text with one, sorted.
inline constexpr std::string_view kLimits[] = {"almost", "exclusively", "nearly", "only"};

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_SCOPE_DATA_H_
