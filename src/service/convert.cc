#include "service/convert.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <cmath>
#include <limits>
#include <utility>

#include "semcached/base/status.h"
#include "semcached/base/utf8.h"
#include "semcached/index/similarity.h"

namespace semcached {
namespace {

constexpr size_t kMaxIdentityBytes = 256;
constexpr size_t kMaxCategoryBytes = 64;
constexpr size_t kMaxDimension = 4096;
constexpr size_t kMaxContentTypeBytes = 256;
constexpr int kMaxMetadataPairs = 32;
constexpr size_t kMaxMetadataBytes = 4096;
constexpr int kMaxTags = 16;
constexpr size_t kMaxTagBytes = 128;
constexpr int kMaxInvalidatedEntries = 1000;

absl::StatusOr<Scope> ToScope(const RequestRules& rules, const v1::Scope& proto) {
  const auto limit = static_cast<size_t>(rules.limits.max_scope_bytes);
  RETURN_IF_ERROR(CheckText("scope.namespace", proto.namespace_(), limit));
  RETURN_IF_ERROR(CheckText("scope.model", proto.model(), limit));
  RETURN_IF_ERROR(CheckText("scope.context", proto.context(), limit));
  if (proto.namespace_().empty() && !rules.allow_anonymous) {
    return absl::InvalidArgumentError(
        "scope.namespace is empty; name the tenant, or set allow_anonymous in semcached.yaml");
  }
  return Scope{proto.namespace_(), proto.model(), proto.context()};
}

absl::StatusOr<Embedding> ToEmbedding(const RequestRules& rules, const v1::Embedding& proto) {
  Embedding embedding;
  if (proto.values().empty()) {
    if (proto.identity().empty()) return embedding;
    return absl::InvalidArgumentError(
        "embedding.values is empty; send the vector, or no embedding");
  }
  if (proto.identity().empty()) {
    return absl::InvalidArgumentError(
        "embedding.identity is empty; name the space of the vector, e.g. one of GetServerInfo's");
  }
  RETURN_IF_ERROR(CheckText("embedding.identity", proto.identity(), kMaxIdentityBytes));
  const auto size = static_cast<size_t>(proto.values_size());
  if (size > kMaxDimension) {
    return absl::InvalidArgumentError(
        absl::StrCat("embedding has ", size, " components; at most ", kMaxDimension));
  }
  const auto known = rules.dimensions.find(proto.identity());
  if (known != rules.dimensions.end() && known->second != size) {
    return absl::InvalidArgumentError(absl::StrCat("embedding has ", size,
                                                   " components; identity \"", proto.identity(),
                                                   "\" has ", known->second));
  }
  embedding.identity = proto.identity();
  embedding.values.assign(proto.values().begin(), proto.values().end());
  // Never trust a norm: a longer vector would be near to everything.
  RETURN_IF_ERROR(Normalize(absl::MakeSpan(embedding.values)));
  return embedding;
}

absl::StatusOr<Response> ToResponse(const v1::Response& proto) {
  RETURN_IF_ERROR(CheckText("response.content_type", proto.content_type(), kMaxContentTypeBytes));
  if (proto.metadata_size() > kMaxMetadataPairs) {
    return absl::InvalidArgumentError(absl::StrCat("response.metadata has ", proto.metadata_size(),
                                                   " pairs; at most ", kMaxMetadataPairs));
  }
  size_t bytes = 0;
  for (const auto& [key, value] : proto.metadata()) bytes += key.size() + value.size();
  if (bytes > kMaxMetadataBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("response.metadata has ", bytes, " bytes; at most ", kMaxMetadataBytes));
  }
  Response response;
  response.body = proto.body();
  response.content_type = proto.content_type();
  response.metadata.insert(proto.metadata().begin(), proto.metadata().end());
  return response;
}

absl::StatusOr<absl::Time> ToTime(std::string_view field,
                                  const google::protobuf::Timestamp& proto) {
  if (proto.nanos() < 0 || proto.nanos() > 999'999'999) {
    return absl::InvalidArgumentError(
        absl::StrCat(std::string(field), " is not a valid timestamp"));
  }
  return absl::FromUnixSeconds(proto.seconds()) + absl::Nanoseconds(proto.nanos());
}

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

absl::Status CheckTags(const google::protobuf::RepeatedPtrField<std::string>& tags) {
  if (tags.size() > kMaxTags) {
    return absl::InvalidArgumentError(
        absl::StrCat("tags has ", tags.size(), " elements; at most ", kMaxTags));
  }
  for (const std::string& tag : tags) RETURN_IF_ERROR(CheckText("tags", tag, kMaxTagBytes));
  return absl::OkStatus();
}

}  // namespace

