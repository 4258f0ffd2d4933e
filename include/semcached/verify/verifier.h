// A second look at a candidate whose similarity alone does not decide.
#ifndef SEMCACHED_VERIFY_VERIFIER_H_
#define SEMCACHED_VERIFY_VERIFIER_H_

#include <absl/status/statusor.h>
#include <absl/types/span.h>

#include <string>
#include <string_view>

#include "semcached/base/call.h"

namespace semcached {

// A query and the cached query that its answer would come from.
struct VerifyCandidate {
  std::string_view query;  // UTF-8
  std::string_view cached_query;
  absl::Span<const float> query_vector;  // length 1, both of the verifier's identity
  absl::Span<const float> cached_vector;
  double similarity = 0;  // the cosine of the two vectors
};

// Judges whether one answer serves both. Immutable, hence thread-safe.
class Verifier {
 public:
  virtual ~Verifier() = default;

  // What kind it is, e.g. "learned": for metrics and explanations.
  virtual const std::string& name() const = 0;

  // The embedding identity whose vectors it takes; empty: it looks at the texts only.
  virtual const std::string& identity() const = 0;

  // In [0,1]; higher is surer. Comparable within one verifier only: the cut that goes with it says
  // what is enough. InvalidArgument: a text is missing, or the vectors have another dimension.
  // Cancelled, DeadlineExceeded: as `call` says. Whatever else: its own failure.
  virtual absl::StatusOr<double> Score(const VerifyCandidate& candidate,
                                       const Call& call) const = 0;
};

}  // namespace semcached

#endif  // SEMCACHED_VERIFY_VERIFIER_H_
