// Counters, gauges and histograms in Prometheus' text form; prometheus-cpp behind one door.
//
// Thread-safe. What Add... returns is valid as long as the registry, and asking again for the same
// name and labels returns the same one. A name is of one kind. Labels come from bounded sets only,
// never from a caller; a counter or gauge more takes about 50 bytes, a histogram about 1,000.
#ifndef SEMCACHED_BASE_METRICS_H_
#define SEMCACHED_BASE_METRICS_H_

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace prometheus {
class Histogram;
}  // namespace prometheus

namespace semcached {

using MetricLabels = std::map<std::string, std::string>;

// Amounts are not negative.
class Counter {
 public:
  explicit Counter(std::atomic<double>* value) : value_(value) {}
  void Add(double amount = 1) { value_->fetch_add(amount, std::memory_order_relaxed); }
  double Value() const { return value_->load(std::memory_order_relaxed); }

 private:
  std::atomic<double>* value_;
};

class Gauge {
 public:
  explicit Gauge(std::atomic<double>* value) : value_(value) {}
  void Set(double value) { value_->store(value, std::memory_order_relaxed); }
  void Add(double amount) { value_->fetch_add(amount, std::memory_order_relaxed); }
  double Value() const { return value_->load(std::memory_order_relaxed); }

 private:
  std::atomic<double>* value_;
};

class Histogram {
 public:
  explicit Histogram(prometheus::Histogram* histogram) : histogram_(histogram) {}
  void Observe(double value);

 private:
  prometheus::Histogram* histogram_;
};

class Metrics {
 public:
  Metrics();
  ~Metrics();

  // Names are full, with prefix and unit, e.g. "semcached_lookups_total".
  Counter AddCounter(const std::string& name, const std::string& help,
                     const MetricLabels& labels = {});
  Gauge AddGauge(const std::string& name, const std::string& help, const MetricLabels& labels = {});

  // Seconds, from 25 microseconds to 1 second: OpenTelemetry's default buckets begin where this
  // cache has long answered.
  Histogram AddLatency(const std::string& name, const std::string& help,
                       const MetricLabels& labels = {});

  // `bounds` of the buckets rise; values above the last are counted, too.
  Histogram AddHistogram(const std::string& name, const std::string& help,
                         const std::vector<double>& bounds, const MetricLabels& labels = {});

  // The page of /metrics, in Prometheus' text format 0.0.4.
  std::string Render() const;

 private:
  struct Impl;
  const std::unique_ptr<Impl> impl_;
};

}  // namespace semcached

#endif  // SEMCACHED_BASE_METRICS_H_
