// What a question asks for.
#ifndef SEMCACHED_GUARD_FOCUS_H_
#define SEMCACHED_GUARD_FOCUS_H_

#include <cstdint>

#include "guard/text.h"

namespace semcached::guard {

enum class Focus : uint8_t {
  kUnknown,
  kWho,
  kWhen,
  kWhere,
  kWhy,
  kHow,  // in which way
  kHowMany,
  kHowMuch,
  kCost,
  kHowLong,
  kHowManySpans,  // how many days, which is how long
  kHowOften,
  kHowFar,
  kHowOld,
  kSize,     // how tall, big, heavy, deep
  kDegree,   // how painful, funny
  kWhether,  // yes or no
  kWhat,     // a thing: "which team", "what does it do"
};

// A set of them, one bit each.
using Foci = uint32_t;
constexpr Foci Bit(Focus focus) { return Foci{1} << static_cast<uint32_t>(focus); }

// What the sentences of a text ask for, as far as it can be told; a request ("sort a list") asks
// for nothing.
Foci ReadFoci(const Text& text);

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_FOCUS_H_
