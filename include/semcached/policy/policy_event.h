// What changed in the policies, when and why.
#ifndef SEMCACHED_POLICY_POLICY_EVENT_H_
#define SEMCACHED_POLICY_POLICY_EVENT_H_

#include <absl/time/time.h>

#include <optional>
#include <string>

#include "semcached/base/types.h"
#include "semcached/cache/policy_source.h"
#include "semcached/policy/loosening.h"

namespace semcached {

// Of a change by load: what one category came to for one model, before and after. With `shadow` the
// values are what `enforce` would have given; nothing was applied. Of a reload: the configured
// values of one category (a threshold of 1 and a ttl of 0 stand for none), and no model. Of a
// freeze: neither category nor model. Of a load that an operator sets: the model and no category.
struct PolicyEvent {
  absl::Time time;
  std::string model;
  std::string category;
  EffectivePolicy before;
  EffectivePolicy after;
  AdaptationMode mode = AdaptationMode::kOff;
  bool shadow = false;
  std::string reason;  // in words, e.g. "utilization 0.93 (reported)"
  // Of a change by load, where the category has a budget and something was seen: what `after` is
  // expected to bring against the threshold at rest.
  std::optional<Loosening> expected;
};

}  // namespace semcached

#endif  // SEMCACHED_POLICY_POLICY_EVENT_H_
