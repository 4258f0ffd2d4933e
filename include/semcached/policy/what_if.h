// What recorded lookups would have come to under other policies. Pure.
#ifndef SEMCACHED_POLICY_WHAT_IF_H_
#define SEMCACHED_POLICY_WHAT_IF_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "semcached/cache/recorded_lookup.h"
#include "semcached/config/category_policy.h"
#include "semcached/policy/evidence.h"

namespace semcached {

struct WhatIfSide {
  int64_t hits = 0;
  std::optional<double> false_hits;  // expected; absent where evidence is missing for any hit
};

struct WhatIfRow {
  std::string category;  // empty: all together
  int64_t lookups = 0;
  WhatIfSide before;
  WhatIfSide after;
  int64_t gained = 0;  // hits of `after` alone
  int64_t lost = 0;    // hits of `before` alone
};

// The share of hits of this similarity that were wrong, [0,1]; absent where too few were judged.
using FalseHitShare = std::function<std::optional<double>(
    std::string_view category, std::string_view identity, float similarity)>;

// The shares that the book gives now. Each category's curve is fitted once, when it is first asked
// for, and not again: make one for each question. `book` outlives it, null: nothing is known. Not
// thread-safe.
FalseHitShare FalseHitShareFrom(const EvidenceBook* book);

// The nearest candidate of `lookup` that `policy` would serve, without load; nullptr: none.
const RecordedCandidate* WouldServe(const RecordedLookup& lookup, const CategoryPolicy& policy);

// By category, then all together. Both sides are computed alike, from the policies as they are
// written, so a difference is one of policies. Lookups keep their categories; one whose category a
// side does not have misses there. Hits of the exact path are not recorded: no threshold moves
// them.
std::vector<WhatIfRow> WhatIf(const std::vector<RecordedLookup>& lookups,
                              const CategoryPolicySet& before, const CategoryPolicySet& after,
                              const FalseHitShare& false_hit_share);

}  // namespace semcached

#endif  // SEMCACHED_POLICY_WHAT_IF_H_
