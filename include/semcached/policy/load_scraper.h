// Looks at the pages of model servers, again and again.
#ifndef SEMCACHED_POLICY_LOAD_SCRAPER_H_
#define SEMCACHED_POLICY_LOAD_SCRAPER_H_

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "semcached/base/clock.h"
#include "semcached/base/periodic_task.h"
#include "semcached/config/server_config.h"
#include "semcached/http/page_source.h"
#include "semcached/policy/scraped_load.h"

namespace semcached {

// Each server has a thread of its own, so that a slow one delays neither the others nor whoever
// reads the sensor. To be used from one thread.
class LoadScraper {
 public:
  // `pages` are those of `config.scrape`, in its order. `clock` and `load` outlive it.
  LoadScraper(const LoadConfig& config, std::vector<std::unique_ptr<PageSource>> pages,
              const Clock& clock, ScrapedLoad* load);
  ~LoadScraper();  // stops

  void Start();

  // Looks under way are cancelled, and what they gave is not told.
  void Stop();

 private:
  void Look(size_t server);

  const std::vector<std::unique_ptr<PageSource>> pages_;
  const Clock& clock_;
  ScrapedLoad* const load_;
  std::atomic<bool> stopping_{false};
  std::vector<std::unique_ptr<PeriodicTask>> tasks_;
};

}  // namespace semcached

#endif  // SEMCACHED_POLICY_LOAD_SCRAPER_H_
