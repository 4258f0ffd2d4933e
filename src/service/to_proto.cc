#include <absl/strings/str_format.h>

#include <algorithm>
#include <utility>

#include "service/convert.h"

namespace semcached {
namespace {

void SetTime(absl::Time time, google::protobuf::Timestamp* proto) {
  // 9999-12-31T23:59:59Z, the last one that a Timestamp may hold.
  const absl::Time bounded = std::min(time, absl::FromUnixSeconds(253'402'300'799));
  proto->set_seconds(absl::ToUnixSeconds(bounded));
  proto->set_nanos(static_cast<int32_t>((bounded - absl::FromUnixSeconds(proto->seconds())) /
                                        absl::Nanoseconds(1)));
}

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

void ToProto(Response response, v1::Response* proto) {
  proto->set_body(std::move(response.body));
  proto->set_content_type(std::move(response.content_type));
  proto->mutable_metadata()->insert(response.metadata.begin(), response.metadata.end());
}

}  // namespace

std::string FormatEntryId(EntryId id) { return absl::StrFormat("%016x", id); }

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
  }
  if (result.similarity) proto->set_similarity(*result.similarity);
  if (result.similarity_threshold) proto->set_similarity_threshold(*result.similarity_threshold);
  if (result.outcome == Outcome::kMiss) {
    proto->set_miss_reason(ToProto(result.miss_reason));
    if (result.nearest_similarity) proto->set_nearest_similarity(*result.nearest_similarity);
    proto->set_lookup_id(std::move(result.lookup_id));
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
