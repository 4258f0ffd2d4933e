#include "semcached/base/metrics.h"

#include <absl/container/flat_hash_map.h>
#include <absl/container/flat_hash_set.h>
#include <absl/container/inlined_vector.h>
#include <absl/hash/hash.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <cstdint>
#include <deque>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include "semcached/base/mutex.h"

namespace semcached {
namespace {

// Counters and gauges. prometheus-cpp keeps a map of strings for each, which for two dozen of each
// of thousands of categories is more than their entries take: here labels are numbers.
class Series {
 public:
  // `type` and `help` are those of the first call for a name.
  std::atomic<double>* Add(const std::string& name, const std::string& help,
                           prometheus::MetricType type, const MetricLabels& labels)
      ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    LabelIds ids;
    for (const auto& label : labels) ids.push_back(IdOf(label));
    Family& family = families_[name];
    if (family.all.empty()) {
      family.help = help;
      family.type = type;
    }
    const auto found = family.by_labels.find(ids);
    if (found != family.by_labels.end()) return &(*found)->value;
    One& one = family.all.emplace_back(std::move(ids));
    family.by_labels.insert(&one);
    return &one.value;
  }

  // One family at a time, so that not all of a page is held twice.
  void Render(const prometheus::TextSerializer& serializer, std::ostream& out) const
      ABSL_LOCKS_EXCLUDED(mutex_) {
    for (const std::string& name : Names()) serializer.Serialize(out, {Collect(name)});
  }

 private:
  using Label = std::pair<std::string, std::string>;
  using LabelIds = absl::InlinedVector<uint32_t, 3>;
  struct One {
    explicit One(LabelIds ids) : labels(std::move(ids)) {}
    const LabelIds labels;
    std::atomic<double> value{0};
  };
  struct HashOfLabels {
    using is_transparent = void;
    size_t operator()(const LabelIds& labels) const { return absl::Hash<LabelIds>()(labels); }
    size_t operator()(const One* one) const { return (*this)(one->labels); }
  };
  struct SameLabels {
    using is_transparent = void;
    bool operator()(const One* a, const One* b) const { return a == b; }
    bool operator()(const One* a, const LabelIds& b) const { return a->labels == b; }
  };
  struct Family {
    std::string help;
    prometheus::MetricType type = prometheus::MetricType::Untyped;
    std::deque<One> all;  // stay where they are
    absl::flat_hash_set<One*, HashOfLabels, SameLabels> by_labels;
  };

  uint32_t IdOf(const std::pair<const std::string, std::string>& label)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const auto found = label_ids_.find(std::pair<std::string_view, std::string_view>(label));
    if (found != label_ids_.end()) return found->second;
    const auto& kept = labels_.emplace_back(label);
    return label_ids_.emplace(kept, static_cast<uint32_t>(labels_.size() - 1)).first->second;
  }

  std::vector<std::string> Names() const ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    std::vector<std::string> names;
    for (const auto& [name, family] : families_) names.push_back(name);
    return names;
  }

  // Under the lock only pointers are copied: a page of very many takes a while to write, and
  // lookups may wait for the lock.
  prometheus::MetricFamily Collect(const std::string& name) const ABSL_LOCKS_EXCLUDED(mutex_) {
    struct Sample {
      absl::InlinedVector<const Label*, 3> labels;
      const std::atomic<double>* value = nullptr;
    };
    std::vector<Sample> samples;
    prometheus::MetricFamily collected;
    collected.name = name;
    {
      MutexLock lock(&mutex_);
      const Family& family = families_.at(name);
      collected.help = family.help;
      collected.type = family.type;
      samples.reserve(family.all.size());
      for (const One& one : family.all) {
        Sample& sample = samples.emplace_back();
        for (const uint32_t id : one.labels) sample.labels.push_back(&labels_[id]);
        sample.value = &one.value;
      }
    }
    collected.metric.resize(samples.size());
    for (size_t i = 0; i < samples.size(); ++i) {
      prometheus::ClientMetric& metric = collected.metric[i];
      for (const Label* label : samples[i].labels) {
        metric.label.push_back({label->first, label->second});
      }
      (collected.type == prometheus::MetricType::Counter ? metric.counter.value
                                                         : metric.gauge.value) = *samples[i].value;
    }
    return collected;
  }

  mutable Mutex mutex_;
  std::map<std::string, Family> families_ ABSL_GUARDED_BY(mutex_);
  // Each pair of a name and a value once; they stay where they are.
  std::deque<Label> labels_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<std::pair<std::string_view, std::string_view>, uint32_t> label_ids_
      ABSL_GUARDED_BY(mutex_);
};

}  // namespace

void Histogram::Observe(double value) { histogram_->Observe(value); }

struct Metrics::Impl {
  Series series;
  // Families and histograms of equal name and labels are merged, as the header promises.
  prometheus::Registry histograms{prometheus::Registry::InsertBehavior::Merge};
};

Metrics::Metrics() : impl_(std::make_unique<Impl>()) {}
Metrics::~Metrics() = default;

Counter Metrics::AddCounter(const std::string& name, const std::string& help,
                            const MetricLabels& labels) {
  return Counter(impl_->series.Add(name, help, prometheus::MetricType::Counter, labels));
}

Gauge Metrics::AddGauge(const std::string& name, const std::string& help,
                        const MetricLabels& labels) {
  return Gauge(impl_->series.Add(name, help, prometheus::MetricType::Gauge, labels));
}

Histogram Metrics::AddLatency(const std::string& name, const std::string& help,
                              const MetricLabels& labels) {
  static const std::vector<double> bounds = {25e-6, 50e-6, 1e-4,   2.5e-4, 5e-4, 1e-3, 2.5e-3,
                                             5e-3,  1e-2,  2.5e-2, 5e-2,   0.1,  0.25, 1};
  return AddHistogram(name, help, bounds, labels);
}

Histogram Metrics::AddHistogram(const std::string& name, const std::string& help,
                                const std::vector<double>& bounds, const MetricLabels& labels) {
  return Histogram(&prometheus::BuildHistogram()
                        .Name(name)
                        .Help(help)
                        .Register(impl_->histograms)
                        .Add(labels, bounds));
}

std::string Metrics::Render() const {
  const prometheus::TextSerializer serializer;
  std::ostringstream page;
  impl_->series.Render(serializer, page);
  serializer.Serialize(page, impl_->histograms.Collect());
  return page.str();
}

}  // namespace semcached
