#ifndef SEMCACHED_SRC_CACHE_CACHE_METRICS_H_
#define SEMCACHED_SRC_CACHE_CACHE_METRICS_H_

#include <absl/time/time.h>
#include <absl/types/span.h>

#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "cache/store_state.h"
#include "semcached/base/metrics.h"
#include "semcached/base/mutex.h"
#include "semcached/cache/semantic_cache.h"
#include "semcached/index/vector_index.h"

namespace semcached {

// How memory and store differed: an entry whose document the store has lost; a document without its
// place in memory, or that the store had refused to erase; a place that is another document's.
enum class Divergence { kIndexWithoutDocument, kDocumentWithoutIndex, kIndexOfAnother };

// What the cache counts. Thread-safe. Categories come from configuration, hence a bounded set.
class CacheMetrics {
 public:
  explicit CacheMetrics(Metrics* metrics);

  // Counters of a category begin at 0, so that a rate is right from the first event on.
  void AddCategory(const std::string& category);

  void CountLookup(const LookupResult& result, absl::Duration took);
  // The time from a miss to the insert of its answer.
  void CountModelLatency(std::string_view category, absl::Duration latency);
  void CountLookupError(std::string_view category, std::string_view code);
  // Those of one lookup, for our own locks. Takes none of them.
  void CountLockWaits(absl::Span<const absl::Duration> waits);
  void CountRejected(std::string_view category, std::string_view reason);
  void CountInsert(std::string_view category, std::string_view result, absl::Duration took);
  void CountEvicted(std::string_view category, std::string_view why, int64_t count);
  void CountFeedback(std::string_view category, std::string_view verdict);
  void CountVerified(std::string_view category, std::string_view mode, std::string_view decision);
  void CountConflict(std::string_view category);
  void CountAudit(std::string_view category, std::string_view verdict);
  void CountRecovered(std::string_view outcome, int64_t count);
  // A wait for a lease that came to this end.
  void CountWait(const char* end, absl::Duration waited);
  void CountStoreError(std::string_view operation);
  void CountCompared(int64_t count);
  void CountRepaired(Divergence divergence, int64_t count);
  void SetStoreState(StoreState state);
  void SetRecoveryTime(absl::Duration took);
  void SetGauges(const CacheStats& stats, const CacheOptions& options);

  CostsByCategory Costs() const;
  // The counts so far, of one category.
  void FillCounts(const std::string& category, CategoryCounts* counts) const;

 private:
  Counter Of(const char* name, const char* help, const MetricLabels& labels) const {
    return metrics_->AddCounter(name, help, labels);
  }

  // Handles are kept: asking the registry takes its lock and copies labels, and each second all are
  // read. There may be thousands of categories, most of them idle, so arrays and no maps.
  static constexpr size_t kOutcomes = static_cast<size_t>(Outcome::kBypass) + 1;
  static constexpr size_t kReasons = static_cast<size_t>(MissReason::kVerifier) + 1;
  struct Gauges {
    Gauge entries, graph_entries, memory_bytes, disk_bytes;
  };
  struct PerCategory {
    explicit PerCategory(std::string category_name) : name(std::move(category_name)) {}
    const std::string name;
    std::array<std::array<std::optional<Counter>, kReasons>, kOutcomes> lookups;
    std::array<std::optional<Counter>, 3> inserts;    // in the order of kResults
    std::array<std::optional<Counter>, 3> evictions;  // in the order of kReasonsToLeave
    std::optional<Gauges> gauges;
    std::map<std::string, Counter> answered_by;
    CategoryCosts costs;
    // Of what has happened: idle categories have none, as a histogram takes a kilobyte.
    std::array<std::optional<Histogram>, kOutcomes> lookup_seconds;
    std::map<std::string, Histogram, std::less<>> insert_seconds;  // by result
  };

  Gauges GaugesOf(const std::string& category);
  Counter ConflictsOf(std::string_view category) const;
  PerCategory& HandlesOf(std::string_view category) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Counter& LookupsOf(PerCategory* handles, Outcome outcome, MissReason reason)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Of one of the results and reasons that there are; null of any other.
  Counter* InsertsOf(PerCategory* handles, std::string_view result)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Counter* EvictionsOf(PerCategory* handles, std::string_view why)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Metrics* const metrics_;
  Histogram lock_wait_;
  Gauge longest_lock_wait_;
  std::atomic<int64_t> longest_nanoseconds_{0};  // what the gauge shows
  mutable Mutex mutex_;
  mutable std::map<std::string, PerCategory, std::less<>> categories_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, int64_t> leases_ended_ ABSL_GUARDED_BY(mutex_);  // as counted
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_CACHE_CACHE_METRICS_H_
