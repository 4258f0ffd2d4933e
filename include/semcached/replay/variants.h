// The same policies with more or less of their adaptation.
#ifndef SEMCACHED_REPLAY_VARIANTS_H_
#define SEMCACHED_REPLAY_VARIANTS_H_

#include <string>
#include <vector>

#include "semcached/config/category_policy.h"

namespace semcached {

enum class VariantKind {
  kNoCache,     // every arrival goes to the model
  kOff,         // the policies at rest; what load would do is computed and not applied
  kThreshold,   // load moves thresholds only
  kTtl,         // load moves TTLs only
  kStale,       // under load stale answers are served without a refresh, and nothing else
  kAll,         // as configured
  kEverywhere,  // what is configured as shadow is enforced too
  kStatic,      // off, and thresholds lower by a fixed share of what load may take
};
// Short and stable, as tables write it.
const char* Name(VariantKind kind);

// The policies of a variant, of those that are configured. `drop` is for kStatic: the share of
// max_threshold_drop by which the thresholds of enforced categories are lowered, 0 or more; no
// lower than to 0.01.
//
// In all of them documents are kept in memory and indexes are flat: neither changes what is found,
// and a replay has no power to lose. Examples, which only a classifier reads, are left out.
CategoryPolicySetPtr PoliciesOf(VariantKind kind, const CategoryPolicySet& configured,
                                double drop = 0);

}  // namespace semcached

#endif  // SEMCACHED_REPLAY_VARIANTS_H_
