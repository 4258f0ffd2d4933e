// A model server with continuous batching, as a queue: G/G/k whose servers slow each other down.
#ifndef SEMCACHED_REPLAY_MODEL_SERVER_H_
#define SEMCACHED_REPLAY_MODEL_SERVER_H_

#include <absl/time/time.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <queue>
#include <vector>

#include "semcached/replay/trace.h"

namespace semcached {

struct ModelSpeed {
  double input_token_seconds = 0.0001;  // alone in the batch; above 0, as the next
  double output_token_seconds = 0.03;
  // With every slot taken, each token takes this many times as long. 1 or more.
  double full_batch_slowdown = 3;
};

// Up to `slots` requests are worked on at once, and each gets one token of output a step; the
// others wait, first come, first served. A step takes
//   output_token_seconds * (1 + (full_batch_slowdown - 1) * in_flight / slots)
// Reading the input is work as well, in units of output tokens by the ratio of the two speeds.
//
// So all in flight advance at one pace, and what is left of each is a distance on one axis of
// tokens. Times are by the caller's clock and never go back. Not thread-safe.
class ModelServer {
 public:
  ModelServer(const ModelSpeed& speed, int slots);

  struct Done {
    size_t request = 0;
    absl::Duration at;
  };

  // The time of the next end; infinite if nothing is in flight.
  absl::Duration NextDone() const;

  // What ends up to `now`, in order.
  std::vector<Done> AdvanceTo(absl::Duration now);

  // Everything that ends by `now` has been taken by AdvanceTo().
  void Submit(size_t request, const Arrival& work, absl::Duration now);

  int64_t in_flight() const { return static_cast<int64_t>(in_flight_.size()); }
  int64_t queued() const { return static_cast<int64_t>(waiting_.size()); }
  int slots() const { return slots_; }
  // (in flight + queued) / slots: what a gateway reports.
  double Utilization() const;

 private:
  struct Request {
    double tokens = 0;  // of work; in flight: where on the axis it ends
    size_t request = 0;
    bool operator>(const Request& other) const { return tokens > other.tokens; }
  };

  double StepSeconds() const;
  void Admit(Request request);

  const ModelSpeed speed_;
  const int slots_;
  double now_ = 0;      // seconds
  double pace_at_ = 0;  // how far on the axis of tokens the batch is now
  std::priority_queue<Request, std::vector<Request>, std::greater<>> in_flight_;
  std::deque<Request> waiting_;
};

// Utilisation by second, from 0 to the last arrival, without a cache.
std::vector<double> UtilizationBySecond(const Arrivals& arrivals, const ModelSpeed& speed,
                                        int slots);

// The means over the busiest and the calmest ten minutes; over all of a shorter series.
struct Extremes {
  double busiest = 0;
  double calmest = 0;
};
Extremes ExtremesOf(const std::vector<double>& by_second);

// The size of a server for a trace.
struct Sizing {
  int slots = 1;
  Extremes utilization;
};
inline constexpr double kMostWhenCalm = 0.6;
inline constexpr double kLeastWhenBusy = 1.0;

// The smallest server whose utilisation in the calmest ten minutes is at most kMostWhenCalm: of all
// that keep this, it is the one with the deepest overload. Whether the busiest ten minutes reach
// kLeastWhenBusy is the trace's doing, and for the caller to look at.
Sizing SizeServer(const Arrivals& arrivals, const ModelSpeed& speed);

}  // namespace semcached

#endif  // SEMCACHED_REPLAY_MODEL_SERVER_H_
