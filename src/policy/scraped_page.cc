#include "policy/scraped_page.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "policy/metrics_page.h"
#include "semcached/base/status.h"

namespace semcached {
namespace {

// The names of vLLM. The cache's use was renamed in 2025: older servers have the old name alone.
constexpr char kRunning[] = "vllm:num_requests_running";
constexpr char kWaiting[] = "vllm:num_requests_waiting";
constexpr char kCacheUse[] = "vllm:kv_cache_usage_perc";  // a share, for all its name
constexpr char kOldCacheUse[] = "vllm:gpu_cache_usage_perc";
constexpr char kFirstTokenCount[] = "vllm:time_to_first_token_seconds_count";
constexpr char kFirstTokenSum[] = "vllm:time_to_first_token_seconds_sum";

absl::Status Missing(const std::string& name) {
  return absl::InvalidArgumentError(
      absl::StrCat(name, " is not on the page; check url, kind and labels"));
}

absl::StatusOr<double> Utilization(const char* what, double value) {
  if (std::isfinite(value) && value >= 0) return value;
  return absl::InvalidArgumentError(
      absl::StrCat(what, " comes to ", value, "; a finite number >= 0 is expected"));
}

class VllmPage {
 public:
  VllmPage(const ScrapeConfig& config, std::string_view page) : config_(config) {
    std::vector<Series> patterns;
    for (const char* name :
         {kRunning, kWaiting, kCacheUse, kOldCacheUse, kFirstTokenCount, kFirstTokenSum}) {
      patterns.push_back(Named(name));
    }
    samples_ = ReadSamples(page, patterns);
  }

  absl::StatusOr<ScrapedPage> Read() const {
    RETURN_IF_ERROR(samples_.status());
    ScrapedPage read;
    if (config_.limit > 0) {
      const std::optional<double> running = SumOf(*samples_, Named(kRunning));
      const std::optional<double> waiting = SumOf(*samples_, Named(kWaiting));
      if (!running) return Missing(kRunning);
      if (!waiting) return Missing(kWaiting);
      ASSIGN_OR_RETURN(read.utilization,
                       Utilization("(running + waiting) / limit",
                                   (*running + *waiting) / static_cast<double>(config_.limit)));
    }
    std::optional<double> cache = HighestOf(*samples_, Named(kCacheUse));
    if (!cache) cache = HighestOf(*samples_, Named(kOldCacheUse));
    if (cache) {
      ASSIGN_OR_RETURN(const double use, Utilization(kCacheUse, *cache));
      read.utilization = std::max(use, read.utilization.value_or(0));
    }
    const std::optional<double> count = SumOf(*samples_, Named(kFirstTokenCount));
    const std::optional<double> seconds = SumOf(*samples_, Named(kFirstTokenSum));
    if (config_.first_token && count && seconds) read.first_tokens = {*count, *seconds};
    if (!read.utilization && !read.first_tokens) return Missing(kCacheUse);
    return read;
  }

 private:
  Series Named(const char* name) const {
    Series series;
    series.name = name;
    if (!config_.model_name.empty()) series.labels["model_name"] = config_.model_name;
    return series;
  }

  const ScrapeConfig& config_;
  absl::StatusOr<MetricSamples> samples_;
};

absl::StatusOr<ScrapedPage> ReadMetric(const ScrapeConfig& config, std::string_view page) {
  std::vector<Series> patterns = {config.value};
  if (config.divide_by) patterns.push_back(*config.divide_by);
  ASSIGN_OR_RETURN(const MetricSamples samples, ReadSamples(page, patterns));
  const std::optional<double> value = SumOf(samples, config.value);
  if (!value) return Missing(config.value.name);
  double divisor = config.divisor;
  if (config.divide_by) {
    const std::optional<double> sum = SumOf(samples, *config.divide_by);
    if (!sum) return Missing(config.divide_by->name);
    divisor = *sum;
  }
  ScrapedPage read;
  ASSIGN_OR_RETURN(read.utilization, Utilization("value / divide_by", *value / divisor));
  return read;
}

}  // namespace

absl::StatusOr<ScrapedPage> ReadScrapedPage(const ScrapeConfig& config, std::string_view page) {
  if (config.kind == ScrapeKind::kVllm) return VllmPage(config, page).Read();
  return ReadMetric(config, page);
}

std::optional<absl::Duration> MeanTimeToFirstToken(const FirstTokens& before,
                                                   const FirstTokens& after) {
  const double count = after.count - before.count;
  const double seconds = after.seconds - before.seconds;
  if (count <= 0 || seconds <= 0) return std::nullopt;
  // A page may hold numbers whose sum, or quotient, is none.
  const absl::Duration mean = absl::Seconds(seconds / count);
  if (mean < absl::ZeroDuration() || mean == absl::InfiniteDuration()) return std::nullopt;
  return mean;
}

}  // namespace semcached
