#include "eval/per_entry_threshold.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace semcached::eval {
namespace {

constexpr int kNewtonSteps = 50;
constexpr double kRidge = 1e-4;  // keeps the fit finite where right and wrong do not overlap
constexpr size_t kGrid = 50;     // confidence levels that are tried

double Logistic(double odds) { return 1 / (1 + std::exp(-odds)); }

// Inverse of the normal distribution, by bisection.
double NormalQuantile(double chance) {
  double low = -8;
  double high = 8;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (std::erfc(-middle / std::sqrt(2.0)) / 2 < chance ? low : high) = middle;
  }
  return (low + high) / 2;
}

struct Level {
  double doubt = 0;  // that the threshold is above the quantile
  double quantile = 0;
};

const std::array<Level, kGrid>& Levels() {
  static const std::array<Level, kGrid> levels = [] {
    std::array<Level, kGrid> made;
    for (size_t i = 0; i < kGrid; ++i) {
      made[i].doubt = 1e-6 + (1 - 2e-6) * static_cast<double>(i) / (kGrid - 1);
      made[i].quantile = NormalQuantile(1 - made[i].doubt);
    }
    return made;
  }();
  return levels;
}

struct Fit {
  double threshold = 1;
  double steepness = 0;
  double variance = 0;  // of the threshold
};

Fit FitLogistic(const std::vector<std::pair<double, bool>>& observations) {
  double intercept = 0;
  double slope = 1;
  double curvature[3] = {};  // intercept, both, slope
  for (int step = 0; step < kNewtonSteps; ++step) {
    double gradient[2] = {kRidge * intercept, kRidge * slope};
    curvature[0] = curvature[2] = kRidge;
    curvature[1] = 0;
    for (const auto& [similarity, right] : observations) {
      const double chance = Logistic(intercept + slope * similarity);
      const double excess = chance - (right ? 1 : 0);
      const double weight = chance * (1 - chance);
      gradient[0] += excess;
      gradient[1] += excess * similarity;
      curvature[0] += weight;
      curvature[1] += weight * similarity;
      curvature[2] += weight * similarity * similarity;
    }
    const double determinant = curvature[0] * curvature[2] - curvature[1] * curvature[1];
    const double a = (curvature[2] * gradient[0] - curvature[1] * gradient[1]) / determinant;
    const double b = (curvature[0] * gradient[1] - curvature[1] * gradient[0]) / determinant;
    const double length = std::max(1.0, std::hypot(a, b) / 5);
    intercept -= a / length;
    slope -= b / length;
    if (std::hypot(a, b) < 1e-6) break;
  }
  slope = std::max(slope, 1e-6);
  Fit fit;
  fit.steepness = slope;
  fit.threshold = std::clamp(-intercept / slope, 0.0, 1.0);

  double highest_wrong = 0;
  double lowest_right = 1;
  for (const auto& [similarity, right] : observations) {
    double& bound = right ? lowest_right : highest_wrong;
    bound = right ? std::min(bound, similarity) : std::max(bound, similarity);
  }
  if (lowest_right > highest_wrong) {
    fit.variance = 0.2 / static_cast<double>(observations.size());
    return fit;
  }
  // The delta method.
  const double determinant = curvature[0] * curvature[2] - curvature[1] * curvature[1];
  const double by_intercept = -1 / slope;
  const double by_slope = intercept / (slope * slope);
  fit.variance = (by_intercept * by_intercept * curvature[2] -
                  2 * by_intercept * by_slope * curvature[1] + by_slope * by_slope * curvature[0]) /
                 determinant;
  fit.variance = std::max(0.0, fit.variance);
  return fit;
}

}  // namespace

double PerEntryThreshold::ExploreChance(double similarity, double delta) const {
  if (observations_.size() < kLeastObservations) return 1;
  const Fit fit = FitLogistic(observations_);
  double least = 1;
  for (const Level& level : Levels()) {
    const double threshold =
        std::clamp(fit.threshold + level.quantile * std::sqrt(fit.variance), 0.0, 1.0);
    const double right = (1 - level.doubt) * Logistic(fit.steepness * (similarity - threshold));
    least = std::min(least, 1 - delta / (1 - right));
  }
  return std::clamp(least, 0.0, 1.0);
}

}  // namespace semcached::eval
