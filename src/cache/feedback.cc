// Verdicts on answers: what people say, and what audits find.

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "cache/audit.h"
#include "cache/blocked_pairs.h"
#include "cache/cache_metrics.h"
#include "cache/category_cache.h"
#include "cache/lookup_tickets.h"
#include "semcached/base/status.h"
#include "semcached/cache/semantic_cache.h"
#include "semcached/index/similarity.h"

namespace semcached {
namespace {

constexpr char kBlockedNotes[] = "blocked";

absl::Status NothingSuch() {
  return absl::NotFoundError("no such entry or lookup, or it is gone already");
}

// What an embedder can judge. Other media types need their text taken out first.
bool IsText(const Response& response) {
  return response.content_type.empty() || response.content_type.rfind("text/", 0) == 0;
}

}  // namespace

absl::StatusOr<FeedbackResult> SemanticCache::Report(const Feedback& feedback) {
  std::shared_ptr<const LookupTicket> ticket;
  EntryId entry = feedback.entry_id;
  if (!feedback.lookup_id.empty()) {
    ticket = hit_tickets_->Find(feedback.lookup_id, feedback.principal);
    const EntryId of_lookup = ticket != nullptr
                                  ? ticket->hit->entry
                                  : tickets_->EntryOf(feedback.lookup_id, feedback.principal);
    if (entry == 0) entry = of_lookup;
    // A lookup that is not known any more says nothing against the entry.
    if (of_lookup != 0 && entry != of_lookup) {
      return absl::InvalidArgumentError(
          "entry_id is not the entry of lookup_id; send one of the two");
    }
  }
  if (entry == 0) return NothingSuch();
  const bool wrong = feedback.verdict == HitVerdict::kWrong;

  FeedbackResult result;
  std::string category = ticket != nullptr ? ticket->category : "";
  bool known = false;
  for (const auto& [name, entries] : AllCategories()) {
    if (!entries->Find(entry).has_value()) continue;
    known = true;
    category = name;
    if (wrong) RemoveFromMemory(entries.get(), name, entry);
  }
  // Of an earlier run and not read back yet, or gone already: the pair is worth knowing all the
  // same.
  if (!known && warm_ && ticket == nullptr) return NothingSuch();
  if (!category.empty()) metrics_->CountFeedback(category, Name(feedback.verdict));
  if (ticket != nullptr && hit_tickets_->ClaimVerdict(feedback.lookup_id) &&
      parts_.hit_observer != nullptr) {
    parts_.hit_observer->OnVerdict(category, ticket->embedding.identity, ticket->hit->similarity,
                                   feedback.verdict, VerdictSource::kFeedback);
  }
  if (!wrong) return result;
  result.quarantined = true;
  absl::Status blocked;
  if (ticket != nullptr && ticket->hit->query_key != ticket->hit->entry_key) {
    blocked = BlockPair(ticket->hit->query_key, ticket->hit->entry_key);
    result.pair_blocked = blocked.ok();
  }
  // Whatever became of the note: what is erased now, or by a later tick, is not recovered.
  RETURN_IF_ERROR(EraseFromStore({&entry, 1}));
  RETURN_IF_ERROR(blocked);
  return result;
}

absl::Status SemanticCache::BlockPair(const Hash128& one, const Hash128& other) {
  const Hash128 pair = BlockedPairs::NameOf(one, other);
  const std::optional<Hash128> left = blocked_pairs_->Add(pair);
  // The order of the notes is by age, so that the oldest leave first after a restart too.
  const std::string since = absl::StrCat(absl::ToUnixMicros(parts_.clock->Wall()));
  absl::Status put = parts_.store->PutNote(kBlockedNotes, PairBytes(pair), since);
  if (!put.ok()) metrics_->CountStoreError("put");
  if (left.has_value()) parts_.store->EraseNote(kBlockedNotes, PairBytes(*left)).IgnoreError();
  return put;
}

absl::Status SemanticCache::RecoverBlockedPairs() {
  std::vector<std::pair<int64_t, Hash128>> pairs;
  RETURN_IF_ERROR(
      parts_.store->ForEachNote(kBlockedNotes, [&](std::string_view key, std::string_view value) {
        const std::optional<Hash128> pair = PairOf(key);
        int64_t since = 0;
        if (!pair.has_value()) return;
        // Of a damaged time only the order suffers.
        if (!absl::SimpleAtoi(std::string(value), &since)) since = 0;
        pairs.emplace_back(since, *pair);
      }));
  std::sort(pairs.begin(), pairs.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [since, pair] : pairs) blocked_pairs_->Add(pair);
  pairs_recovered_ = true;
  return absl::OkStatus();
}

HitVerdict SemanticCache::CompareAnswers(const std::string& embedder, const Response& one,
                                         const Response& other, const Call& call) {
  if (one.body == other.body) return HitVerdict::kRight;
  if (!IsText(one) || !IsText(other)) return HitVerdict::kUnsure;
  const auto first = Embed(/*tenant=*/"", embedder, one.body, call);
  const auto second = Embed(/*tenant=*/"", embedder, other.body, call);
  // An answer too long for the embedder has no vector: unsure.
  if (!first.ok() || !second.ok() || first->values.empty() || second->values.empty()) {
    return HitVerdict::kUnsure;
  }
  return VerdictOf(DotProduct(first->values, second->values));
}

void SemanticCache::FinishAudit(const LookupTicket& ticket, const std::string& embedder,
                                const Response& cached, const Response& fresh, const Call& call) {
  const HitVerdict verdict = CompareAnswers(embedder, fresh, cached, call);
  metrics_->CountAudit(ticket.category, Name(verdict));
  if (parts_.hit_observer == nullptr) return;
  parts_.hit_observer->OnVerdict(ticket.category, ticket.embedding.identity,
                                 ticket.audited.similarity, verdict, ticket.audited.source);
}

}  // namespace semcached
