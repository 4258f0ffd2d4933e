#include "semcached/access/access_control.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/strip.h>

#include <algorithm>
#include <utility>

#include "semcached/base/hash.h"

namespace semcached {
namespace {

constexpr std::string_view kScheme = "Bearer ";
// What may come at once after a quiet time, in seconds' worth of requests; one batch at least.
constexpr double kBurstSeconds = 1;
constexpr double kLeastBurst = 64;
constexpr double kReportSeconds = 10;

PrincipalConfig Everything(std::string name) {
  PrincipalConfig config;
  config.name = std::move(name);
  config.rights = {Right::kLookup, Right::kInsert, Right::kFeedback, Right::kLoad, Right::kAdmin};
  config.all_namespaces = true;
  return config;
}

std::string IdOf(const PrincipalConfig& config) {
  std::string id = config.name;
  for (const std::string& name : config.namespaces) AppendLengthPrefixed(name, &id);
  return id;
}

std::optional<std::string_view> TokenOf(std::string_view authorization) {
  if (!absl::StartsWithIgnoreCase({authorization.data(), authorization.size()},
                                  {kScheme.data(), kScheme.size()})) {
    return std::nullopt;
  }
  return authorization.substr(kScheme.size());
}

}  // namespace

Principal::Principal(PrincipalConfig config, double report_rate, const Clock* clock)
    : config_(std::move(config)),
      id_(IdOf(config_)),
      report_rate_(clock, report_rate, std::max(1.0, kReportSeconds * report_rate)) {
  const auto limit = [clock](double rate, std::optional<RateLimit>* out) {
    if (rate > 0) out->emplace(clock, rate, std::max(kLeastBurst, kBurstSeconds * rate));
  };
  limit(config_.max_rate, &rate_);
  limit(config_.max_insert_rate, &insert_rate_);
}

bool Principal::Has(Right right) const {
  return std::find(config_.rights.begin(), config_.rights.end(), right) != config_.rights.end();
}

absl::Status Principal::Use(Right right, int requests) {
  if (!Has(right)) {
    return absl::PermissionDeniedError(
        absl::StrCat(name(), " has not the right ", Name(right),
                     "; whoever keeps the file of principals can give it"));
  }
  const auto too_many = [this](double rate, const char* of_what) {
    return absl::ResourceExhaustedError(
        absl::StrCat(name(), " may send ", rate, " ", of_what, " a second; back off"));
  };
  if (rate_ && !rate_->Take(requests)) return too_many(config_.max_rate, "requests");
  if (right == Right::kInsert && insert_rate_ && !insert_rate_->Take(requests)) {
    return too_many(config_.max_insert_rate, "inserts");
  }
  return absl::OkStatus();
}

absl::Status Principal::CheckNamespace(std::string_view name) const {
  if (config_.all_namespaces || config_.namespaces.contains(name)) return absl::OkStatus();
  return absl::PermissionDeniedError(
      absl::StrCat("the namespace is not one of ", config_.name,
                   "'s; whoever keeps the file of principals can add it"));
}

AccessControl::AccessControl(std::string open, double report_rate, const Clock* clock)
    : report_rate_(report_rate),
      clock_(clock),
      open_(std::make_shared<Principal>(Everything(std::move(open)), report_rate, clock)) {}

void AccessControl::Replace(const std::vector<PrincipalConfig>& principals) {
  auto made = std::make_shared<Principals>();
  made->reserve(principals.size());
  for (const PrincipalConfig& config : principals) {
    made->push_back(std::make_shared<Principal>(config, report_rate_, clock_));
  }
  {
    MutexLock lock(&mutex_);
    principals_ = std::move(made);
  }
  is_open_ = false;
}

absl::StatusOr<PrincipalPtr> AccessControl::Identify(const Shown& shown) const {
  if (PrincipalPtr everybody = Everybody(); everybody != nullptr) return everybody;
  std::shared_ptr<const Principals> principals;
  {
    MutexLock lock(&mutex_);
    principals = principals_;
  }
  PrincipalPtr found;
  if (!shown.authorization.empty()) {
    const std::optional<std::string_view> token = TokenOf(shown.authorization);
    if (!token) {
      return absl::UnauthenticatedError(
          "authorization is no bearer token; send `authorization: Bearer TOKEN`");
    }
    const Sha256Hash hash = Sha256(*token);
    // Compared with every one, so that time tells nothing of who is there.
    for (const PrincipalPtr& principal : *principals) {
      for (const Sha256Hash& known : principal->config().tokens) {
        if (EqualInConstantTime(known, hash)) found = principal;
      }
    }
    if (found == nullptr) return absl::UnauthenticatedError("nobody has this token");
    return found;
  }
  for (const PrincipalPtr& principal : *principals) {
    const std::string& certificate = principal->config().certificate;
    if (certificate.empty()) continue;
    const auto& names = shown.certificates;
    if (std::find(names.begin(), names.end(), certificate) != names.end()) return principal;
  }
  return absl::UnauthenticatedError(
      shown.certificates.empty()
          ? "who calls is not known; send `authorization: Bearer TOKEN`"
          : "the certificate is no principal's; send `authorization: Bearer TOKEN`, or let it be "
            "added to the file of principals");
}

}  // namespace semcached
