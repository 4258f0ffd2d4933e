// Utilisation, guessed from latency alone.
#ifndef SEMCACHED_POLICY_LATENCY_TRACK_H_
#define SEMCACHED_POLICY_LATENCY_TRACK_H_

#include <absl/time/time.h>

#include <deque>
#include <optional>

#include "semcached/base/clock.h"

namespace semcached {

// Compares one model's recent latency with its own quiet baseline.
//
// Recent: an exponential mean of about 16 answers. Baseline: the lowest mean among the last 60
// windows, each of a minute and 50 answers at least; so it survives an overload of most of an
// hour, and a model that became slower for good is believed after that. Means are of logarithms,
// because times to a whole answer are skewed and a few very long ones are no overload.
//
// The estimate is 1 - baseline / recent, which is exact where one server works off one queue
// (M/M/1), and low for a server that batches: twice the quiet latency is 0.5, ten times 0.9. A
// model that has been overloaded ever since the first answer is taken for a slow, quiet one.
//
// Not thread-safe.
class LatencyTrack {
 public:
  static constexpr int kEnough = 20;  // answers before there is an estimate

  // `latency` > 0 and finite, else it is left out. After a pause longer than `max_pause`, what was
  // recent is forgotten and the baseline kept.
  void Observe(absl::Duration latency, MonotonicTime now, absl::Duration max_pause);

  // [0,1); absent until kEnough answers were seen since the last pause.
  std::optional<double> Utilization() const;

 private:
  struct Mean {
    double sum = 0;
    int count = 0;
    double Value() const { return sum / count; }
  };

  double Baseline() const;

  int recent_count_ = 0;
  double recent_ = 0;  // logarithm of seconds, as all here
  MonotonicTime last_;
  Mean window_;
  MonotonicTime window_start_;
  std::deque<double> windows_;  // means of those that are complete, newest last
};

}  // namespace semcached

#endif  // SEMCACHED_POLICY_LATENCY_TRACK_H_
