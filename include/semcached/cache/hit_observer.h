// Who learns from hits and from what people, or audits, say of them.
#ifndef SEMCACHED_CACHE_HIT_OBSERVER_H_
#define SEMCACHED_CACHE_HIT_OBSERVER_H_

#include <string_view>

namespace semcached {

enum class HitVerdict { kRight, kWrong, kUnsure };

enum class VerdictSource {
  kFeedback,  // of a hit that was served: somebody said so
  kAudit,     // of a hit that was answered as a miss on purpose, and the answers compared
  kNearMiss,  // of a candidate below the threshold, whose miss brought a fresh answer to compare
};

// The names as metrics write them.
const char* Name(HitVerdict value);
const char* Name(VerdictSource value);

// Thread-safe. Called on request threads: quick.
class HitObserver {
 public:
  virtual ~HitObserver() = default;

  // A semantic hit of this similarity was served.
  virtual void OnServed(std::string_view category, std::string_view identity, float similarity) = 0;

  // The nearest candidate of a lookup was not served although nothing but its similarity, or an
  // audit, stood against it. Told of categories with a budget or an audit rate only.
  virtual void OnRefused(std::string_view category, std::string_view identity,
                         float similarity) = 0;

  // The answer to a query this similar was right, or wrong.
  virtual void OnVerdict(std::string_view category, std::string_view identity, float similarity,
                         HitVerdict verdict, VerdictSource source) = 0;
};

}  // namespace semcached

#endif  // SEMCACHED_CACHE_HIT_OBSERVER_H_
