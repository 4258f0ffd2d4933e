// Who learns from hits and from what people, or audits, say of them.
#ifndef SEMCACHED_CACHE_HIT_OBSERVER_H_
#define SEMCACHED_CACHE_HIT_OBSERVER_H_

#include <string_view>

namespace semcached {

enum class HitVerdict { kRight, kWrong };

enum class VerdictSource {
  kFeedback,  // somebody said so
  kAudit,     // the fresh answer was compared with the cached one
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

  // The answer to a query this similar was right, or wrong. `similarity` may lie below the
  // threshold: audits look there too, without serving anything.
  virtual void OnVerdict(std::string_view category, std::string_view identity, float similarity,
                         HitVerdict verdict, VerdictSource source) = 0;
};

}  // namespace semcached

#endif  // SEMCACHED_CACHE_HIT_OBSERVER_H_
