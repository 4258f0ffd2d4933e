#include "semcached/verify/train.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "semcached/base/status.h"
#include "verify/evidence.h"
#include "verify/features.h"
#include "verify/groups.h"
#include "verify/network.h"
#include "verify/network_training.h"

namespace semcached {
namespace {

using verify::Groups;
using verify::JudgedPair;
using verify::Samples;

// Of what is learned from: tells when to stop.
constexpr double kWatchedShare = 0.15;

bool InRange(double value, double low, double high) { return value >= low && value <= high; }

absl::Status Validate(const TrainOptions& options) {
  if (!CutTable().At(options.reference_threshold)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "reference_threshold ", options.reference_threshold, "; should be in [0.70,0.98]"));
  }
  if (!InRange(options.band.below, 0, 1) || !InRange(options.band.above, 0, 1)) {
    return absl::InvalidArgumentError("band's half-widths should be in [0,1]");
  }
  if (!InRange(options.held_out_share, 0.05, 0.95)) {
    return absl::InvalidArgumentError(
        absl::StrCat("held_out_share ", options.held_out_share, "; should be in [0.05,0.95]"));
  }
  if (!InRange(static_cast<double>(options.networks), 1, kMaxVerifierNetworks)) {
    return absl::InvalidArgumentError(
        absl::StrCat("networks ", options.networks, "; should be 1 to ", kMaxVerifierNetworks));
  }
  return absl::OkStatus();
}

bool AllFinite(const std::vector<float>& values) {
  return std::all_of(values.begin(), values.end(),
                     [](float value) { return std::isfinite(value); });
}

absl::Status Validate(absl::Span<const VerifyPair> pairs) {
  if (pairs.size() > kMaxTrainingPairs) {
    return absl::InvalidArgumentError(absl::StrCat(pairs.size(), " pairs; should be at most ",
                                                   kMaxTrainingPairs, ": take a sample"));
  }
  for (size_t i = 0; i < pairs.size(); ++i) {
    const VerifyPair& pair = pairs[i];
    if (pair.text_a.empty() || pair.text_b.empty()) {
      return absl::InvalidArgumentError(absl::StrCat("pair ", i + 1, " has an empty text"));
    }
    const size_t dimension = pairs.front().vector_a.size();
    if (dimension == 0 || pair.vector_a.size() != dimension || pair.vector_b.size() != dimension) {
      return absl::InvalidArgumentError(
          absl::StrCat("pair ", i + 1, " has vectors of dimensions ", pair.vector_a.size(), " and ",
                       pair.vector_b.size(), "; all should have the same"));
    }
    if (!AllFinite(pair.vector_a) || !AllFinite(pair.vector_b)) {
      return absl::InvalidArgumentError(
          absl::StrCat("pair ", i + 1, " has a vector that is not finite"));
    }
  }
  return absl::OkStatus();
}

size_t CountDuplicates(absl::Span<const VerifyPair> pairs, absl::Span<const size_t> items) {
  return static_cast<size_t>(std::count_if(items.begin(), items.end(),
                                           [&](size_t item) { return pairs[item].duplicate; }));
}

void FeaturesOf(const VerifyPair& pair, float* features) {
  verify::ComputeFeatures(pair.text_a, pair.text_b, pair.vector_a, pair.vector_b, features);
}

// Row i is of items[i].
Samples MakeSamples(absl::Span<const VerifyPair> pairs, absl::Span<const size_t> items) {
  Samples samples;
  samples.feature_count = verify::FeatureCount(pairs.front().vector_a.size());
  samples.features.resize(items.size() * samples.feature_count);
  for (size_t i = 0; i < items.size(); ++i) {
    FeaturesOf(pairs[items[i]], samples.Row(i));
    samples.labels.push_back(pairs[items[i]].duplicate ? 1 : 0);
  }
  return samples;
}

absl::StatusOr<VerifierModel> Learn(absl::Span<const VerifyPair> pairs,
                                    absl::Span<const size_t> items, const Groups& groups,
                                    const TrainOptions& options, const Call& call) {
  Samples samples = MakeSamples(pairs, items);
  std::vector<size_t> rows(items.size());
  std::iota(rows.begin(), rows.end(), size_t{0});
  const size_t dimension = pairs.front().vector_a.size();
  const verify::Scaling scaling =
      verify::MeasureScaling(samples, rows, verify::FirstUnscaled(dimension));
  verify::Scale(scaling, samples);
  Groups row_groups{{}, groups.count};
  for (const size_t item : items) row_groups.of.push_back(groups.of[item]);

  VerifierModel model;
  model.dimension = dimension;
  for (size_t i = 0; i < options.networks; ++i) {
    verify::NetworkOptions network;
    network.seed = options.seed * kMaxVerifierNetworks + i;
    network.epochs = options.epochs;
    // Each network watches other pairs, so that together they learn from all.
    const verify::Split split =
        verify::SplitByGroups(rows, row_groups, kWatchedShare, network.seed);
    const std::vector<size_t>& watch = split.held_out.empty() ? split.kept : split.held_out;
    ASSIGN_OR_RETURN(VerifierNetwork learned,
                     verify::TrainNetwork(samples, split.kept, watch, network, call));
    model.networks.push_back(verify::Unscaled(std::move(learned), scaling));
  }
  return model;
}

