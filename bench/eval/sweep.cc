#include "eval/sweep.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace semcached::eval {
namespace {

Interval Middle95(std::vector<double> values) {
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    return values[static_cast<size_t>(std::lround(share * static_cast<double>(values.size() - 1)))];
  };
  return {at(0.025), at(0.975)};
}

// Of rows that fall to the threshold from above; `weights` says how often each counts.
double Area(const std::vector<Scored>& sorted, const std::vector<int>& weights) {
  double duplicates = 0;
  for (size_t i = 0; i < sorted.size(); ++i) {
    if (sorted[i].duplicate) duplicates += weights[i];
  }
  if (duplicates == 0) return 0;
  double area = 0;
  double true_hits = 0;
  double hits = 0;
  for (size_t i = 0; i < sorted.size();) {
    if (sorted[i].similarity < kLowestThreshold) break;
    // Rows of one similarity are served together.
    double more = 0;
    const double similarity = sorted[i].similarity;
    for (; i < sorted.size() && sorted[i].similarity == similarity; ++i) {
      hits += weights[i];
      if (sorted[i].duplicate) more += weights[i];
    }
    true_hits += more;
    if (hits > 0) area += more / duplicates * true_hits / hits;
  }
  return area;
}

void SortDown(std::vector<Scored>* rows) {
  std::sort(rows->begin(), rows->end(),
            [](const Scored& a, const Scored& b) { return a.similarity > b.similarity; });
}

// --- mixed workloads ---

// What each threshold of Thresholds() gives in one category, as shares of its lookups.
struct CategoryCurve {
  std::string category;
  std::vector<MixRates> at;
};

// `drawn` as BestThresholds has it.
std::vector<CategoryCurve> CurvesOf(const Mix& mix, double drawn) {
  std::vector<CategoryCurve> curves;
  for (const auto& [category, rows] : mix) curves.push_back({category, {}});
  for (const double threshold : Thresholds()) {
    const double usual = RatesOf(mix, Uniform(mix, threshold)).false_hit_rate();
    size_t place = 0;
    for (const auto& [category, rows] : mix) {
      const Counts counts = CountAt(rows, threshold);
      const auto total = static_cast<double>(std::max<size_t>(rows.size(), 1));
      const auto hits = static_cast<double>(counts.hits());
      const double rate =
          hits > 0 ? (static_cast<double>(counts.false_hits) + drawn * usual) / (hits + drawn) : 0;
      curves[place++].at.push_back({hits / total, hits * rate / total});
    }
  }
  return curves;
}

// By how much false hits are above the budget; not positive: kept.
double Excess(const MixRates& rates, double budget) {
  return rates.false_hits - budget * rates.hits;
}

MixRates Sum(const std::vector<CategoryCurve>& curves, const std::vector<size_t>& chosen) {
  MixRates sum;
  for (size_t i = 0; i < curves.size(); ++i) {
    sum.hits += curves[i].at[chosen[i]].hits;
    sum.false_hits += curves[i].at[chosen[i]].false_hits;
  }
  return sum;
}

std::vector<size_t> ChooseAtPrice(const std::vector<CategoryCurve>& curves, double budget,
                                  double price) {
  std::vector<size_t> chosen;
  for (const CategoryCurve& curve : curves) {
    size_t best = 0;
    double best_worth = -std::numeric_limits<double>::infinity();
    for (size_t k = 0; k < curve.at.size(); ++k) {
      const double worth = curve.at[k].hits - price * Excess(curve.at[k], budget);
      if (worth > best_worth) {
        best = k;
        best_worth = worth;
      }
    }
    chosen.push_back(best);
  }
  return chosen;
}

// Takes the single steps that add most and still fit, until none does.
void FillUp(const std::vector<CategoryCurve>& curves, double budget, std::vector<size_t>* chosen) {
  for (;;) {
    const double before = Sum(curves, *chosen).hits;
    std::vector<size_t> best = *chosen;
    double best_hits = before;
    for (size_t i = 0; i < curves.size(); ++i) {
      for (size_t k = 0; k < curves[i].at.size(); ++k) {
        std::vector<size_t> tried = *chosen;
        tried[i] = k;
        const MixRates sum = Sum(curves, tried);
        if (Excess(sum, budget) > 0 || sum.hits <= best_hits) continue;
        best = std::move(tried);
        best_hits = sum.hits;
      }
    }
    if (best_hits <= before) return;
    *chosen = std::move(best);
  }
}

}  // namespace

void Counts::Add(bool duplicate, bool served) {
  ++(duplicate ? duplicates : others);
  if (served) ++(duplicate ? true_hits : false_hits);
}

