// From evidence to the threshold that keeps an error budget. Pure.
#ifndef SEMCACHED_POLICY_CALIBRATION_H_
#define SEMCACHED_POLICY_CALIBRATION_H_

#include <array>
#include <optional>
#include <string>

#include "semcached/policy/evidence.h"

namespace semcached {

// The chance that an answer is wrong, by similarity: never grows with it.
struct WrongCurve {
  struct Point {
    double wrong = 1;         // in (0,1)
    double own_variance = 0;  // what the bin's own verdicts leave open
    double by_level = 0;      // how far it moves with the logistic curve's level, and
    double by_slope = 0;      // with its slope
  };
  std::array<Point, CategoryEvidence::kBins> points;  // by bin
  double level_variance = 0;                          // of the logistic curve
  double slope_variance = 0;
  double covariance = 0;
};

// A logistic curve through all verdicts, held by a cautious prior, is what a bin is taken for that
// has none; each bin's own verdicts pull it to what they say; and a bin never looks better than a
// more similar one.
WrongCurve EstimateWrong(const CategoryEvidence& evidence);

// What a threshold would come to, over the candidates that were seen.
struct ExpectedRate {
  double rate = 0;       // false hits of all hits
  double deviation = 0;  // standard deviation of that estimate
};
// By bin: if the threshold were its lower edge. With no candidate above it: the last bin's chance.
std::array<ExpectedRate, CategoryEvidence::kBins> ExpectedRates(const CategoryEvidence& evidence,
                                                                const WrongCurve& curve);

// At any threshold; none if nothing is known.
std::optional<double> ExpectedRateAt(const CategoryEvidence& evidence, double threshold);

struct BudgetTerms {
  double budget = 0;      // (0,1)
  double configured = 1;  // the similarity_threshold
  double least = 0;       // the min_similarity_threshold, at most `configured`
  double current = 1;     // the base in force, calibrated or configured
};

enum class BudgetState {
  kThin,         // fewer than kEnoughVerdicts: the configured threshold holds
  kKept,         // `threshold` keeps the budget, with confidence
  kMended,       // `threshold` earns back fastest what was overspent, or is the safest guess
  kUnreachable,  // no threshold keeps the budget: exact hits only
};

// The name as events and metrics write it: lower case, stable.
const char* Name(BudgetState value);

struct Calibration {
  BudgetState state = BudgetState::kThin;
  double threshold = 1;                 // in [least,1]; when thin: as configured
  double floor = 1;                     // load goes no lower; in [least,threshold]
  std::optional<double> rate_estimate;  // of false hits at `threshold`; none when thin
  double target = 0;                    // the rate that was aimed at
  std::string reason;                   // in words
};

// The threshold for a category. Two are weighed:
// - the lowest one whose rate, kDeviations standard deviations added (which holds three times in
//   four), is within the target: the budget, plus what the account has saved or less what it has
//   overspent, spread over the next kPayBackHits;
// - the one that saves most: hits times what the rate stays under the budget. To be stricter than
//   this would cost hits and earn nothing back.
// The lower of them is taken. A threshold falls by kMostDrop a call at the most, and only where
// verdicts and candidates were seen. `floor` is the lowest whose best estimate is within budget and
// target.
//
// The account counts kReserve wrong answers more than there were, and where only some hits have
// verdicts, more still for what it does not see.
inline constexpr double kEnoughVerdicts = 50;
inline constexpr double kDeviations = 0.75;
inline constexpr double kPayBackHits = 1500;
inline constexpr double kReserve = 1;
inline constexpr double kMostDrop = 0.01;
Calibration Calibrate(const CategoryEvidence& evidence, const BudgetTerms& terms);

// Whether recent verdicts are wrong more often than older ones let expect.
struct Drift {
  bool found = false;
  double recent_rate = 0;    // wrong ones of the recent verdicts
  double expected_rate = 0;  // by the older ones, at the same similarities
};
Drift FindDrift(const CategoryEvidence& evidence);

}  // namespace semcached

#endif  // SEMCACHED_POLICY_CALIBRATION_H_
