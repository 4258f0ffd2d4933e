// Lookups as they are kept to be judged again under other policies.
#ifndef SEMCACHED_CACHE_RECORDED_LOOKUP_H_
#define SEMCACHED_CACHE_RECORDED_LOOKUP_H_

#include <absl/time/time.h>

#include <string>
#include <vector>

#include "semcached/base/types.h"
#include "semcached/cache/semantic_cache.h"

namespace semcached {

// One entry of the lookup's scope, near or not.
struct RecordedCandidate {
  float similarity = 0;
  absl::Duration age;
  absl::Duration caller_ttl = absl::InfiniteDuration();
  bool blocked = false;             // by feedback
  bool without_text = false;        // no guard can run
  std::vector<GuardKind> refusing;  // of all guards there are, whatever the policy asked for
  std::string query;                // empty unless texts are recorded
};

// Figures that are enough to say what another threshold, TTL or choice of guards would have come
// to. No response, and no text unless the configuration says so.
struct RecordedLookup {
  absl::Time time;
  std::string category;
  std::string model;
  std::string embedding_identity;
  Outcome outcome = Outcome::kMiss;
  float similarity_threshold = 1;  // in force then, for this request
  float min_similarity = 0;        // the caller's own
  absl::Duration max_age = absl::InfiniteDuration();
  std::string query;                          // empty unless texts are recorded
  std::vector<RecordedCandidate> candidates;  // nearest first
};

}  // namespace semcached

#endif  // SEMCACHED_CACHE_RECORDED_LOOKUP_H_
