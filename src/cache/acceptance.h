// Whether a sound document may answer a query. Pure.
#ifndef SEMCACHED_SRC_CACHE_ACCEPTANCE_H_
#define SEMCACHED_SRC_CACHE_ACCEPTANCE_H_

#include <absl/functional/function_ref.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cache/guarded_query.h"
#include "semcached/cache/semantic_cache.h"
#include "semcached/config/category_policy.h"
#include "semcached/guard/guard.h"
#include "semcached/verify/decision.h"

namespace semcached {

// Two queries and how near they are. All views outlive the call.
struct QueryPair {
  GuardedQuery* query = nullptr;  // null: only a vector came
  StoredText cached;
  float similarity = 0;  // computed from the stored vector
  bool blocked = false;  // somebody reported this pair as wrong
};

struct Acceptance {
  MissReason refusal = MissReason::kNone;  // kNone: the document may answer
  const char* counted_as = "";             // in metrics
  std::string verdict;                     // in words, for explain; may hold parts of the texts
  std::vector<GuardRefusal> guards;        // of them all with `every_guard`, else at most the first
  std::optional<VerifyDecision> verified;  // where there is a verifier, and nothing else refused
};

// How near is near enough.
struct Nearness {
  float threshold = 1;  // in force for this request
  // A verifier is asked from here on, around the threshold. The threshold itself without one.
  float least = 1;
  bool every_guard = false;
};

// Asks the category's verifier about this pair.
using AskVerifier = absl::FunctionRef<VerifyDecision(float similarity)>;

// In this order: feedback, then the threshold, then the policy's guards, then the verifier, if
// there is one. The first that refuses is the refusal. With `every_guard` all guards are asked,
// also of what is refused already: explain and recordings tell of them. A verifier in shadow is
// asked and changes nothing.
Acceptance Accept(const QueryPair& pair, const Nearness& nearness, const CategoryPolicy& policy,
                  const AskVerifier* verifier = nullptr);

}  // namespace semcached

#endif  // SEMCACHED_SRC_CACHE_ACCEPTANCE_H_
