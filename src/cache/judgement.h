#ifndef SEMCACHED_SRC_CACHE_JUDGEMENT_H_
#define SEMCACHED_SRC_CACHE_JUDGEMENT_H_

#include <absl/time/time.h>
#include <absl/types/span.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cache/acceptance.h"
#include "cache/blocked_pairs.h"
#include "cache/category_cache.h"
#include "cache/document_check.h"
#include "cache/guarded_query.h"
#include "semcached/base/clock.h"
#include "semcached/cache/alive.h"
#include "semcached/cache/policy_source.h"
#include "semcached/cache/semantic_cache.h"
#include "semcached/guard/guard.h"
#include "semcached/store/document_store.h"
#include "semcached/verify/verifier_set.h"

namespace semcached {

// What `document` keeps of its query. Views into it.
StoredText StoredTextOf(const Document& document);

// What became of one candidate of a lookup.
struct Judgement {
  EntryId id = 0;
  MissReason refusal = MissReason::kNone;  // kNone: it may answer
  std::string counted_as;                  // in metrics
  std::string verdict;                     // in words, for explain; may hold parts of the texts
  float proposed = 0;                      // the similarity that the index gives
  float similarity = 0;                    // the document's word once it is read, else the index's
  absl::Duration age;
  absl::Duration caller_ttl = absl::InfiniteDuration();
  Liveness liveness = Liveness::kExpired;
  // Set if it is of this scope and whole, whether or not it may answer; of an exact hit as
  // GetAnswer() reads it.
  std::optional<Document> document;
  std::vector<GuardRefusal> guards;  // with `every_guard`: all that refuse
  std::optional<VerifyDecision> verified;
  bool lost = false;  // the store has it no more, or holds it damaged
  bool damaged = false;
};

// One lookup in one category, as the judge needs it. All outlive the judgement.
struct Bench {
  const DocumentStore* store = nullptr;
  const BlockedPairs* blocked = nullptr;
  const CategoryInForce* category = nullptr;
  const LookupRequest* request = nullptr;
  std::string_view query;  // trimmed
  Hash128 query_key;       // of scope and query, or of scope and vector
  MonotonicTime now;
  // For the semantic path.
  GuardedQuery* guarded = nullptr;  // the query; null: only a vector came
  std::string_view identity;
  absl::Span<const float> vector;
  Nearness nearness;
  const CategoryVerifier* verifier = nullptr;  // null: none of this category and identity
  float least_similarity = 0;                  // a verifier goes no lower
  const Clock* clock = nullptr;
  absl::Duration* verify_left = nullptr;  // of the time that verifying may take of this lookup
};

// Whether the answer to another query would do, by what `Accept()` asks; `vector`: of that query.
Acceptance AcceptPair(const Bench& bench, const QueryPair& pair, absl::Span<const float> vector);

// Of an entry that the exact path found: alive, the document sound, the query equal byte for byte.
Judgement JudgeExact(const Bench& bench, const EntryMeta& entry);

// Of a candidate of the index: alive, the document sound and near enough, passed by guards and
// feedback. Reads the store; changes nothing.
Judgement JudgeSemantic(const Bench& bench, const EntryMeta& entry, const Candidate& candidate);

// An entry that left between the search and the judgement.
Judgement JudgeErased(EntryId id, float similarity);

}  // namespace semcached

#endif  // SEMCACHED_SRC_CACHE_JUDGEMENT_H_
