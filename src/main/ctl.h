#ifndef SEMCACHED_SRC_MAIN_CTL_H_
#define SEMCACHED_SRC_MAIN_CTL_H_

#include <absl/status/status.h>
#include <absl/time/time.h>

#include <optional>
#include <string>
#include <vector>

#include "main/client.h"

namespace semcached {

// Where and how a command runs.
struct CtlOptions {
  std::string target = "/run/semcached/semcached.sock";  // data: Unix socket or host:port
  std::string admin = "/run/semcached/admin.sock";
  ConnectionOptions connection;  // to the data listener
  bool json = false;
};

// What a lookup or an insert is about.
struct CtlQuery {
  std::string namespace_name;
  std::string model;
  std::string context;
  std::string category;
  std::string query;
};

// What a lookup asks for beside its query.
struct CtlLookupFlags {
  bool explain = false;
  int near_hits = 0;
  bool no_store = false;
  bool bypass = false;
  std::optional<float> min_similarity;
  std::optional<absl::Duration> max_age;
  bool lease = false;                      // take the lease of a miss, or wait for who has it
  std::optional<absl::Duration> max_wait;  // with `lease`; none: the server's default
};

// What an insert brings beside its query.
struct CtlAnswer {
  std::string body = "-";  // "-": standard input
  std::string content_type = "text/plain";
  std::optional<absl::Duration> ttl;  // none: the category's
  std::vector<std::string> tags;
};

// Which entries an invalidation is about; empty: any.
struct CtlInvalidation {
  std::string category;
  std::string namespace_name;
  std::string model;
  std::string tag;
  std::optional<absl::Duration> older_than;
  std::string near;  // a query
  float similarity = 0.9F;
  bool dry_run = false;
};

// The commands of semcachectl. Each prints to standard output; the status is an error to print,
// with the code of the server's answer.
absl::Status CtlLookup(const CtlOptions& options, const CtlQuery& query,
                       const CtlLookupFlags& flags);
absl::Status CtlRenewLease(const CtlOptions& options, const std::string& lease);
absl::Status CtlAbandonLease(const CtlOptions& options, const std::string& lease);
absl::Status CtlInsert(const CtlOptions& options, const CtlQuery& query, const CtlAnswer& answer);
absl::Status CtlInvalidate(const CtlOptions& options, const CtlInvalidation& which);
absl::Status CtlDelete(const CtlOptions& options, const std::string& entry_id);
// One of the two names the answer.
absl::Status CtlFeedback(const CtlOptions& options, const std::string& entry_id,
                         const std::string& lookup_id, bool wrong);
absl::Status CtlStats(const CtlOptions& options);
// Prints again each second, until interrupted or `rounds` times (0: for ever).
absl::Status CtlTop(const CtlOptions& options, int rounds);
absl::Status CtlPolicies(const CtlOptions& options, const std::string& category);
// Prints them again each `interval`, until interrupted or `rounds` times (0: for ever).
absl::Status CtlWatchPolicies(const CtlOptions& options, const std::string& category,
                              absl::Duration interval, int rounds);
absl::Status CtlSetLoad(const CtlOptions& options, const std::string& model, double utilization,
                        absl::Duration duration);
absl::Status CtlClearLoad(const CtlOptions& options, const std::string& model);
absl::Status CtlPolicyEvents(const CtlOptions& options);
absl::Status CtlReload(const CtlOptions& options);
absl::Status CtlFreeze(const CtlOptions& options, bool frozen);
absl::Status CtlFlush(const CtlOptions& options, const std::string& category);
// One JSON object a line; `file` "-": standard output or input.
absl::Status CtlExport(const CtlOptions& options, const std::string& category,
                       const std::string& file);
absl::Status CtlImport(const CtlOptions& options, const std::string& file);
// Judges the recorded lookups under the category files of `directory`.
absl::Status CtlWhatIf(const CtlOptions& options, const std::string& directory);
// `file`: columns label (0 or 1), text_a, text_b, named by its first line; others are passed over.
absl::Status CtlTrainVerifier(const CtlOptions& options, const std::string& category,
                              const std::string& file);
// One JSON object a line.
absl::Status CtlRecorded(const CtlOptions& options, const std::string& category);
absl::Status CtlHealth(const CtlOptions& options);
absl::Status CtlCheck(const CtlOptions& options, const std::string& config);
// Prints a new token, and what a file of principals says of it.
absl::Status CtlNewToken(const CtlOptions& options);

}  // namespace semcached

#endif  // SEMCACHED_SRC_MAIN_CTL_H_
