// What an operator changes while the server runs: policies and principals.

#include <absl/strings/str_cat.h>

#include <utility>

#include "main/application.h"
#include "semcached/base/clock.h"
#include "semcached/base/log.h"
#include "semcached/config/load.h"
#include "semcached/config/principals.h"

namespace semcached {

absl::StatusOr<std::shared_ptr<const Classifier>> Application::Learn(
    const CategoryPolicySet& categories) {
  const auto embedder = embedders_.find(config_.classification.embedder);
  if (config_.require_category || embedder == embedders_.end()) {
    return std::shared_ptr<const Classifier>();
  }
  PrototypeOptions options;
  options.default_category = categories.default_category;
  options.margin = config_.classification.margin;
  options.private_margin = config_.classification.private_margin;
  return teacher_.Learn(categories, options, embedder->second.get(), Call(SystemClock()));
}

absl::Status Application::Reload() {
  MutexLock lock(&reload_mutex_);
  absl::Status principals = ReloadPrincipals();
  absl::Status policies = ReloadPolicies();
  if (principals.ok()) return policies;
  if (policies.ok()) return principals;
  return absl::Status(policies.code(), absl::StrCat(principals.message(), policies.message()));
}

absl::Status Application::ReloadPrincipals() {
  if (config_.principals_file.empty()) return absl::OkStatus();
  const auto read = ReadPrincipals(config_.principals_file);
  metrics_
      .AddGauge("semcached_principals_last_reload_successful",
                "1 if the file of principals was taken when it was last read; else the former ones "
                "are in force.")
      .Set(read.ok() ? 1 : 0);
  if (!read.ok()) {
    for (const ConfigError& error : read.errors) {
      LogError("principals refused, the former ones stay", {{"error", error.ToString()}});
    }
    return absl::InvalidArgumentError(ToString(read.errors));
  }
  access_.Replace(*read.value);
  LogInfo("principals", {{"count", read.value->size()}});
  return absl::OkStatus();
}

absl::Status Application::ReloadPolicies() {
  Gauge good = metrics_.AddGauge("semcached_config_last_reload_successful",
                                 "1 if the last reload of the category files was taken.");
  Counter reloads = metrics_.AddCounter("semcached_config_reloads_total",
                                        "Reloads of the category files that were taken.");
  Counter refused = metrics_.AddCounter("semcached_config_reloads_refused_total",
                                        "Reloads of the category files that changed nothing.");
  const auto refuse = [&](absl::Status why) {
    good.Set(0);
    refused.Add();
    policies_->NoteRefusedReload(std::string(why.message()));
    return why;
  };
  const ConfigResult<CategoryPolicySetPtr> read = ReadCategories(config_);
  if (!read.ok()) {
    for (const ConfigError& error : read.errors) {
      LogError("reload refused, the former policies stay", {{"error", error.ToString()}});
    }
    return refuse(absl::InvalidArgumentError(ToString(read.errors)));
  }
  auto classifier = Learn(**read.value);
  if (!classifier.ok()) {
    LogError("reload refused, the former policies stay",
             {{"error", classifier.status().message()}});
    return refuse(classifier.status());
  }
  policies_->Replace(*read.value, *std::move(classifier));
  if (cache_->FollowPolicies()) RequestRecovery();
  good.Set(1);
  reloads.Add();
  metrics_
      .AddGauge("semcached_config_last_reload_success_timestamp_seconds",
                "When the category files were last taken.")
      .Set(absl::ToDoubleSeconds(SystemClock().Wall() - absl::UnixEpoch()));
  LogInfo("policies reloaded", {{"categories", (*read.value)->categories.size()}});
  return absl::OkStatus();
}

}  // namespace semcached
