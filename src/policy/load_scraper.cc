#include "semcached/policy/load_scraper.h"

#include <string>
#include <utility>

#include "semcached/base/call.h"

namespace semcached {

LoadScraper::LoadScraper(const LoadConfig& config, std::vector<std::unique_ptr<PageSource>> pages,
                         const Clock& clock, ScrapedLoad* load)
    : pages_(std::move(pages)), clock_(clock), load_(load) {
  for (size_t i = 0; i < pages_.size(); ++i) {
    tasks_.push_back(std::make_unique<PeriodicTask>("scrape", config.scrape[i].interval,
                                                    [this, i] { Look(i); }));
  }
}

LoadScraper::~LoadScraper() { Stop(); }

void LoadScraper::Start() {
  for (const auto& task : tasks_) task->Start();
}

void LoadScraper::Stop() {
  stopping_ = true;  // so that all end at once, and not one after the other
  for (const auto& task : tasks_) task->Stop();
  stopping_ = false;
}

void LoadScraper::Look(size_t server) {
  // The source has a time-out of its own.
  const Call call(clock_, absl::InfiniteDuration(), [this] { return stopping_.load(); });
  const absl::StatusOr<std::string> page = pages_[server]->Get(call);
  if (!absl::IsCancelled(page.status())) load_->Take(server, page, clock_.Monotonic());
}

}  // namespace semcached
