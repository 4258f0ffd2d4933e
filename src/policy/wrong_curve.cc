// The logistic fit, and what each bin makes of it.
#include <algorithm>
#include <cmath>
#include <vector>

#include "semcached/policy/calibration.h"

namespace semcached {
namespace {

constexpr size_t kBins = CategoryEvidence::kBins;
constexpr int kNewtonSteps = 30;
constexpr double kPriorVerdicts = 10;  // what the fit weighs in each bin

// log odds of wrong = level + slope * (1 - similarity) / 0.1. Before any verdict: one in twenty at
// similarity 1, one in five at 0.9, one in two at 0.8; each with much room.
struct Logistic {
  double level = -3;
  double slope = 1.5;
};
constexpr Logistic kPrior;
constexpr double kLevelPrecision = 1 / (2.0 * 2.0);
constexpr double kSlopePrecision = 1 / (0.75 * 0.75);

double Distance(size_t bin) {
  return (1 - CategoryEvidence::LowerEdge(bin) - CategoryEvidence::kBinWidth / 2) / 0.1;
}

double Chance(const Logistic& fit, double distance) {
  return 1 / (1 + std::exp(-(fit.level + fit.slope * distance)));
}

struct Curvature {
  double level = kLevelPrecision;
  double slope = kSlopePrecision;
  double both = 0;
  double Determinant() const { return level * slope - both * both; }
};

// Maximum of the posterior, by damped Newton steps on the binned verdicts.
Logistic Fit(const CategoryEvidence& evidence, Curvature* curvature) {
  Logistic fit = kPrior;
  for (int step = 0; step < kNewtonSteps; ++step) {
    double level = kLevelPrecision * (fit.level - kPrior.level);
    double slope = kSlopePrecision * (fit.slope - kPrior.slope);
    *curvature = Curvature();
    for (size_t bin = 0; bin < kBins; ++bin) {
      const double verdicts = evidence.bins[bin].verdicts();
      if (verdicts <= 0) continue;
      const double distance = Distance(bin);
      const double chance = Chance(fit, distance);
      const double excess = verdicts * chance - evidence.bins[bin].wrong;
      const double weight = verdicts * chance * (1 - chance);
      level += excess;
      slope += excess * distance;
      curvature->level += weight;
      curvature->both += weight * distance;
      curvature->slope += weight * distance * distance;
    }
    const double determinant = curvature->Determinant();
    const double level_step = (curvature->slope * level - curvature->both * slope) / determinant;
    const double slope_step = (curvature->level * slope - curvature->both * level) / determinant;
    fit.level -= std::clamp(level_step, -1.0, 1.0);
    fit.slope = std::max(0.0, fit.slope - std::clamp(slope_step, -1.0, 1.0));
    if (std::abs(level_step) + std::abs(slope_step) < 1e-6) break;
  }
  return fit;
}

// Pools neighbours that are out of order, weighted by their verdicts (pool adjacent violators).
void MakeMonotone(const CategoryEvidence& evidence, WrongCurve* curve) {
  struct Pool {
    double sum = 0;
    double weight = 0;
    size_t bins = 0;
    double Mean() const { return sum / weight; }
  };
  std::vector<Pool> pools;
  for (size_t bin = 0; bin < kBins; ++bin) {
    const double weight = kPriorVerdicts + evidence.bins[bin].verdicts();
    pools.push_back({curve->points[bin].wrong * weight, weight, 1});
    while (pools.size() > 1 && pools.back().Mean() > pools[pools.size() - 2].Mean()) {
      const Pool last = pools.back();
      pools.pop_back();
      pools.back().sum += last.sum;
      pools.back().weight += last.weight;
      pools.back().bins += last.bins;
    }
  }
  size_t bin = 0;
  for (const Pool& pool : pools) {
    for (size_t i = 0; i < pool.bins; ++i) curve->points[bin++].wrong = pool.Mean();
  }
}

}  // namespace

WrongCurve EstimateWrong(const CategoryEvidence& evidence) {
  Curvature curvature;
  const Logistic fit = Fit(evidence, &curvature);
  WrongCurve curve;
  curve.level_variance = curvature.slope / curvature.Determinant();
  curve.slope_variance = curvature.level / curvature.Determinant();
  curve.covariance = -curvature.both / curvature.Determinant();
  for (size_t bin = 0; bin < kBins; ++bin) {
    const EvidenceBin& evident = evidence.bins[bin];
    const double chance = Chance(fit, Distance(bin));
    const double all = kPriorVerdicts + evident.verdicts();
    const double by_fit = kPriorVerdicts / all;
    WrongCurve::Point& point = curve.points[bin];
    point.wrong = (kPriorVerdicts * chance + evident.wrong) / all;
    point.own_variance = point.wrong * (1 - point.wrong) * evident.verdicts() / (all * all);
    point.by_level = by_fit * chance * (1 - chance);
    point.by_slope = point.by_level * Distance(bin);
  }
  MakeMonotone(evidence, &curve);
  return curve;
}

std::array<ExpectedRate, CategoryEvidence::kBins> ExpectedRates(const CategoryEvidence& evidence,
                                                                const WrongCurve& curve) {
  std::array<ExpectedRate, kBins> rates;
  double candidates = 0;
  double wrong = 0;
  double variance = 0;
  double level = 0;
  double slope = 0;
  for (size_t bin = kBins; bin-- > 0;) {
    const WrongCurve::Point& point = curve.points[bin];
    // A little weight for the best bin, so that the rate is never of nothing.
    const double weight = evidence.bins[bin].candidates() + (bin + 1 == kBins ? 1e-3 : 0);
    candidates += weight;
    wrong += weight * point.wrong;
    variance += weight * weight * point.own_variance;
    level += weight * point.by_level;
    slope += weight * point.by_slope;
    const double shared = level * level * curve.level_variance +
                          slope * slope * curve.slope_variance +
                          2 * level * slope * curve.covariance;
    rates[bin].rate = wrong / candidates;
    rates[bin].deviation = std::sqrt(std::max(0.0, variance + shared)) / candidates;
  }
  return rates;
}

std::optional<double> ExpectedRateAt(const CategoryEvidence& evidence, double threshold) {
  if (evidence.Verdicts() <= 0) return std::nullopt;
  const double lowest = CategoryEvidence::kLowest;
  const size_t bin = CategoryEvidence::BinOf(std::clamp(threshold, lowest, 1.0)).value_or(0);
  return ExpectedRates(evidence, EstimateWrong(evidence))[bin].rate;
}

}  // namespace semcached
