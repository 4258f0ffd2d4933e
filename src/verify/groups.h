// Pairs that share a text, directly or by others, must not be parted: what was learned of one would
// be known of the other.
#ifndef SEMCACHED_SRC_VERIFY_GROUPS_H_
#define SEMCACHED_SRC_VERIFY_GROUPS_H_

#include <absl/types/span.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "semcached/verify/train.h"

namespace semcached::verify {

struct Groups {
  std::vector<uint32_t> of;  // the group of each pair
  size_t count = 0;
};

Groups GroupByTexts(absl::Span<const VerifyPair> pairs);

struct Split {
  std::vector<size_t> kept;
  std::vector<size_t> held_out;
};

// Holds out about `share` of `items` (which are indices of pairs), by whole groups drawn with
// `seed`. A group larger than a tenth of what is held out is kept, so that no single one is most of
// the evidence. Both sides are in the order of `items`.
Split SplitByGroups(absl::Span<const size_t> items, const Groups& groups, double share,
                    uint64_t seed);

}  // namespace semcached::verify

#endif  // SEMCACHED_SRC_VERIFY_GROUPS_H_
