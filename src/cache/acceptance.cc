#include "cache/acceptance.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <utility>

namespace semcached {
namespace {

// Once a candidate is refused, nothing makes it pass again; the first reason is told.
void Refuse(MissReason reason, const char* counted_as, std::string verdict,
            Acceptance* acceptance) {
  if (acceptance->refusal != MissReason::kNone) return;
  acceptance->refusal = reason;
  acceptance->counted_as = counted_as;
  acceptance->verdict = std::move(verdict);
}

void AskGuards(const QueryPair& pair, const CategoryPolicy& policy, bool every_guard,
               Acceptance* acceptance) {
  if (policy.guards.empty()) return;
  if (pair.query == nullptr || !pair.cached_query.has_value()) {
    if (policy.guards_without_text) return;
    Refuse(MissReason::kGuard, "guard", "the guards cannot run: a text is missing", acceptance);
    return;
  }
  const GuardText cached(*pair.cached_query);
  if (every_guard) {
    acceptance->guards = CheckEachGuard(policy.guards, *pair.query, cached);
  } else if (auto refusal = CheckGuards(policy.guards, *pair.query, cached)) {
    acceptance->guards.push_back(*std::move(refusal));
  }
  if (acceptance->guards.empty()) return;
  const GuardRefusal& first = acceptance->guards.front();
  Refuse(MissReason::kGuard, "guard", absl::StrCat(Name(first.guard), ": ", first.reason),
         acceptance);
}

}  // namespace

Acceptance Accept(const QueryPair& pair, float threshold, const CategoryPolicy& policy,
                  bool every_guard) {
  Acceptance acceptance;
  if (pair.blocked) {
    Refuse(MissReason::kFeedback, "feedback", "was reported as wrong for this query", &acceptance);
  }
  if (!(pair.similarity >= threshold)) {
    Refuse(MissReason::kBelowThreshold, "threshold",
           absl::StrFormat("below the threshold %.3f", threshold), &acceptance);
  }
  if (acceptance.refusal == MissReason::kNone || every_guard) {
    AskGuards(pair, policy, every_guard, &acceptance);
  }
  return acceptance;
}

}  // namespace semcached
