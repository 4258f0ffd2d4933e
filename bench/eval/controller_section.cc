// load.3: the controller alone, under bursts and noise.
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "eval/adapt_sections.h"
#include "semcached/replay/controller_trial.h"

namespace semcached::eval {
namespace {

constexpr double kMostSecondsBack = 60;
constexpr double kMostReversals = 4;
constexpr double kMostChanges = 1;
constexpr double kNoiseMiddle = 0.75;
constexpr double kNoisePart = 0.1;
constexpr uint64_t kSeeds = 5;

const absl::Duration kBurstBegin = absl::Minutes(5);
const absl::Duration kBurstEnd = absl::Minutes(15);
const absl::Duration kBurstLength = absl::Minutes(30);

std::vector<std::string> RowOf(const std::string& name, const ControllerTrial& trial, bool burst) {
  return {name, burst ? absl::StrFormat("%.2f", absl::ToDoubleSeconds(trial.back_at_base)) : "-",
          absl::StrCat(trial.reversals_an_hour), absl::StrCat(trial.changes_an_interval),
          absl::StrCat(trial.moves)};
}

}  // namespace

Section ControllerSection(const Config& config, int hours) {
  Section section;
  section.markdown = absl::StrFormat(
      "## The controller alone (load.3)\n\nThe policy manager with the shipped category files and "
      "load section, ticked four times an interval. A square burst: utilisation 0.5, for ten "
      "minutes as high as stated, 0.5 again. Noise: evenly within 10 %% around 0.75, a new value "
      "as often as stated, %d hours for each of %d seeds; of these the worst hour. What "
      "stays for ten seconds or more is load rather than noise, and has no bar.\n\n",
      hours, kSeeds);
  section.markdown += TableHead(
      {"load", "back at base after, s", "reversals an hour", "changes an interval", "moves"});
  double back = 0;
  double changes = 0;
  for (const double high : {0.95, 1.5, 10.0}) {
    const ControllerTrial trial =
        TryController(*config.categories, config.server.load,
                      SquareBurst(0.5, high, kBurstBegin, kBurstEnd), kBurstLength, kBurstEnd);
    section.markdown += TableRow(RowOf(absl::StrFormat("burst to %g", high), trial, true));
    back = std::max(back, absl::ToDoubleSeconds(trial.back_at_base));
    changes = std::max(changes, static_cast<double>(trial.changes_an_interval));
  }
  double reversals = 0;  // with a new value each second
  for (const int hold : {1, 10, 60}) {
    ControllerTrial worst;
    for (uint64_t seed = 1; seed <= kSeeds; ++seed) {
      const ControllerTrial trial = TryController(
          *config.categories, config.server.load,
          Noise(kNoiseMiddle, kNoisePart, absl::Seconds(hold), seed), absl::Hours(hours));
      worst.reversals_an_hour = std::max(worst.reversals_an_hour, trial.reversals_an_hour);
      worst.changes_an_interval = std::max(worst.changes_an_interval, trial.changes_an_interval);
      worst.moves = std::max(worst.moves, trial.moves);
    }
    section.markdown +=
        TableRow(RowOf(absl::StrFormat("noise, new each %d s", hold), worst, false));
    if (hold == 1) reversals = worst.reversals_an_hour;
    changes = std::max(changes, static_cast<double>(worst.changes_an_interval));
  }
  section.markdown += "\n";
  section.bars = {
      {"load.3 back at base after a burst", back, "s", kMostSecondsBack, true,
       "every effective threshold and TTL, worst of three square bursts"},
      {"load.3 reversals of a threshold, noise each second", reversals, "an hour", kMostReversals,
       true, "utilisation 0.75 +- 10 %, a new value each second; worst hour of all seeds"},
      {"load.3 changes of a value", changes, "an interval", kMostChanges, true,
       "worst of all bursts and noises"},
  };
  return section;
}

}  // namespace semcached::eval
