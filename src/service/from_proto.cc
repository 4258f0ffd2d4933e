#include <absl/strings/ascii.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <utility>

#include "semcached/base/status.h"
#include "semcached/base/utf8.h"
#include "semcached/index/similarity.h"
#include "service/convert.h"

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
constexpr int kMaxNearHits = 16;
constexpr absl::Duration kDefaultWait = absl::Seconds(30);

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
    return absl::InvalidArgumentError(absl::StrCat(std::string(field), " has ", proto.nanos(),
                                                   " nanos; allowed are 0 to 999999999"));
  }
  return absl::FromUnixSeconds(proto.seconds()) + absl::Nanoseconds(proto.nanos());
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

absl::StatusOr<EntryId> ParseEntryId(std::string_view text) {
  EntryId id = 0;
  // SimpleHexAtoi() would also take white space, a sign and 0x.
  const bool digits = std::all_of(text.begin(), text.end(), absl::ascii_isxdigit);
  if (text.size() != 16 || !digits || !absl::SimpleHexAtoi(std::string(text), &id) || id == 0) {
    return absl::InvalidArgumentError("entry_id is not one; they have 16 hexadecimal digits");
  }
  return id;
}

absl::StatusOr<absl::Duration> ToDuration(std::string_view field,
                                          const google::protobuf::Duration& proto) {
  const bool valid =
      proto.nanos() > -1'000'000'000 && proto.nanos() < 1'000'000'000 &&
      (proto.seconds() == 0 || proto.nanos() == 0 || (proto.seconds() > 0) == (proto.nanos() > 0));
  if (!valid) {
    return absl::InvalidArgumentError(
        absl::StrCat(std::string(field), " has ", proto.seconds(), " seconds and ", proto.nanos(),
                     " nanos; both need one sign, and nanos at most 999999999"));
  }
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
  if (proto.on_miss() == v1::ON_MISS_LEASE && proto.no_store()) {
    return absl::InvalidArgumentError(
        "no_store keeps nothing that others could wait for; leave it out, or use on_miss RETURN");
  }
  if (proto.near_hits() < 0 || proto.near_hits() > kMaxNearHits) {
    return absl::InvalidArgumentError(
        absl::StrCat("near_hits is ", proto.near_hits(), "; allowed is 0 to ", kMaxNearHits));
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
      return absl::InvalidArgumentError(absl::StrCat("max_age is ",
                                                     absl::FormatDuration(request.max_age),
                                                     "; more than 0, or leave it out for any age"));
    }
  }
  request.no_store = proto.no_store();
  request.bypass = proto.bypass();
  request.explain = proto.explain();
  request.near_hits = static_cast<size_t>(proto.near_hits());
  if (proto.on_miss() == v1::ON_MISS_LEASE) request.on_miss = OnMiss::kLease;
  return request;
}

absl::StatusOr<absl::Duration> MaxWait(const LeasesConfig& leases, const v1::LookupRequest& proto) {
  absl::Duration wait = kDefaultWait;
  if (proto.has_max_wait()) {
    ASSIGN_OR_RETURN(wait, ToDuration("max_wait", proto.max_wait()));
    if (wait <= absl::ZeroDuration()) {
      return absl::InvalidArgumentError(absl::StrCat("max_wait is ", absl::FormatDuration(wait),
                                                     "; more than 0, or leave it out for ",
                                                     absl::FormatDuration(kDefaultWait)));
    }
  }
  return std::min(wait, leases.max_wait);
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
      return absl::InvalidArgumentError(
          absl::StrCat("ttl is ", absl::FormatDuration(*request.ttl),
                       "; 0 or more, or leave it out for the category's own"));
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
    if (proto.near().query().empty()) {
      return absl::InvalidArgumentError("near.query is empty; send the query, or no near");
    }
    if (!(similarity > 0 && similarity <= 1)) {
      return absl::InvalidArgumentError(
          absl::StrCat("near.similarity is ", similarity, "; allowed is (0, 1]"));
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

absl::StatusOr<Feedback> FromProto(const v1::ReportFeedbackRequest& proto) {
  RETURN_IF_ERROR(CheckText("note", proto.note(), 1024));
  RETURN_IF_ERROR(CheckText("lookup_id", proto.lookup_id(), 64));
  Feedback feedback;
  feedback.lookup_id = proto.lookup_id();
  if (!proto.entry_id().empty()) {
    ASSIGN_OR_RETURN(feedback.entry_id, ParseEntryId(proto.entry_id()));
  } else if (proto.lookup_id().empty()) {
    return absl::InvalidArgumentError("name the entry_id or the lookup_id");
  }
  switch (proto.verdict()) {
    case v1::ReportFeedbackRequest::VERDICT_WRONG:
      feedback.verdict = HitVerdict::kWrong;
      return feedback;
    case v1::ReportFeedbackRequest::VERDICT_CORRECT:
      feedback.verdict = HitVerdict::kRight;
      return feedback;
    default:
      return absl::InvalidArgumentError("verdict is not set; use CORRECT or WRONG");
  }
}

absl::StatusOr<LoadReport> FromProto(const v1::ReportLoadRequest& proto) {
  RETURN_IF_ERROR(CheckText("model", proto.model(), kMaxModelBytes));
  LoadReport report;
  report.in_flight = proto.in_flight();
  report.queued = proto.queued();
  report.limit = proto.limit();
  report.rejected = proto.rejected();
  ASSIGN_OR_RETURN(report.latency, ToDuration("latency", proto.latency()));
  return report;
}

}  // namespace semcached
