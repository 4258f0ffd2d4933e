// Load as model servers themselves show it.
#ifndef SEMCACHED_POLICY_SCRAPED_LOAD_H_
#define SEMCACHED_POLICY_SCRAPED_LOAD_H_

#include <absl/status/statusor.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "semcached/base/clock.h"
#include "semcached/base/metrics.h"
#include "semcached/base/mutex.h"
#include "semcached/config/server_config.h"
#include "semcached/policy/sensor.h"

namespace semcached {

struct ScrapedPage;

// Knows a model by the pages of its servers' metrics, until `load.stale_after` has passed since the
// last good one. A page that is read and does not tell the load makes it unknown at once. What a
// server tells is the highest of what its page says (config/semcached.yaml has the kinds) and, for
// vLLM, of its mean time to first token between two pages against its own quiet baseline
// (LatencyTrack, a page an answer: known after 20 pages with new ones, until none has come for
// `load.stale_after`). Of several servers of one
// model the mean counts, over those that are known: they share its work.
//
// Fetches nothing itself (LoadScraper does). Thread-safe.
class ScrapedLoad final : public LoadSensor {
 public:
  // `metrics` outlives it.
  ScrapedLoad(const LoadConfig& config, Metrics* metrics);
  ~ScrapedLoad() override;

  // What came of one look at the page of `config.scrape[server]`.
  void Take(size_t server, const absl::StatusOr<std::string>& page, MonotonicTime now)
      ABSL_LOCKS_EXCLUDED(mutex_);

  const char* Name() const override { return "scraped"; }
  std::optional<double> Utilization(std::string_view model, MonotonicTime now) const override
      ABSL_LOCKS_EXCLUDED(mutex_);
  std::vector<std::string> Models() const override;
  std::string Problem(std::string_view model, MonotonicTime now) const override
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Server;

  // A page that tells nothing is an empty one.
  void Note(const ScrapedPage& page, MonotonicTime now, Server* server)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::optional<double> Known(const Server& server, MonotonicTime now) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::vector<ScrapeConfig> config_;
  const absl::Duration stale_after_;

  mutable Mutex mutex_;
  std::vector<Server> servers_ ABSL_GUARDED_BY(mutex_);  // as config_
};

}  // namespace semcached

#endif  // SEMCACHED_POLICY_SCRAPED_LOAD_H_
