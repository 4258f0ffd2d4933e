#include "verify/evidence.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "verify/dice.h"

namespace semcached::verify {
namespace {

// The surest first; of equals, the wrong ones first, which is the less flattering order.
std::vector<JudgedPair> ByScore(absl::Span<const JudgedPair> pairs) {
  std::vector<JudgedPair> sorted(pairs.begin(), pairs.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const JudgedPair& a, const JudgedPair& b) {
    return a.score != b.score ? a.score > b.score : a.duplicate < b.duplicate;
  });
  return sorted;
}

bool Plain(const JudgedPair& pair, double threshold) { return pair.similarity >= threshold; }
bool Above(const JudgedPair& pair, const VerifyBand& band, double threshold) {
  return pair.similarity >= threshold + band.above;
}
bool InBand(const JudgedPair& pair, const VerifyBand& band, double threshold) {
  return pair.similarity >= threshold - band.below && !Above(pair, band, threshold);
}

// Pairs by label, each counted as often as its group was drawn.
struct Accepted {
  double duplicates = 0;
  double others = 0;

  void Add(const JudgedPair& pair, double weight) {
    (pair.duplicate ? duplicates : others) += weight;
  }
};

struct Rule {
  Accepted all;
  Accepted cosine;
  Accepted rule;
  double cut = 1;  // of the last duplicate that was accepted by its score
};

// `weight_of(group)` is how often a group counts. `sorted` is by score.
template <typename Weight>
Rule Apply(absl::Span<const JudgedPair> sorted, const VerifyBand& band, double threshold,
           const Weight& weight_of) {
  Rule result;
  for (const JudgedPair& pair : sorted) {
    const double weight = weight_of(pair.group);
    result.all.Add(pair, weight);
    if (Plain(pair, threshold)) result.cosine.Add(pair, weight);
    if (Above(pair, band, threshold)) result.rule.Add(pair, weight);
  }
  for (const JudgedPair& pair : sorted) {
    if (result.rule.duplicates >= result.cosine.duplicates) break;
    const double weight = weight_of(pair.group);
    if (weight == 0 || !InBand(pair, band, threshold)) continue;
    result.rule.Add(pair, weight);
    if (pair.duplicate) result.cut = pair.score;
  }
  return result;
}

double Once(uint32_t /*group*/) { return 1; }

double Share(double part, double whole) { return whole > 0 ? part / whole : 0; }

// How often a group is drawn: Poisson of mean 1, by inversion.
double Draws(Dice& dice) {
  double left = dice.Share();
  double chance = std::exp(-1.0);
  int draws = 0;
  for (; left >= chance && draws < 12; ++draws) {
    left -= chance;
    chance /= draws + 1;
  }
  return draws;
}

template <typename Key>
double Auc(absl::Span<const JudgedPair> pairs, const Key& key_of) {
  std::vector<std::pair<double, bool>> keys;
  keys.reserve(pairs.size());
  for (const JudgedPair& pair : pairs) keys.emplace_back(key_of(pair), pair.duplicate);
  std::sort(keys.begin(), keys.end());
  double below = 0;  // non-duplicates with a lesser key
  double right = 0;  // orders that are right; equal ones count half
  double duplicates = 0;
  for (size_t i = 0; i < keys.size();) {
    double equal[2] = {};
    const double key = keys[i].first;
    for (; i < keys.size() && keys[i].first == key; ++i) ++equal[keys[i].second ? 1 : 0];
    right += equal[1] * (below + equal[0] / 2);
    below += equal[0];
    duplicates += equal[1];
  }
  return duplicates > 0 && below > 0 ? right / (duplicates * below) : 0.5;
}

}  // namespace

CutTable LearnCuts(absl::Span<const JudgedPair> pairs, const VerifyBand& band) {
  const std::vector<JudgedPair> sorted = ByScore(pairs);
  std::array<double, CutTable::kSize> cuts = {};
  for (size_t i = 0; i < cuts.size(); ++i) {
    cuts[i] = Apply(absl::MakeConstSpan(sorted), band, CutTable::ThresholdAt(i), Once).cut;
  }
  return CutTable(cuts);
}

Comparison Compare(absl::Span<const JudgedPair> pairs, const VerifyBand& band, double threshold) {
  const std::vector<JudgedPair> sorted = ByScore(pairs);
  const Rule applied = Apply(absl::MakeConstSpan(sorted), band, threshold, Once);
  Comparison comparison;
  comparison.hit_rate = Share(applied.cosine.duplicates, applied.all.duplicates);
  comparison.false_accept_cosine = Share(applied.cosine.others, applied.all.others);
  comparison.false_accept_rule = Share(applied.rule.others, applied.all.others);
  comparison.false_accepts = static_cast<size_t>(applied.cosine.others);
  return comparison;
}

RatioInterval BootstrapRatio(absl::Span<const JudgedPair> pairs, const VerifyBand& band,
                             double threshold, size_t samples, uint64_t seed) {
  const std::vector<JudgedPair> sorted = ByScore(pairs);
  uint32_t groups = 0;
  for (const JudgedPair& pair : pairs) groups = std::max(groups, pair.group + 1);
  Dice dice(seed);
  std::vector<double> draws(groups);
  std::vector<double> ratios;
  for (size_t sample = 0; sample < samples; ++sample) {
    for (double& drawn : draws) drawn = Draws(dice);
    const Rule applied = Apply(absl::MakeConstSpan(sorted), band, threshold,
                               [&](uint32_t group) { return draws[group]; });
    ratios.push_back(applied.cosine.others > 0 ? applied.rule.others / applied.cosine.others : 1);
  }
  if (ratios.empty()) return {};
  std::sort(ratios.begin(), ratios.end());
  const auto at = [&](double share) {
    return ratios[static_cast<size_t>(share * static_cast<double>(ratios.size() - 1))];
  };
  return {at(0.025), at(0.975)};
}

double AucOfCosine(absl::Span<const JudgedPair> pairs) {
  return Auc(pairs, [](const JudgedPair& pair) { return pair.similarity; });
}

double AucOfRule(absl::Span<const JudgedPair> pairs, const VerifyBand& band, double threshold) {
  // Similarities are within [-1,1], so a step of 4 keeps the three zones apart.
  return Auc(pairs, [&](const JudgedPair& pair) {
    if (Above(pair, band, threshold)) return 4 + pair.similarity;
    return InBand(pair, band, threshold) ? pair.score : pair.similarity - 4;
  });
}

}  // namespace semcached::verify
