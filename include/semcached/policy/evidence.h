// What is known about hits, right and wrong, by similarity.
#ifndef SEMCACHED_POLICY_EVIDENCE_H_
#define SEMCACHED_POLICY_EVIDENCE_H_

#include <absl/status/status.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "semcached/base/clock.h"
#include "semcached/base/mutex.h"
#include "semcached/cache/hit_observer.h"

namespace semcached {

using EvidenceVerdict = HitVerdict;
using EvidenceSource = VerdictSource;

// Of one narrow range of similarities. Weights, not counts: what is old weighs less.
struct EvidenceBin {
  double right = 0;
  double wrong = 0;
  double recent_right = 0;  // as above, of about the last kRecentVerdicts only
  double recent_wrong = 0;
  double served = 0;   // hits
  double refused = 0;  // candidates that were not served: too low, or audited

  double verdicts() const { return right + wrong; }
  double candidates() const { return served + refused; }
};

// The evidence of one category and one embedding identity. A plain value; not thread-safe.
struct CategoryEvidence {
  static constexpr double kLowest = 0.5;  // what is less alike is no candidate for a hit
  static constexpr double kBinWidth = 0.0025;
  static constexpr size_t kBins = 200;
  // How many verdicts and candidates weigh in at most: older ones fade away behind them.
  static constexpr double kVerdicts = 8'000;
  static constexpr double kRecentVerdicts = 200;
  static constexpr double kCandidates = 20'000;
  // Verdicts that the account below remembers.
  static constexpr double kAccountVerdicts = 4'000;

  std::array<EvidenceBin, kBins> bins{};

  int candidates_since_fade = 0;

  // The account of what was served: hits, verdicts on hits by feedback and audits, and how many of
  // those were wrong.
  double account_hits = 0;
  double account_verdicts = 0;
  double account_wrong = 0;

  // Out of range or NaN: nothing.
  static std::optional<size_t> BinOf(double similarity);
  static double LowerEdge(size_t bin) { return kLowest + static_cast<double>(bin) * kBinWidth; }

  void AddVerdict(double similarity, EvidenceVerdict verdict, EvidenceSource source);
  void AddCandidate(double similarity, bool served);
  // Multiplies all weights but the candidates' and, if `but_recent`, the recent verdicts'.
  // `share` in [0,1].
  void Fade(double share, bool but_recent);

  double Verdicts() const;
};

// Gathers evidence by category and embedding identity: thresholds of one embedder mean nothing to
// another. Of more than kMaxCategories pairs, the one touched longest ago is forgotten.
//
// Verdicts fade behind newer ones (CategoryEvidence says how fast) and with a half-life of
// kHalfLife, since the world changes too. Holds no text. Thread-safe.
class EvidenceBook {
 public:
  static constexpr size_t kMaxCategories = 256;
  static constexpr absl::Duration kHalfLife = absl::Hours(24 * 30);

  // Verdict by category and source since this book was made, unfaded: for metrics.
  struct Total {
    std::string category;
    EvidenceVerdict verdict = EvidenceVerdict::kUnsure;
    EvidenceSource source = EvidenceSource::kFeedback;
    uint64_t count = 0;
  };

  // One verdict on one candidate of the vector search; exact hits are no evidence. Feedback should
  // come for right answers as for wrong ones: where only complaints arrive, the error rate is
  // overrated. `unsure` is counted and weighs nothing. `now` is the monotonic clock. A similarity
  // out of [0.5,1] or not finite is left out.
  void Observe(std::string_view category, std::string_view identity, double similarity,
               EvidenceVerdict verdict, EvidenceSource source, MonotonicTime now)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Every semantic hit that is served: so it is known at which similarities hits are to be had.
  void ObserveServed(std::string_view category, std::string_view identity, double similarity)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // The nearest candidate of a lookup that was not served although nothing but its similarity, or
  // an audit, stood against it. Where this is never told, a threshold is not lowered.
  void ObserveRefused(std::string_view category, std::string_view identity, double similarity)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // A copy; empty if nothing is known.
  CategoryEvidence Of(std::string_view category, std::string_view identity) const
      ABSL_LOCKS_EXCLUDED(mutex_);

  // The world has changed: what is not recent keeps `share` of its weight.
  void ForgetOld(std::string_view category, std::string_view identity, double share)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Only what is not 0.
  std::vector<Total> Totals() const ABSL_LOCKS_EXCLUDED(mutex_);

  // All evidence as bytes, with a version and a CRC; about 2 KiB a category.
  std::string Serialize() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Replaces all evidence by what Serialize() gave; totals stay. DataLoss, and no effect: the bytes
  // are damaged, cut off, or of another version.
  absl::Status Parse(std::string_view bytes) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  using Key = std::pair<std::string, std::string>;  // category, identity
  struct Slot {
    CategoryEvidence evidence;
    std::optional<MonotonicTime> faded_at;
    uint64_t touched = 0;
  };

  Slot& Touch(std::string_view category, std::string_view identity)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void AddCandidate(std::string_view category, std::string_view identity, double similarity,
                    bool served) ABSL_LOCKS_EXCLUDED(mutex_);

  mutable Mutex mutex_;
  std::map<Key, Slot> slots_ ABSL_GUARDED_BY(mutex_);
  uint64_t touches_ ABSL_GUARDED_BY(mutex_) = 0;
  std::map<std::string, std::array<std::array<uint64_t, 3>, 3>, std::less<>> totals_
      ABSL_GUARDED_BY(mutex_);  // by category: [verdict][source]; at most kMaxCategories
};

}  // namespace semcached

#endif  // SEMCACHED_POLICY_EVIDENCE_H_
