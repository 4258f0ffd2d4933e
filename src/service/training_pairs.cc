#include "service/training_pairs.h"

#include <absl/strings/str_cat.h>

#include "semcached/base/status.h"
#include "service/convert.h"

namespace semcached {
namespace {

constexpr size_t kMostTrainingBytes = 64 << 20;

}  // namespace

absl::Status TrainingPairs::Take(const v1::LabelledPair& pair) {
  if (pairs_.empty()) RETURN_IF_ERROR(TakeCategory(pair.category()));
  if (pairs_.size() >= kMaxTrainingPairs) {
    return absl::InvalidArgumentError(
        absl::StrCat("more than ", kMaxTrainingPairs, " pairs; send a sample of them"));
  }
  const auto limit = static_cast<size_t>(parts_.config->limits.max_query_bytes);
  for (const std::string* text : {&pair.text_a(), &pair.text_b()}) {
    if (text->empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat("pair ", pairs_.size() + 1, ": text is empty"));
    }
    RETURN_IF_ERROR(CheckText(absl::StrCat("pair ", pairs_.size() + 1, ": text"), *text, limit));
  }
  bytes_ += pair.text_a().size() + pair.text_b().size();
  if (bytes_ > kMostTrainingBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("the texts take more than ", kMostTrainingBytes, " bytes; send a sample"));
  }
  pairs_.push_back({pair.duplicate(), pair.text_a(), pair.text_b()});
  return absl::OkStatus();
}

absl::Status TrainingPairs::TakeCategory(const std::string& category) {
  const PoliciesPtr policies = parts_.policies->Current();
  const CategoryInForce* found = policies->Find(category);
  if (found == nullptr || !found->configured.allow_caching) {
    return absl::InvalidArgumentError(absl::StrCat(
        "category \"", category, "\" is not configured, or forbids caching; name another"));
  }
  const auto embedder = parts_.embedders.find(found->configured.embedding);
  if (embedder == parts_.embedders.end()) {
    return absl::InvalidArgumentError(
        absl::StrCat("embedder \"", found->configured.embedding, "\" of category \"", category,
                     "\" is not configured; a verifier needs its vectors"));
  }
  category_ = category;
  embedder_ = embedder->second;
  return absl::OkStatus();
}

absl::Status TrainingPairs::Train(const Call& call, v1::TrainVerifierResponse* response) const {
  if (pairs_.empty()) return absl::InvalidArgumentError("no pairs; send some, with both labels");
  if (parts_.verifiers == nullptr) return absl::UnimplementedError("verifiers are not kept here");
  ASSIGN_OR_RETURN(const VerifierEvidence evidence,
                   parts_.verifiers->Train(category_, pairs_, embedder_, call));
  response->set_adopted(evidence.adopted);
  response->set_reason(evidence.reason);
  response->set_training_pair_count(static_cast<int64_t>(evidence.pairs - evidence.held_out_pairs));
  response->set_held_out_pair_count(static_cast<int64_t>(evidence.held_out_pairs));
  response->set_cosine_auc(evidence.auc_cosine);
  response->set_verified_auc(evidence.auc_rule);
  response->set_cosine_false_accept_rate(evidence.false_accept_cosine);
  response->set_verified_false_accept_rate(evidence.false_accept_rule);
  response->set_ratio_low(evidence.ratio_low);
  response->set_ratio_high(evidence.ratio_high);
  return absl::OkStatus();
}

}  // namespace semcached
