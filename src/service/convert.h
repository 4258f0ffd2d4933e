#ifndef SEMCACHED_SRC_SERVICE_CONVERT_H_
#define SEMCACHED_SRC_SERVICE_CONVERT_H_

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <map>
#include <string>
#include <string_view>

#include "semcached/cache/recorded_lookup.h"
#include "semcached/cache/semantic_cache.h"
#include "semcached/config/server_config.h"
#include "semcached/policy/reported_load.h"
#include "semcached/v1/admin.pb.h"
#include "semcached/v1/load.pb.h"
#include "semcached/v1/semantic_cache.pb.h"

namespace semcached {

// Of the name of a model whose load is told.
inline constexpr size_t kMaxModelBytes = 1024;

// What a request may be. `dimensions` is by the identities of the configured embedders.
struct RequestRules {
  LimitsConfig limits;
  bool allow_anonymous = false;
  std::map<std::string, size_t> dimensions;
};

// Validates and converts: a request that is wrong in itself goes no further than this.
// InvalidArgument names the field, the value and what would be right. Unimplemented: a field that
// is reserved for later.
absl::StatusOr<LookupRequest> FromProto(const RequestRules& rules, const v1::LookupRequest& proto);
// How long a lookup with on_miss LEASE may wait.
absl::StatusOr<absl::Duration> MaxWait(const LeasesConfig& leases, const v1::LookupRequest& proto);
absl::StatusOr<InsertRequest> FromProto(const RequestRules& rules, const v1::InsertRequest& proto);
absl::StatusOr<InvalidateRequest> FromProto(const RequestRules& rules,
                                            const v1::InvalidateRequest& proto);
absl::StatusOr<InsertRequest> FromProto(const RequestRules& rules, const v1::ExportedEntry& proto,
                                        absl::Time now);

absl::StatusOr<Feedback> FromProto(const v1::ReportFeedbackRequest& proto);
absl::StatusOr<LoadReport> FromProto(const v1::ReportLoadRequest& proto);
void ToProto(const FeedbackResult& result, v1::ReportFeedbackResponse* proto);

void ToProto(LookupResult result, bool explain, v1::LookupResponse* proto);
void ToProto(const InsertResult& result, v1::InsertResponse* proto);
void ToProto(const Document& document, v1::ExportedEntry* proto);
void ToProto(const RecordedLookup& lookup, v1::RecordedLookup* proto);

// Ids as 16 hexadecimal digits.
std::string FormatEntryId(EntryId id);
absl::StatusOr<EntryId> ParseEntryId(std::string_view text);

// Saturating in both directions.
void SetTime(absl::Time time, google::protobuf::Timestamp* proto);
void SetDuration(absl::Duration duration, google::protobuf::Duration* proto);
absl::StatusOr<absl::Duration> ToDuration(std::string_view field,
                                          const google::protobuf::Duration& proto);

// InvalidArgument if `text` is not well-formed UTF-8 or longer than `limit` bytes.
absl::Status CheckText(std::string_view field, std::string_view text, size_t limit);

}  // namespace semcached

#endif  // SEMCACHED_SRC_SERVICE_CONVERT_H_
