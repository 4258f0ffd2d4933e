// Answers that contradict one another: one of the two is wrong, by mistake or on purpose.

#include <absl/strings/str_cat.h>

#include <optional>
#include <string>

#include "cache/cache_metrics.h"
#include "cache/category_cache.h"
#include "cache/exact_keys.h"
#include "cache/fresh_inserts.h"
#include "cache/judgement.h"
#include "semcached/base/log.h"
#include "semcached/cache/semantic_cache.h"

namespace semcached {
namespace {

constexpr size_t kNeighbours = 8;
// Of each call, of which there is one a second. To embed an answer takes milliseconds.
constexpr absl::Duration kMostTime = absl::Milliseconds(20);

std::string IdText(EntryId id) { return absl::StrCat(absl::Hex(id, absl::kZeroPad16)); }

}  // namespace

void SemanticCache::FlagConflicts() {
  const PoliciesPtr policies = parts_.policies->Current();
  const Call time(*parts_.clock, parts_.clock->Monotonic() + kMostTime);
  for (const EntryId id : fresh_inserts_->Take()) {
    if (!time.Check().ok()) return;
    const absl::StatusOr<Document> document = parts_.store->Get(id);
    if (!document.ok()) continue;  // it has left already, or lookups will tell
    FlagConflict(*policies, *document, time);
  }
}

void SemanticCache::FlagConflict(const Policies& policies, const Document& document,
                                 const Call& time) {
  const EntryRecord& entry = document.entry;
  const CategoryInForce* in_force = policies.Find(entry.category);
  const std::shared_ptr<CategoryCache> entries = FindCategory(entry.category);
  if (in_force == nullptr || entries == nullptr) return;
  // Answers are sent nowhere that queries would not go without being asked for.
  const Embedder* const embedder = FindEmbedder(in_force->configured.embedding);
  if (embedder == nullptr || !embedder->is_local()) return;

  // As a lookup of this query would find them.
  LookupRequest request;
  request.scope = entry.scope;
  Bench bench;
  bench.store = parts_.store;
  bench.blocked = blocked_pairs_.get();
  bench.category = in_force;
  bench.request = &request;
  if (document.query.has_value()) bench.query = *document.query;
  bench.query_key = entry.exact_key;
  bench.now = parts_.clock->Monotonic();
  bench.identity = entry.embedding.identity;
  bench.vector = entry.embedding.values;
  bench.nearness.threshold = in_force->For(entry.scope.model).similarity_threshold;
  bench.nearness.least = bench.nearness.threshold;
  bench.clock = parts_.clock;
  const StoredText stored = StoredTextOf(document);
  std::optional<GuardedQuery> guarded;
  if (stored.any()) bench.guarded = &guarded.emplace(stored, parts_.store->hash_key());

  const SearchResult search =
      entries->Search(entry.embedding.identity, ScopeHash(parts_.store->hash_key(), entry.scope),
                      bench.vector, bench.nearness.least, kNeighbours + 1);  // and itself
  for (const Candidate& candidate : search.candidates) {
    if (!time.Check().ok()) return;
    const std::optional<EntryMeta> meta = entries->Find(candidate.id);
    if (candidate.id == entry.id || !meta.has_value()) continue;
    const Judgement other = JudgeSemantic(bench, *meta, candidate);
    if (other.refusal != MissReason::kNone) continue;
    const HitVerdict verdict = CompareAnswers(in_force->configured.embedding, document.response,
                                              other.document->response, Call(*parts_.clock));
    if (verdict != HitVerdict::kWrong) continue;
    metrics_->CountConflict(entry.category);
    if (conflict_logs_.Take()) {
      LogWarning("answers to what is taken for one question differ",
                 {{"category", entry.category},
                  {"entry", IdText(entry.id)},
                  {"other", IdText(other.id)},
                  {"similarity", other.similarity},
                  {"remedy", "see both with `semcachectl export`, and delete the wrong one"}});
    }
    return;
  }
}

}  // namespace semcached
