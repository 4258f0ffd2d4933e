// Writes what the cache sees of hits into the book of evidence.
#ifndef SEMCACHED_POLICY_EVIDENCE_OBSERVER_H_
#define SEMCACHED_POLICY_EVIDENCE_OBSERVER_H_

#include <string_view>

#include "semcached/base/clock.h"
#include "semcached/cache/hit_observer.h"
#include "semcached/policy/evidence.h"

namespace semcached {

// Thread-safe. Both parameters outlive it.
class EvidenceObserver final : public HitObserver {
 public:
  EvidenceObserver(EvidenceBook* book, const Clock* clock) : book_(book), clock_(clock) {}

  void OnServed(std::string_view category, std::string_view identity, float similarity) override {
    book_->ObserveServed(category, identity, similarity);
  }
  void OnRefused(std::string_view category, std::string_view identity, float similarity) override {
    book_->ObserveRefused(category, identity, similarity);
  }
  void OnVerdict(std::string_view category, std::string_view identity, float similarity,
                 HitVerdict verdict, VerdictSource source) override {
    book_->Observe(category, identity, similarity, verdict, source, clock_->Monotonic());
  }

 private:
  EvidenceBook* const book_;
  const Clock* const clock_;
};

}  // namespace semcached

#endif  // SEMCACHED_POLICY_EVIDENCE_OBSERVER_H_
