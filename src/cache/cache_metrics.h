#ifndef SEMCACHED_SRC_CACHE_CACHE_METRICS_H_
#define SEMCACHED_SRC_CACHE_CACHE_METRICS_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "cache/store_state.h"
#include "semcached/base/metrics.h"
#include "semcached/base/mutex.h"
#include "semcached/cache/semantic_cache.h"
#include "semcached/index/vector_index.h"

namespace semcached {

// How memory and store came to differ: an entry whose document the store has lost, or a document
// that memory has let go of but the store had refused to erase.
enum class Divergence { kIndexWithoutDocument, kDocumentWithoutIndex };

// What the cache counts. Thread-safe. Categories come from configuration, hence a bounded set.
class CacheMetrics {
 public:
  explicit CacheMetrics(Metrics* metrics);

  // Counters of a category begin at 0, so that a rate is right from the first event on.
  void AddCategory(const std::string& category);

  void CountLookup(const LookupResult& result, absl::Duration took);
  void CountLookupError(std::string_view category, std::string_view code);
  void CountRejected(std::string_view category, std::string_view reason);
  void CountInsert(std::string_view category, std::string_view result, absl::Duration took);
  void CountEvicted(std::string_view category, std::string_view why, int64_t count);
  void CountFeedback(std::string_view category, std::string_view verdict);
  void CountVerified(std::string_view category, std::string_view mode, std::string_view decision);
  void CountAudit(std::string_view category, std::string_view verdict);
  void CountRecovered(std::string_view outcome, int64_t count);
  void CountStoreError(std::string_view operation);
  void CountRepaired(Divergence divergence, int64_t count);
  void SetStoreState(StoreState state);
  void SetRecoveryTime(absl::Duration took);
  void SetGauges(const CacheStats& stats, const CacheOptions& options);

  // The counts so far, of one category.
  void FillCounts(const std::string& category, CategoryCounts* counts) const;

 private:
  Counter Of(const char* name, const char* help, const MetricLabels& labels) const {
    return metrics_->AddCounter(name, help, labels);
  }

  // Handles are kept: asking the registry takes its lock and copies labels.
  struct PerCategory {
    explicit PerCategory(std::string category_name) : name(std::move(category_name)) {}
    std::string name;
    std::map<std::string, Counter> lookups;  // by "outcome reason"
    std::map<std::string, Counter> answered_by;
    std::map<std::string, Histogram> seconds;  // by outcome
    struct OfInserts {
      Counter count;
      Histogram seconds;
    };
    std::map<std::string, OfInserts, std::less<>> inserts;  // by result
  };

  PerCategory& HandlesOf(std::string_view category) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Counter& LookupsOf(PerCategory* handles, const std::string& outcome, const std::string& reason)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Metrics* const metrics_;
  mutable Mutex mutex_;
  mutable std::map<std::string, PerCategory, std::less<>> categories_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_CACHE_CACHE_METRICS_H_
