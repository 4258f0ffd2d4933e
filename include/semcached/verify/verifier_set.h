// The verifiers that are in force, by category.
#ifndef SEMCACHED_VERIFY_VERIFIER_SET_H_
#define SEMCACHED_VERIFY_VERIFIER_SET_H_

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "semcached/verify/decision.h"
#include "semcached/verify/verifier.h"

namespace semcached {

struct CategoryVerifier {
  std::string category;
  std::shared_ptr<const Verifier> verifier;  // not null
  VerifyRule rule;

  // DecideByBand with the verifier's score. `call` ends with the time that verifying may take.
  VerifyDecision Decide(const VerifyCandidate& candidate, double threshold, double least_similarity,
                        const Call& call) const;
};

// Immutable, hence thread-safe; a change makes another set.
class VerifierSet {
 public:
  VerifierSet() = default;
  // The later of two of one category stands.
  explicit VerifierSet(std::vector<CategoryVerifier> verifiers);

  // The category's verifier if it takes vectors of this identity; null: the plain cosine decides.
  // Valid as long as the set.
  const CategoryVerifier* Find(std::string_view category, std::string_view identity) const;

  // With `verifier` in place of its category's.
  VerifierSet With(CategoryVerifier verifier) const;

 private:
  std::map<std::string, CategoryVerifier, std::less<>> by_category_;
};

}  // namespace semcached

#endif  // SEMCACHED_VERIFY_VERIFIER_SET_H_
