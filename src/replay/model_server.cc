#include "semcached/replay/model_server.h"

#include <algorithm>
#include <numeric>

namespace semcached {
namespace {

// Seconds; of times that went through a Duration and back.
constexpr double kRounding = 1e-8;

}  // namespace

ModelServer::ModelServer(const ModelSpeed& speed, int slots) : speed_(speed), slots_(slots) {}

double ModelServer::StepSeconds() const {
  const double full = static_cast<double>(in_flight_.size()) / slots_;
  return speed_.output_token_seconds * (1 + (speed_.full_batch_slowdown - 1) * full);
}

absl::Duration ModelServer::NextDone() const {
  if (in_flight_.empty()) return absl::InfiniteDuration();
  const double left = std::max(0.0, in_flight_.top().tokens - pace_at_);
  return absl::Seconds(now_ + left * StepSeconds());
}

std::vector<ModelServer::Done> ModelServer::AdvanceTo(absl::Duration now) {
  const double until = absl::ToDoubleSeconds(now);
  std::vector<Done> done;
  while (!in_flight_.empty()) {
    const Request next = in_flight_.top();
    const double step = StepSeconds();
    const double end = now_ + std::max(0.0, next.tokens - pace_at_) * step;
    if (end > until + kRounding) {
      pace_at_ += std::max(0.0, until - now_) / step;
      break;
    }
    in_flight_.pop();
    now_ = std::min(end, until);
    pace_at_ = std::max(pace_at_, next.tokens);
    done.push_back({next.request, absl::Seconds(now_)});
    if (!waiting_.empty()) {
      Admit(waiting_.front());
      waiting_.pop_front();
    }
  }
  now_ = std::max(now_, until);
  return done;
}

void ModelServer::Submit(size_t request, const Arrival& work, absl::Duration now) {
  now_ = std::max(now_, absl::ToDoubleSeconds(now));
  const double input = speed_.input_token_seconds / speed_.output_token_seconds;
  const Request made{
      static_cast<double>(work.output_tokens) + input * static_cast<double>(work.input_tokens),
      request};
  if (in_flight() < slots_) {
    Admit(made);
  } else {
    waiting_.push_back(made);
  }
}

void ModelServer::Admit(Request request) {
  request.tokens += pace_at_;
  in_flight_.push(request);
}

double ModelServer::Utilization() const {
  return static_cast<double>(in_flight() + queued()) / slots_;
}

std::vector<double> UtilizationBySecond(const Arrivals& arrivals, const ModelSpeed& speed,
                                        int slots) {
  ModelServer server(speed, slots);
  std::vector<double> by_second;
  size_t next = 0;
  for (absl::Duration now; now <= arrivals.back().at; now += absl::Seconds(1)) {
    for (; next < arrivals.size() && arrivals[next].at <= now; ++next) {
      server.AdvanceTo(arrivals[next].at);
      server.Submit(next, arrivals[next], arrivals[next].at);
    }
    server.AdvanceTo(now);
    by_second.push_back(server.Utilization());
  }
  return by_second;
}

Extremes ExtremesOf(const std::vector<double>& by_second) {
  constexpr size_t kTenMinutes = 600;
  const size_t width = std::min(kTenMinutes, by_second.size());
  if (width == 0) return {};
  double sum =
      std::accumulate(by_second.begin(), by_second.begin() + static_cast<long>(width), 0.0);
  Extremes sums{sum, sum};
  for (size_t end = width; end < by_second.size(); ++end) {
    sum += by_second[end] - by_second[end - width];
    sums.busiest = std::max(sums.busiest, sum);
    sums.calmest = std::min(sums.calmest, sum);
  }
  const auto count = static_cast<double>(width);
  return {sums.busiest / count, std::max(0.0, sums.calmest / count)};
}

Sizing SizeServer(const Arrivals& arrivals, const ModelSpeed& speed) {
  const auto extremes = [&](int slots) {
    return ExtremesOf(UtilizationBySecond(arrivals, speed, slots));
  };
  int enough = 1;
  while (extremes(enough).calmest > kMostWhenCalm) enough *= 2;
  int too_few = enough / 2;  // 0: one slot is enough
  while (enough - too_few > 1) {
    const int middle = too_few + (enough - too_few) / 2;
    (extremes(middle).calmest > kMostWhenCalm ? too_few : enough) = middle;
  }
  return {enough, extremes(enough)};
}

}  // namespace semcached
