#include "semcached/policy/calibration.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <cmath>

namespace semcached {
namespace {

constexpr size_t kBins = CategoryEvidence::kBins;
constexpr double kFewestCandidates = 20;  // of fewer, a rate means nothing
constexpr double kLeastTarget = 0.25;     // of the budget
constexpr double kMostTarget = 1.5;       // of the budget
constexpr double kBlindDeviations = 0.5;  // for hits without a verdict
constexpr size_t kSupportBins = 8;        // 0.02 of similarity, in which there must be
constexpr double kSupportVerdicts = 3;    // so many verdicts before a threshold goes there

constexpr double kDriftDeviations = 4;
constexpr double kDriftVerdicts = 30;
constexpr double kDriftExcess = 4;  // wrong verdicts over what was expected

// The rate of false hits to aim at, by what the account has saved.
double Target(const CategoryEvidence& evidence, double budget) {
  const double verdicts = evidence.account_verdicts;
  const double hits = std::max(evidence.account_hits, verdicts);
  const double seen = hits > 0 ? std::max(0.01, verdicts / hits) : 1;
  const double blind = kBlindDeviations * std::sqrt(budget * verdicts * (1 - seen));
  const double saved = (budget * verdicts - evidence.account_wrong - kReserve - blind) / seen;
  return std::clamp(budget + saved / kPayBackHits, kLeastTarget * budget, kMostTarget * budget);
}

// Thresholds that may be chosen, as bins.
class Choice {
 public:
  Choice(const CategoryEvidence& evidence, const BudgetTerms& terms, double target) {
    const auto rates = ExpectedRates(evidence, EstimateWrong(evidence));
    const double lowest = std::max(terms.least, terms.current - kMostDrop);
    double candidates = 0;
    for (size_t bin = kBins; bin-- > 0 && CategoryEvidence::LowerEdge(bin) > lowest - 1e-6;) {
      candidates += evidence.bins[bin].candidates();
      if (candidates < kFewestCandidates || !IsSupported(evidence, bin)) continue;
      const ExpectedRate& expected = rates[bin];
      const double margin = kDeviations * expected.deviation;
      if (expected.rate + margin <= target) kept_ = bin;
      if (expected.rate <= std::min(target, terms.budget)) floor_ = bin;
      Improve(bin, candidates * (terms.budget - expected.rate), &saves_);
      Improve(bin, candidates * (terms.budget - expected.rate + margin), &might_save_);
    }
    rates_ = rates;
  }

  std::optional<size_t> kept() const { return kept_; }
  std::optional<size_t> floor() const { return floor_; }
  // By the best estimate, or if that leaves none, by a hopeful one.
  std::optional<size_t> saves() const { return saves_.bin ? saves_.bin : might_save_.bin; }
  double RateAt(size_t bin) const { return rates_[bin].rate; }

 private:
  struct Best {
    double value = 0;
    std::optional<size_t> bin;
  };

  static bool IsSupported(const CategoryEvidence& evidence, size_t bin) {
    double verdicts = 0;
    for (size_t i = bin; i < std::min(kBins, bin + kSupportBins); ++i) {
      verdicts += evidence.bins[i].verdicts();
    }
    return evidence.bins[bin].candidates() > 0 && verdicts >= kSupportVerdicts;
  }
  static void Improve(size_t bin, double value, Best* best) {
    if (value > best->value) *best = {value, bin};
  }

  std::array<ExpectedRate, kBins> rates_;
  std::optional<size_t> kept_;
  std::optional<size_t> floor_;
  Best saves_;
  Best might_save_;
};

double Threshold(const BudgetTerms& terms, size_t bin) {
  return std::clamp(CategoryEvidence::LowerEdge(bin), terms.least, 1.0);
}

}  // namespace

const char* Name(BudgetState value) {
  switch (value) {
    case BudgetState::kThin:
      return "thin";
    case BudgetState::kKept:
      return "kept";
    case BudgetState::kMended:
      return "mended";
    case BudgetState::kUnreachable:
      return "unreachable";
  }
  return "";
}

Calibration Calibrate(const CategoryEvidence& evidence, const BudgetTerms& terms) {
  Calibration result;
  const double verdicts = evidence.Verdicts();
  if (verdicts < kEnoughVerdicts) {
    result.threshold = result.floor = terms.configured;
    result.target = terms.budget;
    result.reason = absl::StrFormat("budget: %.0f verdicts, %.0f are needed", std::floor(verdicts),
                                    kEnoughVerdicts);
    return result;
  }
  result.target = Target(evidence, terms.budget);
  const Choice choice(evidence, terms, result.target);
  const std::optional<size_t> kept = choice.kept();
  const std::optional<size_t> saves = choice.saves();
  if (!kept && !saves) {
    result.state = BudgetState::kUnreachable;
    result.reason =
        absl::StrFormat("budget: no threshold keeps %.2f %% false hits, by %.0f verdicts",
                        100 * terms.budget, verdicts);
    return result;
  }
  const bool is_kept = kept && (!saves || *kept <= *saves);
  const size_t bin = is_kept ? *kept : *saves;
  result.state = is_kept ? BudgetState::kKept : BudgetState::kMended;
  result.threshold = Threshold(terms, bin);
  result.floor = result.threshold;
  if (choice.floor()) result.floor = std::min(result.floor, Threshold(terms, *choice.floor()));
  result.rate_estimate = choice.RateAt(bin);
  result.reason =
      absl::StrFormat("budget: %.2f %% false hits expected, %.2f %% aimed at, by %.0f verdicts",
                      100 * *result.rate_estimate, 100 * result.target, verdicts);
  return result;
}

Drift FindDrift(const CategoryEvidence& evidence) {
  CategoryEvidence old = evidence;
  for (EvidenceBin& bin : old.bins) {
    bin.right = std::max(0.0, bin.right - bin.recent_right);
    bin.wrong = std::max(0.0, bin.wrong - bin.recent_wrong);
  }
  Drift drift;
  if (old.Verdicts() < kEnoughVerdicts) return drift;
  const WrongCurve curve = EstimateWrong(old);
  double verdicts = 0;
  double wrong = 0;
  double expected = 0;
  double variance = 0;
  for (size_t bin = 0; bin < kBins; ++bin) {
    const double recent = evidence.bins[bin].recent_right + evidence.bins[bin].recent_wrong;
    const double chance = curve.points[bin].wrong;
    verdicts += recent;
    wrong += evidence.bins[bin].recent_wrong;
    expected += recent * chance;
    variance += recent * chance * (1 - chance);
  }
  if (verdicts < kDriftVerdicts) return drift;
  drift.recent_rate = wrong / verdicts;
  drift.expected_rate = expected / verdicts;
  const double excess = wrong - expected;
  drift.found = excess > kDriftDeviations * std::sqrt(variance) && excess > kDriftExcess;
  return drift;
}

}  // namespace semcached
