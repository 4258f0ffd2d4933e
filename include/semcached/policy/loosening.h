// What a lower threshold would bring, before it is in force. Pure.
#ifndef SEMCACHED_POLICY_LOOSENING_H_
#define SEMCACHED_POLICY_LOOSENING_H_

#include <optional>

#include "semcached/policy/evidence.h"

namespace semcached {

struct Loosening {
  double extra_hits = 0;        // semantic hits more, as a share of today's
  double extra_false_hits = 0;  // of those, false ones, as a share of today's hits too
};

// From the candidates that were seen between `to` and `from` (`to` <= `from`), and the chance that
// each is wrong. None: nothing was seen served at `from` or above, so there is nothing to compare
// with.
std::optional<Loosening> ExpectLoosening(const CategoryEvidence& evidence, double from, double to);

}  // namespace semcached

#endif  // SEMCACHED_POLICY_LOOSENING_H_
