// What the cache of the requests' fuzz target lives in: its policies, and ids that repeat.
#ifndef SEMCACHED_TESTS_FUZZ_REQUESTS_WORLD_H_
#define SEMCACHED_TESTS_FUZZ_REQUESTS_WORLD_H_

#include <absl/time/time.h>

#include <cstdint>
#include <iterator>
#include <memory>
#include <utility>

#include "fuzz/steps.h"
#include "semcached/base/random.h"
#include "semcached/cache/policy_source.h"

namespace semcached {

class CountingRandom final : public Random {
 public:
  uint64_t Next() override { return ++last_; }

 private:
  uint64_t last_ = 0;
};

class FixedPolicies final : public PolicySource {
 public:
  explicit FixedPolicies(uint8_t switches) {
    CategoryPolicy code;
    code.category = "code";
    code.similarity_threshold = 0.8F;
    code.ttl = absl::Hours(1);
    code.guards.assign(std::begin(kAllGuards), std::end(kAllGuards));
    if ((switches & kAuditSwitch) != 0) {
      code.audit_rate = 0.5;
      code.false_hit_budget = 0.05;
    }
    CategoryPolicy chat;
    chat.category = "chat";
    chat.similarity_threshold = 0.4F;
    chat.ttl_mode = TtlMode::kSliding;
    chat.max_lifetime = absl::Hours(72);
    chat.stale_while_revalidate = absl::Hours(1);
    chat.store_query = false;
    chat.guards = {GuardKind::kNumbers, GuardKind::kEntities};
    chat.quota.max_entries = 3;
    chat.quota.max_namespace_share = (switches & kOneOrderSwitch) != 0 ? 1 : 0.7;
    chat.eviction = EvictionKind::kS3Fifo;
    CategoryPolicy secret;
    secret.category = "private";
    secret.allow_caching = false;
    Policies policies;
    for (const CategoryPolicy& policy : {code, chat, secret}) {
      CategoryInForce& in_force = policies.categories[policy.category];
      in_force.configured = policy;
      in_force.calm = {policy.similarity_threshold, policy.ttl, 0};
    }
    policies.default_category = "code";
    current_ = std::make_shared<const Policies>(std::move(policies));
  }
  PoliciesPtr Current() const override { return current_; }

 private:
  PoliciesPtr current_;
};

}  // namespace semcached

#endif  // SEMCACHED_TESTS_FUZZ_REQUESTS_WORLD_H_
