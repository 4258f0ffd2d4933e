#include "semcached/policy/what_if.h"

#include <algorithm>
#include <functional>
#include <map>
#include <utility>

#include "semcached/policy/calibration.h"

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

// One more hit; `wrong` is the chance that it is false.
void Count(const std::optional<double>& wrong, WhatIfSide* side) {
  ++side->hits;
  // One hit of which nothing is known makes the sum unknown, for good.
  if (!wrong.has_value()) side->false_hits.reset();
  if (side->false_hits.has_value()) *side->false_hits += *wrong;
}

}  // namespace

FalseHitShare FalseHitShareFrom(const EvidenceBook* book) {
  if (book == nullptr) return [](auto...) { return std::nullopt; };
  using Key = std::pair<std::string, std::string>;  // category, identity
  return [book, curves = std::map<Key, std::optional<WrongCurve>>()](
             std::string_view category, std::string_view identity,
             float similarity) mutable -> std::optional<double> {
    const auto [place, added] = curves.try_emplace(Key(category, identity));
    if (added) {
      const CategoryEvidence evidence = book->Of(category, identity);
      if (evidence.Verdicts() >= kEnoughVerdicts) place->second = EstimateWrong(evidence);
    }
    const std::optional<size_t> bin = CategoryEvidence::BinOf(similarity);
    if (!place->second.has_value() || !bin.has_value()) return std::nullopt;
    return place->second->points[*bin].wrong;
  };
}

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
    const auto wrong = [&](const RecordedCandidate* served) {
      return served == nullptr
                 ? std::nullopt
                 : false_hit_share(lookup.category, lookup.embedding_identity, served->similarity);
    };
    const std::optional<double> wrong_then = wrong(then);
    const std::optional<double> wrong_now = wrong(now);
    for (WhatIfRow* row : {&place->second, &all}) {
      ++row->lookups;
      if (then != nullptr) Count(wrong_then, &row->before);
      if (now != nullptr) Count(wrong_now, &row->after);
      row->gained += then == nullptr && now != nullptr ? 1 : 0;
      row->lost += then != nullptr && now == nullptr ? 1 : 0;
    }
  }
  std::vector<WhatIfRow> result;
  result.reserve(rows.size() + 1);
  for (auto& [name, row] : rows) result.push_back(std::move(row));
  result.push_back(std::move(all));
  return result;
}

}  // namespace semcached