// By the very path that a lookup takes, features and all.
std::vector<JudgedPair> Judge(absl::Span<const VerifyPair> pairs, absl::Span<const size_t> items,
                              const Groups& groups, const VerifierModel& model) {
  std::vector<JudgedPair> judged;
  std::vector<float> features(verify::FeatureCount(model.dimension));
  for (const size_t item : items) {
    const VerifyPair& pair = pairs[item];
    FeaturesOf(pair, features.data());
    const double similarity =
        std::inner_product(pair.vector_a.begin(), pair.vector_a.end(), pair.vector_b.begin(), 0.0F);
    judged.push_back({similarity, verify::Probability(model, features.data(), features.size()),
                      pair.duplicate, groups.of[item]});
  }
  return judged;
}

void Weigh(absl::Span<const JudgedPair> judged, const TrainOptions& options,
           VerifierEvidence* evidence) {
  const double threshold = options.reference_threshold;
  const verify::Comparison comparison = verify::Compare(judged, options.band, threshold);
  const verify::RatioInterval interval = verify::BootstrapRatio(
      judged, options.band, threshold, options.bootstrap_samples, options.seed);
  evidence->auc_cosine = verify::AucOfCosine(judged);
  evidence->auc_rule = verify::AucOfRule(judged, options.band, threshold);
  evidence->hit_rate = comparison.hit_rate;
  evidence->false_accept_cosine = comparison.false_accept_cosine;
  evidence->false_accept_rule = comparison.false_accept_rule;
  evidence->ratio = comparison.ratio();
  evidence->ratio_low = interval.low;
  evidence->ratio_high = interval.high;
  if (comparison.false_accepts < options.least_false_accepts) {
    evidence->reason =
        absl::StrCat("too few pairs: the cosine falsely accepts ", comparison.false_accepts,
                     " held-out ones; should be ", options.least_false_accepts, " to show a gain");
    return;
  }
  evidence->adopted = interval.high < 1;
  evidence->reason = absl::StrFormat(
      "%s: %.2f of the cosine's false accepts (95%% interval %.2f to %.2f) at its hit rate at "
      "%.2f",
      evidence->adopted ? "a gain" : "no gain shown", evidence->ratio, interval.low, interval.high,
      threshold);
}

// What is missing for training to make sense; empty: nothing.
std::string Missing(const VerifierEvidence& evidence, const TrainOptions& options) {
  if (evidence.duplicates == 0) return "one label only: there are no duplicates";
  if (evidence.duplicates == evidence.pairs) return "one label only: there are only duplicates";
  const uint64_t others = evidence.held_out_pairs - evidence.held_out_duplicates;
  if (std::min(evidence.held_out_duplicates, others) >= options.least_held_out) return "";
  return absl::StrCat("too few pairs: held out are ", evidence.held_out_duplicates,
                      " duplicates and ", others, " others; should be ", options.least_held_out,
                      " of each");
}

}  // namespace

absl::StatusOr<TrainedVerifier> TrainVerifier(absl::Span<const VerifyPair> pairs,
                                              const TrainOptions& options, const Call& call) {
  RETURN_IF_ERROR(Validate(options));
  RETURN_IF_ERROR(Validate(pairs));
  TrainedVerifier trained;
  trained.category = options.category;
  trained.identity = options.identity;
  trained.rule.band = options.band;
  VerifierEvidence& evidence = trained.evidence;

  std::vector<size_t> all(pairs.size());
  std::iota(all.begin(), all.end(), size_t{0});
  const Groups groups = verify::GroupByTexts(pairs);
  const verify::Split split =
      verify::SplitByGroups(all, groups, options.held_out_share, options.seed);
  evidence.pairs = pairs.size();
  evidence.duplicates = CountDuplicates(pairs, all);
  evidence.groups = groups.count;
  evidence.held_out_pairs = split.held_out.size();
  evidence.held_out_duplicates = CountDuplicates(pairs, split.held_out);
  evidence.reference_threshold = options.reference_threshold;
  evidence.reason = Missing(evidence, options);
  if (!evidence.reason.empty()) return trained;

  ASSIGN_OR_RETURN(trained.model, Learn(pairs, split.kept, groups, options, call));
  const std::vector<JudgedPair> judged = Judge(pairs, split.held_out, groups, trained.model);
  trained.rule.cuts = verify::LearnCuts(judged, options.band);
  Weigh(judged, options, &evidence);
  return trained;
}

absl::StatusOr<CategoryVerifier> MakeCategoryVerifier(const TrainedVerifier& trained) {
  if (!trained.evidence.adopted) {
    return absl::FailedPreconditionError(absl::StrCat(
        "verifier of ", trained.category, " is not adopted: ", trained.evidence.reason));
  }
  ASSIGN_OR_RETURN(std::shared_ptr<const Verifier> verifier,
                   MakeLearnedVerifier(trained.identity, trained.model));
  return CategoryVerifier{trained.category, std::move(verifier), trained.rule};
}

}  // namespace semcached
