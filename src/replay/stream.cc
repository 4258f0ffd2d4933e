#include "semcached/replay/stream.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <utility>

#include "semcached/base/status.h"

namespace semcached {
namespace {

using Dice = std::mt19937_64;

// A draw of one of many by weight.
class Wheel {
 public:
  void Add(double weight) { ends_.push_back((ends_.empty() ? 0 : ends_.back()) + weight); }
  size_t Draw(Dice& dice) const {
    const double at = std::uniform_real_distribution<double>(0, ends_.back())(dice);
    const auto found = std::upper_bound(ends_.begin(), ends_.end(), at);
    return std::min(static_cast<size_t>(found - ends_.begin()), ends_.size() - 1);
  }

 private:
  std::vector<double> ends_;
};

// The questions of one category, the most often asked first.
struct Ranking {
  std::vector<size_t> intents;
  Wheel wheel;
};

Ranking Rank(const QuestionBank& bank, std::vector<size_t> intents, double exponent, Dice& dice) {
  std::shuffle(intents.begin(), intents.end(), dice);
  std::stable_sort(intents.begin(), intents.end(), [&](size_t a, size_t b) {
    return bank.intents[a].texts.size() > bank.intents[b].texts.size();
  });
  Ranking ranking;
  for (size_t rank = 1; rank <= intents.size(); ++rank) {
    ranking.wheel.Add(std::pow(static_cast<double>(rank), -exponent));
  }
  ranking.intents = std::move(intents);
  return ranking;
}

}  // namespace

absl::StatusOr<AskStream> MakeAskStream(const Arrivals& arrivals, const QuestionBank& bank,
                                        const ReplayWorkload& workload, const RepetitionLaw& law,
                                        uint64_t seed) {
  Dice dice(seed);
  std::vector<Ranking> rankings;
  Wheel categories;
  for (const auto& [category, share] : workload.shares) {
    if (share == 0) continue;
    const auto found = bank.by_category.find(category);
    if (found == bank.by_category.end()) {
      return absl::InvalidArgumentError(absl::StrCat(workload.name, ": shares: ", category,
                                                     ": there is no question of this category"));
    }
    rankings.push_back(Rank(bank, found->second, law.Of(category), dice));
    categories.Add(share);
  }
  const auto draw = [&](absl::Duration at) {
    const Ranking& ranking = rankings[categories.Draw(dice)];
    Ask ask;
    ask.at = at;
    ask.intent = ranking.intents[ranking.wheel.Draw(dice)];
    ask.text = dice() % bank.intents[ask.intent].texts.size();
    ask.tenant = static_cast<int64_t>(ask.intent) % workload.tenants;
    return ask;
  };
  AskStream stream;
  const auto count = static_cast<double>(workload.history_arrivals);
  for (int64_t i = workload.history_arrivals; i > 0; --i) {
    stream.history.push_back(draw(-workload.history_span * (static_cast<double>(i) / count)));
  }
  for (const Arrival& arrival : arrivals) {
    stream.trace.push_back(draw(arrival.at));
    stream.trace.back().work = arrival;
  }
  return stream;
}

AskStream CutStream(AskStream stream, absl::Duration from, absl::Duration length) {
  AskStream cut;
  cut.history = std::move(stream.history);
  for (Ask& ask : cut.history) ask.at -= from;
  for (Ask& ask : stream.trace) {
    ask.at -= from;
    ask.work.at -= from;
    if (ask.at < absl::ZeroDuration()) {
      cut.history.push_back(ask);
    } else if (ask.at < length) {
      cut.trace.push_back(ask);
    }
  }
  return cut;
}

int64_t FactAt(size_t intent, absl::Duration at, absl::Duration stays) {
  if (stays <= absl::ZeroDuration() || stays == absl::InfiniteDuration()) return 0;
  constexpr size_t kMoments = 1009;  // prime: neighbours change far from each other
  const double moment = static_cast<double>(intent * 617 % kMoments) / kMoments;
  return static_cast<int64_t>(std::floor(absl::FDivDuration(at, stays) + moment));
}

}  // namespace semcached
