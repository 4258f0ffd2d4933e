#include "semcached/verify/learned_verifier.h"

#include <absl/container/inlined_vector.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "semcached/base/status.h"
#include "verify/features.h"
#include "verify/network.h"

namespace semcached {
namespace {

constexpr size_t kHidden = VerifierNetwork::kHidden;

bool AllFinite(const std::vector<float>& values) {
  return std::all_of(values.begin(), values.end(),
                     [](float value) { return std::isfinite(value); });
}

absl::Status Validate(const VerifierModel& model) {
  if (model.networks.empty() || model.networks.size() > kMaxVerifierNetworks) {
    return absl::InvalidArgumentError(absl::StrCat("verifier has ", model.networks.size(),
                                                   " networks; should have 1 to ",
                                                   kMaxVerifierNetworks));
  }
  const size_t inputs = verify::FeatureCount(model.dimension);
  for (const VerifierNetwork& network : model.networks) {
    if (model.dimension == 0 || network.hidden.size() != inputs * kHidden ||
        network.hidden_bias.size() != kHidden || network.output.size() != kHidden) {
      return absl::InvalidArgumentError(
          absl::StrCat("verifier's weights do not fit vectors of dimension ", model.dimension));
    }
    if (!AllFinite(network.hidden) || !AllFinite(network.hidden_bias) ||
        !AllFinite(network.output) || !std::isfinite(network.output_bias)) {
      return absl::InvalidArgumentError("verifier has a weight that is not finite");
    }
  }
  return absl::OkStatus();
}

class LearnedVerifier final : public Verifier {
 public:
  LearnedVerifier(std::string identity, VerifierModel model)
      : identity_(std::move(identity)), model_(std::move(model)) {}

  const std::string& name() const override { return name_; }
  const std::string& identity() const override { return identity_; }

  absl::StatusOr<double> Score(const VerifyCandidate& candidate, const Call& call) const override {
    if (candidate.query.empty() || candidate.cached_query.empty()) {
      return absl::InvalidArgumentError("a learned verifier needs the texts of both queries");
    }
    for (const size_t size : {candidate.query_vector.size(), candidate.cached_vector.size()}) {
      if (size == model_.dimension) continue;
      return absl::InvalidArgumentError(
          absl::StrCat("vector of dimension ", size, "; ", identity_, " has ", model_.dimension));
    }
    RETURN_IF_ERROR(call.Check());
    absl::InlinedVector<float, 1024> features(verify::FeatureCount(model_.dimension));
    verify::ComputeFeatures(candidate.query, candidate.cached_query, candidate.query_vector,
                            candidate.cached_vector, features.data());
    return verify::Probability(model_, features.data(), features.size());
  }

 private:
  const std::string name_ = "learned";
  const std::string identity_;
  const VerifierModel model_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<const Verifier>> MakeLearnedVerifier(std::string identity,
                                                                    VerifierModel model) {
  RETURN_IF_ERROR(Validate(model));
  return std::make_shared<const LearnedVerifier>(std::move(identity), std::move(model));
}

}  // namespace semcached
