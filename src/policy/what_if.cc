#include "semcached/policy/what_if.h"

#include <algorithm>
#include <functional>
#include <map>

namespace semcached {
namespace {

bool GuardsPass(const RecordedCandidate& candidate, const CategoryPolicy& policy) {
  if (policy.guards.empty()) return true;
  if (candidate.without_text) return policy.guards_without_text;
  return std::none_of(policy.guards.begin(), policy.guards.end(), [&](GuardKind guard) {
    return std::find(candidate.refusing.begin(), candidate.refusing.end(), guard) !=
           candidate.refusing.end();
  });
}

const RecordedCandidate* ServedBy(const RecordedLookup& lookup, const CategoryPolicySet& policies) {
  const CategoryPolicy* policy = policies.Find(lookup.category);
  return policy == nullptr ? nullptr : WouldServe(lookup, *policy);
}

void Count(const RecordedLookup& lookup, const RecordedCandidate* served,
           const FalseHitShare& false_hit_share, WhatIfSide* side) {
  if (served == nullptr) return;
  ++side->hits;
  const std::optional<double> wrong =
      false_hit_share(lookup.category, lookup.embedding_identity, served->similarity);
  // One hit of which nothing is known makes the sum unknown, for good.
  if (!wrong.has_value()) side->false_hits.reset();
  if (side->false_hits.has_value()) *side->false_hits += *wrong;
}

}  // namespace

const RecordedCandidate* WouldServe(const RecordedLookup& lookup, const CategoryPolicy& policy) {
  if (!policy.allow_caching) return nullptr;
  const float threshold = std::max(policy.similarity_threshold, lookup.min_similarity);
  for (const RecordedCandidate& candidate : lookup.candidates) {
    const absl::Duration ttl = std::min({policy.ttl, candidate.caller_ttl, lookup.max_age});
    if (candidate.similarity >= threshold && candidate.age < ttl && !candidate.blocked &&
        GuardsPass(candidate, policy)) {
      return &candidate;
    }
  }
  return nullptr;
}

std::vector<WhatIfRow> WhatIf(const std::vector<RecordedLookup>& lookups,
                              const CategoryPolicySet& before, const CategoryPolicySet& after,
                              const FalseHitShare& false_hit_share) {
  std::map<std::string, WhatIfRow, std::less<>> rows;
  WhatIfRow all;
  all.before.false_hits = all.after.false_hits = 0;
  for (const RecordedLookup& lookup : lookups) {
    const auto [place, added] = rows.try_emplace(lookup.category);
    if (added) {
      place->second.category = lookup.category;
      place->second.before.false_hits = place->second.after.false_hits = 0;
    }
    const RecordedCandidate* then = ServedBy(lookup, before);
    const RecordedCandidate* now = ServedBy(lookup, after);
    for (WhatIfRow* row : {&place->second, &all}) {
      ++row->lookups;
      Count(lookup, then, false_hit_share, &row->before);
      Count(lookup, now, false_hit_share, &row->after);
      row->gained += then == nullptr && now != nullptr ? 1 : 0;
      row->lost += then != nullptr && now == nullptr ? 1 : 0;
    }
  }
  std::vector<WhatIfRow> result;
  for (auto& [name, row] : rows) result.push_back(std::move(row));
  result.push_back(std::move(all));
  return result;
}

}  // namespace semcached
