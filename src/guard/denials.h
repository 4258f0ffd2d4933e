// Finds where a text denies what follows.
#ifndef SEMCACHED_GUARD_DENIALS_H_
#define SEMCACHED_GUARD_DENIALS_H_

#include <absl/container/inlined_vector.h>

#include <cstddef>
#include <string_view>

#include "guard/text.h"

namespace semcached::guard {

struct Denial {
  std::string_view word;  // "not", "hardly", "fails" to, "stop" it from starting
  size_t token = 0;
  size_t end = 0;  // of the tokens that deny: what is denied stands behind
};
using Denials = absl::InlinedVector<Denial, 4>;

// In the order of the text. What only looks like one ("not only", "isn't it?") is none.
Denials ReadDenials(const Text& text);

// "stop it from starting", where others deny at once.
bool Stops(const Denial& denial);

// "eating"
bool IsDoing(std::string_view word);

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_DENIALS_H_
