#include "semcached/verify/verifier_set.h"

#include <utility>

namespace semcached {

VerifyDecision CategoryVerifier::Decide(const VerifyCandidate& candidate, double threshold,
                                        double least_similarity, const Call& call) const {
  return DecideByBand(candidate.similarity, threshold, least_similarity, rule,
                      [&] { return verifier->Score(candidate, call); });
}

VerifierSet::VerifierSet(std::vector<CategoryVerifier> verifiers) {
  for (CategoryVerifier& verifier : verifiers) {
    std::string category = verifier.category;
    by_category_.insert_or_assign(std::move(category), std::move(verifier));
  }
}

const CategoryVerifier* VerifierSet::Find(std::string_view category,
                                          std::string_view identity) const {
  const auto found = by_category_.find(category);
  if (found == by_category_.end()) return nullptr;
  const std::string& takes = found->second.verifier->identity();
  return takes.empty() || takes == identity ? &found->second : nullptr;
}

VerifierSet VerifierSet::With(CategoryVerifier verifier) const {
  VerifierSet set = *this;
  std::string category = verifier.category;
  set.by_category_.insert_or_assign(std::move(category), std::move(verifier));
  return set;
}

}  // namespace semcached