std::string FormatEntryId(EntryId id) { return absl::StrFormat("%016x", id); }

absl::StatusOr<EntryId> ParseEntryId(std::string_view text) {
  EntryId id = 0;
  if (text.size() != 16 || !absl::SimpleHexAtoi(std::string(text), &id) || id == 0) {
    return absl::InvalidArgumentError("entry_id is not one; they have 16 hexadecimal digits");
  }
  return id;
}

void SetDuration(absl::Duration duration, google::protobuf::Duration* proto) {
  constexpr absl::Duration kMost = absl::Seconds(315'576'000'000);  // of a protobuf Duration
  const absl::Duration bounded = std::clamp(duration, -kMost, kMost);
  absl::Duration rest;
  proto->set_seconds(absl::IDivDuration(bounded, absl::Seconds(1), &rest));
  proto->set_nanos(static_cast<int32_t>(rest / absl::Nanoseconds(1)));
}

absl::StatusOr<absl::Duration> ToDuration(std::string_view field,
                                          const google::protobuf::Duration& proto) {
  const bool valid =
      proto.nanos() > -1'000'000'000 && proto.nanos() < 1'000'000'000 &&
      (proto.seconds() == 0 || proto.nanos() == 0 || (proto.seconds() > 0) == (proto.nanos() > 0));
  if (!valid)
    return absl::InvalidArgumentError(absl::StrCat(std::string(field), " is not a valid duration"));
  return absl::Seconds(proto.seconds()) + absl::Nanoseconds(proto.nanos());  // saturates
}

absl::Status CheckText(std::string_view field, std::string_view text, size_t limit) {
  if (text.size() > limit) {
    return absl::InvalidArgumentError(
        absl::StrCat(std::string(field), " has ", text.size(), " bytes; at most ", limit));
  }
  if (!IsValidUtf8(text)) {
    return absl::InvalidArgumentError(absl::StrCat(std::string(field), " is not valid UTF-8"));
  }
  return absl::OkStatus();
}

absl::StatusOr<LookupRequest> FromProto(const RequestRules& rules, const v1::LookupRequest& proto) {
  if (proto.on_miss() == v1::ON_MISS_LEASE) {
    return absl::UnimplementedError("on_miss LEASE is not available in this version; use RETURN");
  }
  if (proto.near_hits() < 0) {
    return absl::InvalidArgumentError(absl::StrCat("near_hits is ", proto.near_hits(), "; use 0"));
  }
  if (proto.near_hits() > 0) {
    return absl::UnimplementedError("near_hits is not available in this version; use 0");
  }
  LookupRequest request;
  ASSIGN_OR_RETURN(request.scope, ToScope(rules, proto.scope()));
  RETURN_IF_ERROR(
      CheckText("query", proto.query(), static_cast<size_t>(rules.limits.max_query_bytes)));
  request.query = proto.query();
  ASSIGN_OR_RETURN(request.embedding, ToEmbedding(rules, proto.embedding()));
  RETURN_IF_ERROR(CheckText("category", proto.category(), kMaxCategoryBytes));
  request.category = proto.category();
  if (proto.has_min_similarity()) {
    const float least = proto.min_similarity();
    if (!(least >= 0 && least <= 1)) {
      return absl::InvalidArgumentError(
          absl::StrCat("min_similarity is ", least, "; allowed is 0 to 1"));
    }
    request.min_similarity = least;
  }
  if (proto.has_max_age()) {
    ASSIGN_OR_RETURN(request.max_age, ToDuration("max_age", proto.max_age()));
    if (request.max_age <= absl::ZeroDuration()) {
      return absl::InvalidArgumentError("max_age is not positive; leave it out for any age");
    }
  }
  request.no_store = proto.no_store();
  request.bypass = proto.bypass();
  request.explain = proto.explain();
  return request;
}

absl::StatusOr<InsertRequest> FromProto(const RequestRules& rules, const v1::InsertRequest& proto) {
  InsertRequest request;
  RETURN_IF_ERROR(CheckText("lookup_id", proto.lookup_id(), 64));
  request.lookup_id = proto.lookup_id();
  if (request.lookup_id.empty() || proto.has_scope()) {
    ASSIGN_OR_RETURN(request.scope, ToScope(rules, proto.scope()));
  }
  RETURN_IF_ERROR(
      CheckText("query", proto.query(), static_cast<size_t>(rules.limits.max_query_bytes)));
  request.query = proto.query();
  ASSIGN_OR_RETURN(request.embedding, ToEmbedding(rules, proto.embedding()));
  if (!request.lookup_id.empty() && (!request.query.empty() || !request.embedding.values.empty())) {
    return absl::InvalidArgumentError(
        "lookup_id stands for query and embedding; send it, or them, not both");
  }
  RETURN_IF_ERROR(CheckText("category", proto.category(), kMaxCategoryBytes));
  request.category = proto.category();
  ASSIGN_OR_RETURN(request.response, ToResponse(proto.response()));
  if (proto.has_ttl()) {
    ASSIGN_OR_RETURN(request.ttl, ToDuration("ttl", proto.ttl()));
    if (*request.ttl < absl::ZeroDuration()) {
      return absl::InvalidArgumentError("ttl is negative; leave it out for the category's own");
    }
  }
  RETURN_IF_ERROR(CheckTags(proto.tags()));
  request.tags.assign(proto.tags().begin(), proto.tags().end());
  RETURN_IF_ERROR(CheckText("source", proto.source(), 256));
  request.source = proto.source();
  request.complete = !proto.has_complete() || proto.complete();
  return request;
}

absl::StatusOr<InvalidateRequest> FromProto(const RequestRules& rules,
                                            const v1::InvalidateRequest& proto) {
  InvalidateRequest request;
  if (proto.entries_size() > kMaxInvalidatedEntries) {
    return absl::InvalidArgumentError(absl::StrCat("entries has ", proto.entries_size(),
                                                   " ids; at most ", kMaxInvalidatedEntries));
  }
  for (const std::string& text : proto.entries()) {
    ASSIGN_OR_RETURN(const EntryId id, ParseEntryId(text));
    request.entries.push_back(id);
  }
  RETURN_IF_ERROR(CheckText("category", proto.category(), kMaxCategoryBytes));
  request.category = proto.category();
  if (proto.has_namespace_()) request.namespace_name = proto.namespace_();
  if (proto.has_model()) request.model = proto.model();
  request.tag = proto.tag();
  if (proto.has_inserted_before()) {
    ASSIGN_OR_RETURN(request.inserted_before, ToTime("inserted_before", proto.inserted_before()));
  }
  if (proto.has_near()) {
    const auto limit = static_cast<size_t>(rules.limits.max_query_bytes);
    RETURN_IF_ERROR(CheckText("near.query", proto.near().query(), limit));
    const float similarity = proto.near().similarity();
    if (proto.near().query().empty() || !(similarity > 0 && similarity <= 1)) {
      return absl::InvalidArgumentError("near needs a query and a similarity in (0, 1]");
    }
    request.near_query = proto.near().query();
    request.near_similarity = similarity;
  }
  request.dry_run = proto.dry_run();
  return request;
}

absl::StatusOr<InsertRequest> FromProto(const RequestRules& rules, const v1::ExportedEntry& proto,
                                        absl::Time now) {
  v1::InsertRequest insert;
  *insert.mutable_scope() = proto.scope();
  if (proto.has_query()) insert.set_query(proto.query());
  *insert.mutable_embedding() = proto.embedding();
  insert.set_category(proto.category());
  *insert.mutable_response() = proto.response();
  if (proto.has_ttl()) *insert.mutable_ttl() = proto.ttl();
  *insert.mutable_tags() = proto.tags();
  insert.set_source(proto.source());
  ASSIGN_OR_RETURN(InsertRequest request, FromProto(rules, insert));
  ASSIGN_OR_RETURN(const absl::Time inserted, ToTime("insert_time", proto.insert_time()));
  request.age = std::max(absl::ZeroDuration(), now - inserted);
  return request;
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
  proto->mutable_embedding()->set_identity(entry.embedding.identity);
  proto->mutable_embedding()->mutable_values()->Add(entry.embedding.values.begin(),
                                                    entry.embedding.values.end());
  ToProto(document.response, proto->mutable_response());
  SetTime(entry.insert_time, proto->mutable_insert_time());
  if (entry.ttl) SetDuration(*entry.ttl, proto->mutable_ttl());
  for (const std::string& tag : entry.tags) proto->add_tags(tag);
  proto->set_source(entry.source);
}

}  // namespace semcached
