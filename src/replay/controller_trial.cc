#include "semcached/replay/controller_trial.h"

#include <algorithm>
#include <deque>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "semcached/base/metrics.h"
#include "semcached/policy/policy_manager.h"
#include "semcached/policy/sensor.h"
#include "semcached/replay/manual_clock.h"
#include "semcached/replay/variants.h"

namespace semcached {
namespace {

constexpr char kModel[] = "model";
constexpr int kTicksAnInterval = 4;

class CurveSensor final : public LoadSensor {
 public:
  explicit CurveSensor(const LoadCurve& curve) : curve_(curve) {}
  const char* Name() const override { return "curve"; }
  std::optional<double> Utilization(std::string_view, MonotonicTime now) const override {
    return curve_(now);
  }
  std::vector<std::string> Models() const override { return {kModel}; }

 private:
  const LoadCurve& curve_;
};

// What became of one category's values.
class Watch {
 public:
  void See(const EffectivePolicy& now, const EffectivePolicy& base, absl::Duration at,
           absl::Duration interval) {
    const float turn = now.similarity_threshold - before_.similarity_threshold;
    const bool moved = seen_ && (turn != 0 || now.ttl != before_.ttl);
    if (seen_ && turn != 0) Turn(turn > 0 ? 1 : -1, at);
    if (moved) {
      changes_.push_back(at);
      while (at - changes_.front() >= interval) changes_.pop_front();
      most_changes_ = std::max(most_changes_, static_cast<int>(changes_.size()));
    }
    moved_ = moved;
    at_base_ = now.similarity_threshold == base.similarity_threshold && now.ttl == base.ttl;
    if (!at_base_) last_away_ = at;
    before_ = now;
    seen_ = true;
  }

  bool moved() const { return moved_; }
  bool at_base() const { return at_base_; }
  absl::Duration last_away() const { return last_away_; }
  int most_changes() const { return most_changes_; }
  int most_reversals() const {
    int most = 0;
    for (const auto& [hour, count] : reversals_) most = std::max(most, count);
    return most;
  }

 private:
  void Turn(int direction, absl::Duration at) {
    if (direction_ != 0 && direction != direction_) ++reversals_[at / absl::Hours(1)];
    direction_ = direction;
  }

  EffectivePolicy before_;
  bool seen_ = false;
  bool moved_ = false;
  bool at_base_ = true;
  int direction_ = 0;
  absl::Duration last_away_ = -absl::InfiniteDuration();
  std::deque<absl::Duration> changes_;
  int most_changes_ = 0;
  std::map<int64_t, int> reversals_;  // by hour
};

}  // namespace

LoadCurve SquareBurst(double calm, double high, absl::Duration begin, absl::Duration end) {
  return [=](absl::Duration at) { return begin <= at && at < end ? high : calm; };
}

LoadCurve Noise(double middle, double part, absl::Duration hold, uint64_t seed) {
  return [=](absl::Duration at) {
    std::mt19937_64 dice(seed * 1'000'003 + static_cast<uint64_t>(at / hold));
    dice.discard(1);
    return middle * (1 + std::uniform_real_distribution<double>(-part, part)(dice));
  };
}

ControllerTrial TryController(const CategoryPolicySet& configured, const LoadConfig& load,
                              const LoadCurve& curve, absl::Duration length,
                              absl::Duration calm_from) {
  ManualClock clock;
  Metrics metrics;
  const CurveSensor sensor(curve);
  PolicyManager manager(PoliciesOf(VariantKind::kAll, configured), nullptr, load, {&sensor}, clock,
                        &metrics);
  std::map<std::string, Watch> watches;
  ControllerTrial trial;
  for (absl::Duration at; at <= length; at += load.interval / kTicksAnInterval) {
    clock.AdvanceTo(at);
    manager.Tick();
    const PoliciesPtr in_force = manager.Current();
    bool moved = false;
    for (const auto& [name, category] : in_force->categories) {
      const EffectivePolicy base = Effective(category.configured, 0);
      Watch& watch = watches[name];
      watch.See(category.For(kModel), base, at, load.interval);
      moved |= watch.moved();
    }
    trial.moves += moved ? 1 : 0;
  }
  for (const auto& [name, watch] : watches) {
    trial.reversals_an_hour = std::max(trial.reversals_an_hour, watch.most_reversals());
    trial.changes_an_interval = std::max(trial.changes_an_interval, watch.most_changes());
    const absl::Duration back =
        watch.at_base() ? watch.last_away() + load.interval / kTicksAnInterval - calm_from
                        : absl::InfiniteDuration();
    trial.back_at_base = std::max(trial.back_at_base, back);
  }
  return trial;
}

}  // namespace semcached
