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
  if (pair.query == nullptr || !pair.cached.any()) {
    if (policy.guards_without_text) return;
    Refuse(MissReason::kGuard, "guard", "the guards cannot run: a text is missing", acceptance);
    return;
  }
  acceptance->guards = pair.query->Ask(policy.guards, every_guard, pair.cached);
  if (acceptance->guards.empty()) return;
  const GuardRefusal& first = acceptance->guards.front();
  Refuse(MissReason::kGuard, "guard", absl::StrCat(Name(first.guard), ": ", first.reason),
         acceptance);
}

}  // namespace

Acceptance Accept(const QueryPair& pair, const Nearness& nearness, const CategoryPolicy& policy,
                  const AskVerifier* verifier) {
  Acceptance acceptance;
  if (pair.blocked) {
    Refuse(MissReason::kFeedback, "feedback", "was reported as wrong for this query", &acceptance);
  }
  const auto refuse_distance = [&] {
    Refuse(MissReason::kBelowThreshold, "threshold",
           absl::StrFormat("below the threshold %.3f", nearness.threshold), &acceptance);
  };
  const bool near = pair.similarity >= nearness.threshold;
  if (nearness.threshold >= 1) {
    // Other texts may have the very same vector: case and accents are lost to many models.
    Refuse(MissReason::kBelowThreshold, "threshold", "a threshold of 1 takes exact hits only",
           &acceptance);
  } else if (!(pair.similarity >= (verifier == nullptr ? nearness.threshold : nearness.least))) {
    refuse_distance();
  }
  if (acceptance.refusal == MissReason::kNone || nearness.every_guard) {
    AskGuards(pair, policy, nearness.every_guard, &acceptance);
  }
  if (verifier == nullptr || acceptance.refusal != MissReason::kNone) return acceptance;
  acceptance.verified = (*verifier)(pair.similarity);
  if (policy.verifier.mode != VerifierMode::kEnforce) {
    if (!near) refuse_distance();
    return acceptance;
  }
  if (acceptance.verified->accept) return acceptance;
  Refuse(near ? MissReason::kVerifier : MissReason::kBelowThreshold,
         near ? "verifier" : "threshold",
         absl::StrFormat("the verifier gives %.3f, needed at this threshold is %.3f",
                         acceptance.verified->score, acceptance.verified->cut),
         &acceptance);
  return acceptance;
}

}  // namespace semcached
