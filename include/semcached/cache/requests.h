// What the cache is asked, and what it answers. Plain values.
#ifndef SEMCACHED_CACHE_REQUESTS_H_
#define SEMCACHED_CACHE_REQUESTS_H_

#include <absl/time/time.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "semcached/base/types.h"
#include "semcached/cache/hit_observer.h"
#include "semcached/guard/guard.h"
#include "semcached/store/document_store.h"

namespace semcached {

enum class Outcome { kHitExact, kHitSemantic, kMiss, kBypass };

enum class MissReason {
  kNone,  // not a miss
  kNoCandidate,
  kBelowThreshold,
  kExpired,
  kGuard,
  kWarming,
  kRejected,
  kNotComparable,  // the embedder cannot tell this text from others: exact hits only
  kFeedback,       // what was near enough was reported as wrong for this query
  kAudit,          // there was a hit; it is measured instead of served
  kVerifier,       // what was near enough was turned down by the category's verifier
};

enum class CategorySource { kNone, kRequest, kClassified, kDefault, kEntry };

// The names as metrics and tables write them: lower case, stable.
const char* Name(Outcome value);
const char* Name(MissReason value);

// What a lookup does about a miss.
enum class OnMiss {
  kReturn,
  kLease,  // takes the lease for the answer, or waits for who has it
};

struct LookupRequest {
  std::string principal;
  Scope scope;
  std::string query;     // valid UTF-8; may be empty if `embedding` is not
  Embedding embedding;   // from the caller, normalised; may be without values
  std::string category;  // empty: classify
  std::optional<float> min_similarity;
  absl::Duration max_age = absl::InfiniteDuration();
  bool no_store = false;
  bool bypass = false;
  bool explain = false;
  size_t near_hits = 0;  // on a miss, up to so many of the nearest valid entries of the scope
  OnMiss on_miss = OnMiss::kReturn;
};

struct ExplainedCandidate {
  EntryId id = 0;
  float similarity = 0;
  absl::Duration age;
  std::string verdict;
  std::vector<GuardRefusal> guards;  // all that refuse
};

// An entry of the scope that is no answer: an example for the model that makes one.
struct NearHit {
  EntryId id = 0;
  float similarity = 0;
  absl::Duration age;
  std::optional<std::string> query;  // absent where it is not stored
  Response response;
};

// A miss whose answer somebody else computes: what SemanticCache::Await() looks up again.
struct AwaitedLease {
  std::string lease;
  LookupRequest request;  // with the vector and the category that were found
  CategorySource category_source = CategorySource::kNone;
};

struct LookupResult {
  Outcome outcome = Outcome::kMiss;
  std::string category;
  CategorySource category_source = CategorySource::kNone;
  EntryId entry_id = 0;
  Response response;
  std::optional<float> similarity;
  std::optional<float> similarity_threshold;
  absl::Duration age;
  bool stale = false;
  bool defer_refresh = false;  // of a stale answer: the model is under load
  MissReason miss_reason = MissReason::kNone;
  std::optional<float> nearest_similarity;  // an estimate
  std::string lookup_id;
  std::string bypass_reason;

  std::vector<NearHit> near_hits;  // nearest first

  // With OnMiss::kLease, on a miss at most one of the two. `lease`: the answer is the caller's to
  // compute, within `lease_ttl` from now unless renewed. `awaits`: this is no answer yet.
  std::string lease;
  absl::Duration lease_ttl;
  std::shared_ptr<const AwaitedLease> awaits;

  std::string answered_by;                     // index structure
  std::vector<ExplainedCandidate> candidates;  // with explain
  absl::Duration embed_time, search_time, check_time;
};

struct InsertRequest {
  std::string principal;
  std::string lookup_id;  // or the next four
  Scope scope;
  std::string query;
  Embedding embedding;
  std::string category;
  Response response;
  std::optional<absl::Duration> ttl;  // >= 0; 0: declined
  std::vector<std::string> tags;
  std::string source;
  bool complete = true;
  // For an import: how long ago the entry was inserted where it comes from.
  absl::Duration age = absl::ZeroDuration();
};

struct InsertResult {
  enum class Kind { kStored, kReplaced, kDeclined };
  Kind kind = Kind::kDeclined;
  std::string decline_reason;
  EntryId entry_id = 0;
  std::string category;
  Durability durability = Durability::kMemory;
  absl::Time expire_time;
};

// Entries must meet all conditions that are set; at least one is.
struct InvalidateRequest {
  std::vector<EntryId> entries;
  std::string category;
  std::optional<std::string> namespace_name;
  std::optional<std::string> model;
  std::string tag;
  std::optional<absl::Time> inserted_before;
  // Entries this close in meaning to the query; needs category and namespace.
  std::string near_query;
  float near_similarity = 0;
  bool dry_run = false;
};

// A verdict on an answer, by the lookup that gave it or, without one, by the entry alone.
struct Feedback {
  std::optional<std::string> principal;  // who was answered; absent: an operator, for anyone
  EntryId entry_id = 0;
  std::string lookup_id;
  HitVerdict verdict = HitVerdict::kRight;
};

struct FeedbackResult {
  bool quarantined = false;   // the entry was taken out
  bool pair_blocked = false;  // and is not served to this query again, should it come back
};

}  // namespace semcached

#endif  // SEMCACHED_CACHE_REQUESTS_H_