Counts CountAt(const std::vector<Scored>& rows, double threshold) {
  Counts counts;
  for (const Scored& row : rows) counts.Add(row.duplicate, row.similarity >= threshold);
  return counts;
}

std::vector<double> Thresholds() {
  std::vector<double> thresholds = {kExactOnly};
  const int steps = static_cast<int>(std::lround((1 - kLowestThreshold) / kThresholdStep));
  for (int i = 0; i <= steps; ++i) thresholds.push_back(1 - i * kThresholdStep);
  return thresholds;
}

double AreaUnderPrecision(std::vector<Scored> rows) {
  SortDown(&rows);
  return Area(rows, std::vector<int>(rows.size(), 1));
}

Interval AreaInterval(const std::vector<Scored>& rows, uint64_t seed, int rounds) {
  if (rows.empty()) return {};
  std::vector<Scored> sorted = rows;
  SortDown(&sorted);
  std::mt19937_64 random(seed);
  std::uniform_int_distribution<size_t> pick(0, rows.size() - 1);
  std::vector<double> areas;
  for (int round = 0; round < rounds; ++round) {
    std::vector<int> weights(rows.size(), 0);
    for (size_t i = 0; i < rows.size(); ++i) ++weights[pick(random)];
    areas.push_back(Area(sorted, weights));
  }
  return Middle95(std::move(areas));
}

CategoryThresholds Uniform(const Mix& mix, double threshold) {
  CategoryThresholds thresholds;
  for (const auto& [category, rows] : mix) thresholds[category] = threshold;
  return thresholds;
}

MixRates RatesOf(const Mix& mix, const CategoryThresholds& thresholds) {
  MixRates rates;
  for (const auto& [category, rows] : mix) {
    if (rows.empty()) continue;
    const Counts counts = CountAt(rows, thresholds.at(category));
    const double share = 1.0 / static_cast<double>(mix.size() * rows.size());
    rates.hits += share * static_cast<double>(counts.hits());
    rates.false_hits += share * static_cast<double>(counts.false_hits);
  }
  return rates;
}

double BestUniformThreshold(const Mix& mix, double budget, double drawn) {
  const std::vector<CategoryCurve> curves = CurvesOf(mix, drawn);
  size_t best = 0;
  double best_hits = 0;
  for (size_t k = 0; k < Thresholds().size(); ++k) {
    const MixRates sum = Sum(curves, std::vector<size_t>(curves.size(), k));
    if (Excess(sum, budget) > 0 || sum.hits <= best_hits) continue;
    best = k;
    best_hits = sum.hits;
  }
  return Thresholds()[best];
}

CategoryThresholds BestThresholds(const Mix& mix, double budget, double drawn) {
  const std::vector<CategoryCurve> curves = CurvesOf(mix, drawn);
  constexpr double kHighestPrice = 1e6;
  std::vector<size_t> chosen = ChooseAtPrice(curves, budget, kHighestPrice);
  if (Excess(Sum(curves, chosen), budget) > 0) chosen.assign(curves.size(), 0);
  double low = 0;
  double high = kHighestPrice;
  for (int round = 0; round < 80; ++round) {
    const double price = (low + high) / 2;
    std::vector<size_t> tried = ChooseAtPrice(curves, budget, price);
    const MixRates sum = Sum(curves, tried);
    const bool kept = Excess(sum, budget) <= 0;
    (kept ? high : low) = price;
    if (kept && sum.hits > Sum(curves, chosen).hits) chosen = std::move(tried);
  }
  FillUp(curves, budget, &chosen);
  CategoryThresholds thresholds;
  for (size_t i = 0; i < curves.size(); ++i) {
    thresholds[curves[i].category] = Thresholds()[chosen[i]];
  }
  return thresholds;
}

Interval HitRatioInterval(const Mix& mix, const CategoryThresholds& a, const CategoryThresholds& b,
                          uint64_t seed, int rounds) {
  std::mt19937_64 random(seed);
  std::vector<double> ratios;
  for (int round = 0; round < rounds; ++round) {
    double hits_a = 0;
    double hits_b = 0;
    for (const auto& [category, rows] : mix) {
      if (rows.empty()) continue;
      const double share = 1.0 / static_cast<double>(rows.size());
      const double at_a = a.at(category);
      const double at_b = b.at(category);
      std::uniform_int_distribution<size_t> pick(0, rows.size() - 1);
      for (size_t i = 0; i < rows.size(); ++i) {
        const double similarity = rows[pick(random)].similarity;
        if (similarity >= at_a) hits_a += share;
        if (similarity >= at_b) hits_b += share;
      }
    }
    ratios.push_back(hits_b > 0 ? hits_a / hits_b : std::numeric_limits<double>::infinity());
  }
  return Middle95(std::move(ratios));
}

}  // namespace semcached::eval
