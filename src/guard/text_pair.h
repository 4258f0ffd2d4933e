// Two texts that are compared.
#ifndef SEMCACHED_GUARD_TEXT_PAIR_H_
#define SEMCACHED_GUARD_TEXT_PAIR_H_

#include <optional>

#include "guard/counterparts.h"
#include "guard/prepared.h"

namespace semcached::guard {

// Of one thread; both texts outlive it.
struct TextPair {
  const Prepared& a;
  const Prepared& b;

  // Found once, when the first guard asks.
  const Counterparts& counterparts() const {
    if (!counterparts_.has_value()) counterparts_ = FindCounterparts(a, b);
    return *counterparts_;
  }

  mutable std::optional<Counterparts> counterparts_ = std::nullopt;
};

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_TEXT_PAIR_H_
