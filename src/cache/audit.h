// Audits: whether a cached answer would have been right, told from the fresh one.
#ifndef SEMCACHED_SRC_CACHE_AUDIT_H_
#define SEMCACHED_SRC_CACHE_AUDIT_H_

#include "semcached/base/types.h"
#include "semcached/cache/hit_observer.h"

namespace semcached {

// A candidate that was not served, so that its answer can be compared with the fresh one.
struct Audited {
  EntryId entry = 0;     // 0: none
  float similarity = 0;  // of the queries
  VerdictSource source = VerdictSource::kAudit;
};

// Answers this similar, by the cosine of their embeddings, say the same; those are different; what
// lies between counts for neither. An embedding sees the subject better than the sense: two answers
// to opposite questions may be similar, so an audit flatters, and guards stay what keeps such pairs
// apart.
inline constexpr float kSameAnswer = 0.90F;
inline constexpr float kOtherAnswer = 0.70F;

HitVerdict VerdictOf(float answer_similarity);

}  // namespace semcached

#endif  // SEMCACHED_SRC_CACHE_AUDIT_H_
