#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

#include "service/convert.h"

namespace semcached {
namespace {

v1::MissReason ToProto(MissReason reason) {
  switch (reason) {
    case MissReason::kNone:
      return v1::MISS_REASON_UNSPECIFIED;
    case MissReason::kNoCandidate:
      return v1::MISS_REASON_NO_CANDIDATE;
    case MissReason::kBelowThreshold:
      return v1::MISS_REASON_BELOW_THRESHOLD;
    case MissReason::kExpired:
      return v1::MISS_REASON_EXPIRED;
    case MissReason::kGuard:
      return v1::MISS_REASON_GUARD;
    case MissReason::kWarming:
      return v1::MISS_REASON_WARMING;
    case MissReason::kRejected:
      return v1::MISS_REASON_REJECTED;
    case MissReason::kNotComparable:
      return v1::MISS_REASON_NOT_COMPARABLE;
    case MissReason::kFeedback:
      return v1::MISS_REASON_FEEDBACK;
    case MissReason::kAudit:
      return v1::MISS_REASON_AUDIT;
    case MissReason::kVerifier:
      return v1::MISS_REASON_VERIFIER;
  }
  return v1::MISS_REASON_UNSPECIFIED;
}

v1::Outcome ToProto(Outcome outcome) {
  switch (outcome) {
    case Outcome::kHitExact:
      return v1::OUTCOME_HIT_EXACT;
    case Outcome::kHitSemantic:
      return v1::OUTCOME_HIT_SEMANTIC;
    case Outcome::kMiss:
      return v1::OUTCOME_MISS;
    case Outcome::kBypass:
      return v1::OUTCOME_BYPASS;
  }
  return v1::OUTCOME_UNSPECIFIED;
}

v1::CategorySource ToProto(CategorySource source) {
  switch (source) {
    case CategorySource::kNone:
      return v1::CATEGORY_SOURCE_UNSPECIFIED;
    case CategorySource::kRequest:
      return v1::CATEGORY_SOURCE_REQUEST;
    case CategorySource::kClassified:
      return v1::CATEGORY_SOURCE_CLASSIFIED;
    case CategorySource::kDefault:
      return v1::CATEGORY_SOURCE_DEFAULT;
    case CategorySource::kEntry:
      return v1::CATEGORY_SOURCE_ENTRY;
  }
  return v1::CATEGORY_SOURCE_UNSPECIFIED;
}

v1::Durability ToProto(Durability durability) {
  switch (durability) {
    case Durability::kMemory:
      return v1::DURABILITY_MEMORY;
    case Durability::kProcess:
      return v1::DURABILITY_PROCESS;
    case Durability::kDurable:
      return v1::DURABILITY_DURABLE;
  }
  return v1::DURABILITY_UNSPECIFIED;
}

void ToProto(Response response, v1::Response* proto);

void ToProto(NearHit near, v1::NearHit* proto) {
  proto->set_entry_id(FormatEntryId(near.id));
  proto->set_similarity(near.similarity);
  SetDuration(near.age, proto->mutable_age());
  if (near.query) proto->set_query(*std::move(near.query));
  ToProto(std::move(near.response), proto->mutable_response());
}

void ToProto(Response response, v1::Response* proto) {
  proto->set_body(std::move(response.body));
  proto->set_content_type(std::move(response.content_type));
  proto->mutable_metadata()->insert(response.metadata.begin(), response.metadata.end());
}

}  // namespace

void SetTime(absl::Time time, google::protobuf::Timestamp* proto) {
  // 9999-12-31T23:59:59Z, the last one that a Timestamp may hold.
  const absl::Time bounded = std::min(time, absl::FromUnixSeconds(253'402'300'799));
  proto->set_seconds(absl::ToUnixSeconds(bounded));
  proto->set_nanos(static_cast<int32_t>((bounded - absl::FromUnixSeconds(proto->seconds())) /
                                        absl::Nanoseconds(1)));
}

std::string FormatEntryId(EntryId id) { return absl::StrCat(absl::Hex(id, absl::kZeroPad16)); }

void SetDuration(absl::Duration duration, google::protobuf::Duration* proto) {
  constexpr absl::Duration kMost = absl::Seconds(315'576'000'000);  // of a protobuf Duration
  const absl::Duration bounded = std::clamp(duration, -kMost, kMost);
  absl::Duration rest;
  proto->set_seconds(absl::IDivDuration(bounded, absl::Seconds(1), &rest));
  proto->set_nanos(static_cast<int32_t>(rest / absl::Nanoseconds(1)));
}

void ToProto(LookupResult result, bool explain, v1::LookupResponse* proto) {
  proto->set_outcome(ToProto(result.outcome));
  proto->set_category(std::move(result.category));
  proto->set_category_source(ToProto(result.category_source));
  const bool hit = result.outcome == Outcome::kHitExact || result.outcome == Outcome::kHitSemantic;
  if (hit) {
    proto->set_entry_id(FormatEntryId(result.entry_id));
    ToProto(std::move(result.response), proto->mutable_response());
    SetDuration(result.age, proto->mutable_age());
    proto->set_stale(result.stale);
    proto->set_defer_refresh(result.defer_refresh);
  }
  if (result.similarity) proto->set_similarity(*result.similarity);
  if (result.similarity_threshold) proto->set_similarity_threshold(*result.similarity_threshold);
  if (result.outcome == Outcome::kMiss) {
    proto->set_miss_reason(ToProto(result.miss_reason));
    if (result.nearest_similarity) proto->set_nearest_similarity(*result.nearest_similarity);
    for (NearHit& near : result.near_hits) ToProto(std::move(near), proto->add_near_hits());
  }
  proto->set_lookup_id(std::move(result.lookup_id));
  if (!result.lease.empty()) {
    proto->set_lease(std::move(result.lease));
    SetDuration(result.lease_ttl, proto->mutable_lease_ttl());
  }
  proto->set_bypass_reason(std::move(result.bypass_reason));
  if (!explain) return;
  v1::Explanation* explanation = proto->mutable_explanation();
  for (ExplainedCandidate& candidate : result.candidates) {
    v1::Candidate* added = explanation->add_candidates();
    added->set_entry_id(FormatEntryId(candidate.id));
    added->set_similarity(candidate.similarity);
    SetDuration(candidate.age, added->mutable_age());
    added->set_verdict(std::move(candidate.verdict));
    for (GuardRefusal& refusal : candidate.guards) {
      v1::GuardVerdict* verdict = added->add_guard_verdicts();
      verdict->set_guard(Name(refusal.guard));
      verdict->set_reason(std::move(refusal.reason));
    }
  }
  explanation->set_index_structure(result.answered_by);
  explanation->set_embed_micros(absl::ToInt64Microseconds(result.embed_time));
  explanation->set_search_micros(absl::ToInt64Microseconds(result.search_time));
  explanation->set_check_micros(absl::ToInt64Microseconds(result.check_time));
}

void ToProto(const InsertResult& result, v1::InsertResponse* proto) {
  proto->set_category(result.category);
  if (result.kind == InsertResult::Kind::kDeclined) {
    proto->set_result(v1::InsertResponse::RESULT_DECLINED);
    proto->set_decline_reason(result.decline_reason);
    return;
  }
  proto->set_result(result.kind == InsertResult::Kind::kReplaced
                        ? v1::InsertResponse::RESULT_REPLACED
                        : v1::InsertResponse::RESULT_STORED);
  proto->set_entry_id(FormatEntryId(result.entry_id));
  proto->set_durability(ToProto(result.durability));
  SetTime(result.expire_time, proto->mutable_expire_time());
}

void ToProto(const FeedbackResult& result, v1::ReportFeedbackResponse* proto) {
  proto->set_quarantined(result.quarantined);
  proto->set_pair_blocked(result.pair_blocked);
}

void ToProto(const RecordedLookup& lookup, v1::RecordedLookup* proto) {
  SetTime(lookup.time, proto->mutable_time());
  proto->set_category(lookup.category);
  proto->set_model(lookup.model);
  proto->set_outcome(ToProto(lookup.outcome));
  proto->set_similarity_threshold(lookup.similarity_threshold);
  if (!lookup.query.empty()) proto->set_query(lookup.query);
  for (const RecordedCandidate& candidate : lookup.candidates) {
    v1::RecordedLookup::Candidate* added = proto->add_candidates();
    added->set_similarity(candidate.similarity);
    SetDuration(candidate.age, added->mutable_age());
    for (const GuardKind guard : candidate.refusing) added->add_refusing_guards(Name(guard));
    added->set_blocked(candidate.blocked);
    if (!candidate.query.empty()) added->set_query(candidate.query);
  }
}

void ToProto(const Document& document, v1::ExportedEntry* proto) {
  const EntryRecord& entry = document.entry;
  proto->set_entry_id(FormatEntryId(entry.id));
  proto->set_category(entry.category);
  proto->mutable_scope()->set_namespace_(entry.scope.namespace_name);
  proto->mutable_scope()->set_model(entry.scope.model);
  proto->mutable_scope()->set_context(entry.scope.context);
  if (document.query) proto->set_query(*document.query);
  // A text that has no vector is embedded anew, by whatever embedder imports it.
  if (!entry.embedding.values.empty()) {
    proto->mutable_embedding()->set_identity(entry.embedding.identity);
    proto->mutable_embedding()->mutable_values()->Add(entry.embedding.values.begin(),
                                                      entry.embedding.values.end());
  }
  ToProto(document.response, proto->mutable_response());
  SetTime(entry.insert_time, proto->mutable_insert_time());
  if (entry.ttl) SetDuration(*entry.ttl, proto->mutable_ttl());
  for (const std::string& tag : entry.tags) proto->add_tags(tag);
  proto->set_source(entry.source);
}

}  // namespace semcached
