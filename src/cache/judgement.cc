#include "cache/judgement.h"

#include <utility>

#include "semcached/base/call.h"

namespace semcached {
namespace {

void Refuse(MissReason reason, std::string_view counted_as, std::string_view verdict,
            Judgement* judgement) {
  judgement->refusal = reason;
  judgement->counted_as = counted_as;
  judgement->verdict = verdict;
}

using Read = absl::StatusOr<Document> (DocumentStore::*)(EntryId) const;

// Everything that is asked before the document is read; then reads it.
std::optional<Document> Fetch(const Bench& bench, const EntryMeta& entry, Read read,
                              Judgement* judgement) {
  const EntryAge age = entry.AgeAt(bench.now);
  judgement->age = age.since_insert;
  judgement->caller_ttl = entry.caller_ttl;
  judgement->liveness = LivenessOf(age, entry.caller_ttl, bench.category->configured,
                                   bench.category->For(bench.request->scope.model).ttl);
  if (age.since_insert >= bench.request->max_age) {
    Refuse(MissReason::kExpired, "max_age", "is older than max_age", judgement);
    return std::nullopt;
  }
  if (judgement->liveness == Liveness::kExpired) {
    Refuse(MissReason::kExpired, "expired", "has expired", judgement);
    return std::nullopt;
  }
  absl::StatusOr<Document> document = (bench.store->*read)(entry.id);
  if (!document.ok()) {
    judgement->damaged = absl::IsDataLoss(document.status());
    judgement->lost = judgement->damaged || absl::IsNotFound(document.status());
    Refuse(MissReason::kRejected, judgement->lost ? "lost" : "unreadable",
           "its document cannot be read", judgement);
    return std::nullopt;
  }
  return *std::move(document);
}

Expectation Expected(const Bench& bench, EntryId id) {
  return {id, &bench.request->scope, bench.category->configured.category, bench.query};
}

}  // namespace

Acceptance AcceptPair(const Bench& bench, const QueryPair& pair, absl::Span<const float> vector) {
  const auto ask = [&](float exact) {
    // A document or a lookup without a text is nothing that a verifier can judge: it says so, and
    // the similarity decides.
    const MonotonicTime before = bench.clock->Monotonic();
    const VerifyDecision decision = bench.verifier->Decide(
        {bench.query, pair.cached.query.value_or(""), bench.vector, vector, exact},
        bench.nearness.threshold, bench.least_similarity,
        Call(*bench.clock, before + *bench.verify_left));
    *bench.verify_left -= bench.clock->Monotonic() - before;
    return decision;
  };
  const AskVerifier verifier = ask;
  return Accept(pair, bench.nearness, bench.category->configured,
                bench.verifier == nullptr ? nullptr : &verifier);
}

StoredText StoredTextOf(const Document& document) {
  StoredText stored;
  if (document.query.has_value()) stored.query = *document.query;
  if (document.guard_text.has_value()) stored.guard_text = *document.guard_text;
  return stored;
}

Judgement JudgeErased(EntryId id, float similarity) {
  Judgement judgement;
  judgement.id = id;
  judgement.proposed = judgement.similarity = similarity;
  Refuse(MissReason::kRejected, "erased", "was erased", &judgement);
  return judgement;
}

Judgement JudgeExact(const Bench& bench, const EntryMeta& entry) {
  Judgement judgement;
  judgement.id = entry.id;
  judgement.proposed = judgement.similarity = 1;
  std::optional<Document> document = Fetch(bench, entry, &DocumentStore::GetAnswer, &judgement);
  if (!document.has_value()) return judgement;
  if (const auto rejection = CheckExact(*document, Expected(bench, entry.id), bench.query_key)) {
    Refuse(MissReason::kRejected, rejection->reason, rejection->detail, &judgement);
    return judgement;
  }
  judgement.document = std::move(document);
  return judgement;
}

Judgement JudgeSemantic(const Bench& bench, const EntryMeta& entry, const Candidate& candidate) {
  Judgement judgement;
  judgement.id = entry.id;
  judgement.proposed = judgement.similarity = candidate.similarity;
  std::optional<Document> document = Fetch(bench, entry, &DocumentStore::Get, &judgement);
  if (!document.has_value()) return judgement;
  if (const auto rejection =
          CheckSemantic(*document, Expected(bench, entry.id), bench.identity, bench.vector,
                        candidate.similarity - candidate.error, &judgement.similarity)) {
    Refuse(MissReason::kRejected, rejection->reason, rejection->detail, &judgement);
    return judgement;
  }
  QueryPair pair;
  pair.query = bench.guarded;
  pair.cached = StoredTextOf(*document);
  pair.similarity = judgement.similarity;
  pair.blocked = bench.blocked->Contains(bench.query_key, document->entry.exact_key);
  Acceptance acceptance = AcceptPair(bench, pair, document->entry.embedding.values);
  judgement.verified = acceptance.verified;
  judgement.guards = std::move(acceptance.guards);
  if (acceptance.refusal != MissReason::kNone) {
    Refuse(acceptance.refusal, acceptance.counted_as, acceptance.verdict, &judgement);
  }
  judgement.document = std::move(document);
  return judgement;
}

}  // namespace semcached
