#include "semcached/policy/scraped_load.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <set>
#include <utility>

#include "policy/scraped_page.h"
#include "semcached/base/log.h"
#include "semcached/policy/latency_track.h"

namespace semcached {

struct ScrapedLoad::Server {
  const ScrapeConfig* config = nullptr;
  Counter failures;
  std::optional<double> utilization = {};  // by the last page that was got
  std::optional<MonotonicTime> got_at = {};
  std::optional<FirstTokens> first_tokens = {};  // of that page
  LatencyTrack time_to_first_token = {};
  std::optional<MonotonicTime> first_token_at = {};  // when it was last observed
  bool failing = false;
  std::string problem = "not scraped yet";  // empty: the last look was good
};

ScrapedLoad::ScrapedLoad(const LoadConfig& config, Metrics* metrics)
    : config_(config.scrape), stale_after_(config.stale_after) {
  MutexLock lock(&mutex_);
  for (const ScrapeConfig& server : config_) {
    servers_.push_back(
        {.config = &server,
         .failures = metrics->AddCounter("semcached_scrape_failures_total",
                                         "Looks at a model server's page of metrics that told "
                                         "nothing of its load.",
                                         {{"model", server.model}})});
  }
}

ScrapedLoad::~ScrapedLoad() = default;

void ScrapedLoad::Take(size_t server, const absl::StatusOr<std::string>& page, MonotonicTime now) {
  const ScrapeConfig& config = config_[server];
  // Read before the lock is taken: a long page keeps nobody waiting.
  const absl::StatusOr<ScrapedPage> read =
      page.ok() ? ReadScrapedPage(config, *page) : page.status();
  const absl::Status& status = read.status();
  bool turned = false;
  {
    MutexLock lock(&mutex_);
    Server& of = servers_[server];
    if (page.ok()) Note(read.ok() ? *read : ScrapedPage(), now, &of);
    of.problem = std::string(status.message());
    turned = of.failing == status.ok();
    of.failing = !status.ok();
    if (of.failing) of.failures.Add();
  }
  if (!turned) return;
  // One line at each turn: a server may stay away for days.
  if (status.ok()) {
    LogInfo("load is scraped again", {{"model", config.model}, {"server", server}});
  } else {
    LogWarning("load cannot be scraped",
               {{"model", config.model}, {"server", server}, {"why", status.message()}});
  }
}

void ScrapedLoad::Note(const ScrapedPage& page, MonotonicTime now, Server* server) {
  const std::optional<FirstTokens> before = server->first_tokens;
  server->got_at = now;
  server->utilization = page.utilization;
  server->first_tokens = page.first_tokens;
  if (!before || !page.first_tokens) return;
  if (const auto mean = MeanTimeToFirstToken(*before, *page.first_tokens)) {
    server->time_to_first_token.Observe(*mean, now, stale_after_);
    server->first_token_at = now;
  }
}

std::optional<double> ScrapedLoad::Known(const Server& server, MonotonicTime now) const {
  if (!server.got_at || now - *server.got_at > stale_after_) return std::nullopt;
  // An idle server says nothing new of first tokens, and what it said while busy must not stay.
  if (!server.first_token_at || now - *server.first_token_at > stale_after_) {
    return server.utilization;
  }
  const std::optional<double> waits =
      server.first_tokens ? server.time_to_first_token.Utilization() : std::nullopt;
  if (!waits || !server.utilization) return waits ? waits : server.utilization;
  return std::max(*waits, *server.utilization);
}

std::optional<double> ScrapedLoad::Utilization(std::string_view model, MonotonicTime now) const {
  MutexLock lock(&mutex_);
  double sum = 0;
  int count = 0;
  for (const Server& server : servers_) {
    if (server.config->model != model) continue;
    const std::optional<double> known = Known(server, now);
    if (!known) continue;
    sum += *known;
    ++count;
  }
  if (count == 0) return std::nullopt;
  return sum / count;
}

std::vector<std::string> ScrapedLoad::Models() const {
  std::set<std::string> models;
  for (const ScrapeConfig& server : config_) models.insert(server.model);
  return {models.begin(), models.end()};
}

std::string ScrapedLoad::Problem(std::string_view model, MonotonicTime now) const {
  MutexLock lock(&mutex_);
  std::string problems = "not configured";
  bool listed = false;
  for (const Server& server : servers_) {
    if (server.config->model != model) continue;
    if (!listed) problems.clear();
    listed = true;
    if (server.problem.empty() && Known(server, now)) continue;
    if (!problems.empty()) problems += "; ";
    if (!server.problem.empty()) {
      problems += server.problem;
    } else if (now - *server.got_at > stale_after_) {
      problems += "stale";
    } else {
      problems += "too few first tokens yet";
    }
  }
  return problems;
}

}  // namespace semcached
