#include "eval/verifier_report.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <numeric>
#include <random>

#include "semcached/base/clock.h"
#include "semcached/base/status.h"

namespace semcached::eval {
namespace {

CutTable Flat(double cut) {
  std::array<double, CutTable::kSize> cuts;
  cuts.fill(cut);
  return CutTable(cuts);
}

bool Accepts(const ScoredPair& pair, const VerifyRule& rule, double threshold) {
  return DecideByBand(pair.similarity, threshold, 0, rule,
                      [&] { return absl::StatusOr<double>(pair.score); })
      .accept;
}

// At which the rule accepts as many duplicates as the cosine.
double EqualCut(const std::vector<ScoredPair>& pairs, const VerifyRule& rule, double threshold) {
  std::vector<double> scores;
  size_t wanted = 0;
  for (const ScoredPair& pair : pairs) {
    if (!pair.duplicate) continue;
    const bool above = pair.similarity >= threshold + rule.band.above;
    if (pair.similarity >= threshold && !above) ++wanted;
    if (pair.similarity >= threshold - rule.band.below && !above) scores.push_back(pair.score);
  }
  if (wanted == 0) return 1;
  std::sort(scores.begin(), scores.end(), std::greater<>());
  return scores[wanted - 1];
}

void Add(const ScoredPair& pair, Accepted* accepted) {
  ++(pair.duplicate ? accepted->hits : accepted->false_accepts);
}

// How often each of a pair's two false accepts counts in a resampling: Poisson of mean 1.
Interval Resample(const std::vector<std::pair<bool, bool>>& false_accepts) {
  std::mt19937_64 random(1);
  std::poisson_distribution<int> draws(1);
  std::vector<double> ratios;
  for (int sample = 0; sample < 1000; ++sample) {
    double cosine = 0;
    double rule = 0;
    for (const auto& [by_cosine, by_rule] : false_accepts) {
      const int drawn = draws(random);
      cosine += by_cosine ? drawn : 0;
      rule += by_rule ? drawn : 0;
    }
    ratios.push_back(cosine > 0 ? rule / cosine : 1);
  }
  std::sort(ratios.begin(), ratios.end());
  return {ratios[25], ratios[974]};
}

std::string Rate(int64_t count, int64_t all) {
  const Interval interval = WilsonInterval(count, all);
  const double share = all > 0 ? static_cast<double>(count) / static_cast<double>(all) : 0;
  return absl::StrFormat("%.1f (%.1f to %.1f)", 100 * share, 100 * interval.low,
                         100 * interval.high);
}

}  // namespace

absl::StatusOr<std::vector<ScoredPair>> ScorePairs(const std::vector<VerifyPair>& pairs,
                                                   const Verifier& verifier) {
  std::vector<ScoredPair> scored;
  const Call call(SystemClock());
  for (const VerifyPair& pair : pairs) {
    const double similarity =
        std::inner_product(pair.vector_a.begin(), pair.vector_a.end(), pair.vector_b.begin(), 0.0F);
    ASSIGN_OR_RETURN(
        const double score,
        verifier.Score({pair.text_a, pair.text_b, pair.vector_a, pair.vector_b, similarity}, call));
    scored.push_back({similarity, score, pair.duplicate});
  }
  return scored;
}

double VerifierRow::Ratio() const {
  if (cosine.false_accepts == 0) return 1;
  return static_cast<double>(equal.false_accepts) / static_cast<double>(cosine.false_accepts);
}

VerifierRow CountAt(const std::vector<ScoredPair>& pairs, const VerifyRule& rule,
                    double threshold) {
  VerifierRow row;
  row.threshold = threshold;
  const VerifyRule equal = {rule.band, Flat(EqualCut(pairs, rule, threshold))};
  std::vector<std::pair<bool, bool>> false_accepts;
  for (const ScoredPair& pair : pairs) {
    ++(pair.duplicate ? row.duplicates : row.others);
    const bool by_cosine = pair.similarity >= threshold;
    const bool by_equal = Accepts(pair, equal, threshold);
    if (by_cosine) Add(pair, &row.cosine);
    if (by_equal) Add(pair, &row.equal);
    if (Accepts(pair, rule, threshold)) Add(pair, &row.shipped);
    if (!pair.duplicate && (by_cosine || by_equal)) false_accepts.emplace_back(by_cosine, by_equal);
  }
  row.ratio = Resample(false_accepts);
  return row;
}

std::string ToMarkdown(const std::vector<VerifierRow>& rows) {
  std::string table =
      "| cosine threshold | rule | hit rate, % | false-accept rate, % | of the cosine's |\n"
      "| ---: | --- | ---: | ---: | ---: |\n";
  for (const VerifierRow& row : rows) {
    const auto line = [&](const char* name, const Accepted& accepted, const std::string& ratio) {
      absl::StrAppendFormat(&table, "| %.2f | %s | %s | %s | %s |\n", row.threshold, name,
                            Rate(accepted.hits, row.duplicates),
                            Rate(accepted.false_accepts, row.others), ratio);
    };
    line("plain cosine", row.cosine, "1");
    line("verifier at the same hit rate", row.equal,
         absl::StrFormat("%.2f (%.2f to %.2f)", row.Ratio(), row.ratio.low, row.ratio.high));
    line("verifier with the cut it learned", row.shipped,
         row.cosine.false_accepts == 0
             ? "1"
             : absl::StrFormat("%.2f", static_cast<double>(row.shipped.false_accepts) /
                                           static_cast<double>(row.cosine.false_accepts)));
  }
  return table;
}

}  // namespace semcached::eval
