// Learns a category's verifier from its own labelled pairs, and judges whether it is a gain.
#ifndef SEMCACHED_VERIFY_TRAIN_H_
#define SEMCACHED_VERIFY_TRAIN_H_

#include <absl/status/statusor.h>
#include <absl/types/span.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "semcached/verify/decision.h"
#include "semcached/verify/learned_verifier.h"
#include "semcached/verify/verifier_set.h"

namespace semcached {

struct VerifyPair {
  std::string text_a;  // UTF-8, not empty
  std::string text_b;
  std::vector<float> vector_a;  // length 1, all pairs of one dimension
  std::vector<float> vector_b;
  bool duplicate = false;  // one answer serves both
};

struct TrainOptions {
  std::string category;
  std::string identity;  // of the embedding that made the vectors
  uint64_t seed = 1;
  double reference_threshold = 0.85;  // where the gain is judged; in [0.70,0.98]
  VerifyBand band;
  double held_out_share = 0.25;     // of the pairs, for cuts and evidence
  size_t least_held_out = 100;      // held-out pairs of each label; fewer are no evidence
  size_t least_false_accepts = 20;  // held out, by the cosine at the reference; ditto
  size_t networks = 3;              // averaged
  size_t epochs = 30;               // at most; training stops when it no longer gains
  size_t bootstrap_samples = 1000;  // for the interval of the ratio
};

inline constexpr size_t kMaxTrainingPairs = 50000;

// What the held-out pairs say. Pairs that share a text, directly or by others, are a group and on
// one side of the split. Rates are of held-out pairs; false-accept rate: non-duplicates accepted,
// of all non-duplicates. Both rules are compared at the hit rate (duplicates accepted, of all
// duplicates) that the plain cosine gives at the reference threshold.
struct VerifierEvidence {
  uint64_t pairs = 0;
  uint64_t duplicates = 0;
  uint64_t groups = 0;
  uint64_t held_out_pairs = 0;
  uint64_t held_out_duplicates = 0;
  double reference_threshold = 0;
  double auc_cosine = 0;
  double auc_rule = 0;  // of the order that the rule gives: below the band, by score, above it
  double hit_rate = 0;
  double false_accept_cosine = 0;
  double false_accept_rule = 0;
  double ratio = 1;      // of the two
  double ratio_low = 1;  // 95 % interval, by resampling groups, the cut chosen anew in each sample
  double ratio_high = 1;
  bool adopted = false;  // ratio_high < 1, and enough pairs
  std::string reason;    // why, in words

  friend bool operator==(const VerifierEvidence&, const VerifierEvidence&) = default;
};

struct TrainedVerifier {
  std::string category;
  std::string identity;
  VerifierModel model;  // without networks if there was too little to learn from
  VerifyRule rule;
  VerifierEvidence evidence;

  friend bool operator==(const TrainedVerifier&, const TrainedVerifier&) = default;
};

// The networks see the pairs that are not held out only, so the evidence is about the very model
// that is returned. The same pairs and seed give the same verifier on the same kind of processor.
// About half a minute for 18,000 pairs on one core; nothing is shared, so any thread may run it.
//
// Too few pairs, one label only, or no gain are no errors: `adopted` is false and `reason` says
// why. InvalidArgument: options out of range, too many pairs, an empty text, vectors of different
// or no dimension or with a component that is not finite. Cancelled, DeadlineExceeded: as `call`
// says, asked at each epoch.
absl::StatusOr<TrainedVerifier> TrainVerifier(absl::Span<const VerifyPair> pairs,
                                              const TrainOptions& options, const Call& call);

// FailedPrecondition: not adopted; repeats the reason. InvalidArgument: as MakeLearnedVerifier.
absl::StatusOr<CategoryVerifier> MakeCategoryVerifier(const TrainedVerifier& trained);

}  // namespace semcached

#endif  // SEMCACHED_VERIFY_TRAIN_H_
