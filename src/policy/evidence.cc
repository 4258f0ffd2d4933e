#include "semcached/policy/evidence.h"

#include <algorithm>
#include <cmath>

namespace semcached {
namespace {

constexpr int kFadeEvery = 64;  // candidates: each hit is one, and should cost next to nothing

}  // namespace

std::optional<size_t> CategoryEvidence::BinOf(double similarity) {
  // Rounding may carry a cosine a little over 1.
  if (!(similarity >= kLowest) || similarity > 1.001) return std::nullopt;
  // Similarities and thresholds are floats, which may lie a little below the edge of their bin.
  constexpr double kRounding = 1e-6;
  const auto bin = static_cast<size_t>((similarity - kLowest + kRounding) / kBinWidth);
  return std::min(bin, kBins - 1);
}

void CategoryEvidence::AddVerdict(double similarity, EvidenceVerdict verdict,
                                  EvidenceSource source) {
  const std::optional<size_t> at = BinOf(similarity);
  if (!at.has_value() || verdict == EvidenceVerdict::kUnsure) return;
  for (EvidenceBin& bin : bins) {
    bin.right *= 1 - 1 / kVerdicts;
    bin.wrong *= 1 - 1 / kVerdicts;
    bin.recent_right *= 1 - 1 / kRecentVerdicts;
    bin.recent_wrong *= 1 - 1 / kRecentVerdicts;
  }
  const bool wrong = verdict == EvidenceVerdict::kWrong;
  (wrong ? bins[*at].wrong : bins[*at].right) += 1;
  (wrong ? bins[*at].recent_wrong : bins[*at].recent_right) += 1;
  if (source == EvidenceSource::kNearMiss) return;
  account_hits -= account_hits / kAccountVerdicts;
  account_verdicts += 1 - account_verdicts / kAccountVerdicts;
  account_wrong += (wrong ? 1 : 0) - account_wrong / kAccountVerdicts;
}

void CategoryEvidence::AddCandidate(double similarity, bool served) {
  const std::optional<size_t> at = BinOf(similarity);
  if (!at.has_value()) return;
  if (++candidates_since_fade == kFadeEvery) {
    candidates_since_fade = 0;
    for (EvidenceBin& bin : bins) {
      bin.served *= 1 - kFadeEvery / kCandidates;
      bin.refused *= 1 - kFadeEvery / kCandidates;
    }
  }
  (served ? bins[*at].served : bins[*at].refused) += 1;
  if (served) account_hits += 1;
}

void CategoryEvidence::Fade(double share, bool but_recent) {
  const auto fade = [&](double* weight, double* recent) {
    if (but_recent) {
      const double old = std::max(0.0, *weight - *recent);
      *weight = *recent + old * share;
    } else {
      *weight *= share;
      *recent *= share;
    }
  };
  for (EvidenceBin& bin : bins) {
    fade(&bin.right, &bin.recent_right);
    fade(&bin.wrong, &bin.recent_wrong);
  }
  if (!but_recent) {
    account_hits *= share;
    account_verdicts *= share;
    account_wrong *= share;
  }
}

double CategoryEvidence::Verdicts() const {
  double sum = 0;
  for (const EvidenceBin& bin : bins) sum += bin.verdicts();
  return sum;
}

void EvidenceBook::Observe(std::string_view category, std::string_view identity, double similarity,
                           EvidenceVerdict verdict, EvidenceSource source, MonotonicTime now) {
  if (!CategoryEvidence::BinOf(similarity).has_value()) return;
  MutexLock lock(&mutex_);
  Slot& slot = Touch(category, identity);
  if (slot.faded_at.has_value() && now > *slot.faded_at) {
    slot.evidence.Fade(std::exp2(-absl::FDivDuration(now - *slot.faded_at, kHalfLife)), false);
  }
  slot.faded_at = now;
  slot.evidence.AddVerdict(similarity, verdict, source);
  auto total = totals_.find(category);
  if (total == totals_.end()) {
    if (totals_.size() >= kMaxCategories) return;
    total = totals_.try_emplace(std::string(category)).first;
  }
  ++total->second[static_cast<size_t>(verdict)][static_cast<size_t>(source)];
}

void EvidenceBook::ObserveServed(std::string_view category, std::string_view identity,
                                 double similarity) {
  AddCandidate(category, identity, similarity, true);
}

void EvidenceBook::ObserveRefused(std::string_view category, std::string_view identity,
                                  double similarity) {
  AddCandidate(category, identity, similarity, false);
}

void EvidenceBook::AddCandidate(std::string_view category, std::string_view identity,
                                double similarity, bool served) {
  if (!CategoryEvidence::BinOf(similarity).has_value()) return;
  MutexLock lock(&mutex_);
  Touch(category, identity).evidence.AddCandidate(similarity, served);
}

CategoryEvidence EvidenceBook::Of(std::string_view category, std::string_view identity) const {
  MutexLock lock(&mutex_);
  const auto found = slots_.find(Key(category, identity));
  return found == slots_.end() ? CategoryEvidence() : found->second.evidence;
}

void EvidenceBook::ForgetOld(std::string_view category, std::string_view identity, double share) {
  MutexLock lock(&mutex_);
  const auto found = slots_.find(Key(category, identity));
  if (found == slots_.end()) return;
  found->second.evidence.Fade(share, true);
  // What is recent has been answered for: the next drift is one of newer verdicts.
  for (EvidenceBin& bin : found->second.evidence.bins) bin.recent_right = bin.recent_wrong = 0;
}

std::vector<EvidenceBook::Total> EvidenceBook::Totals() const {
  MutexLock lock(&mutex_);
  std::vector<Total> totals;
  for (const auto& [category, by_verdict] : totals_) {
    for (size_t verdict = 0; verdict < by_verdict.size(); ++verdict) {
      for (size_t source = 0; source < by_verdict[verdict].size(); ++source) {
        const uint64_t count = by_verdict[verdict][source];
        if (count == 0) continue;
        totals.push_back({category, static_cast<EvidenceVerdict>(verdict),
                          static_cast<EvidenceSource>(source), count});
      }
    }
  }
  return totals;
}

EvidenceBook::Slot& EvidenceBook::Touch(std::string_view category, std::string_view identity) {
  Key key(category, identity);
  auto found = slots_.find(key);
  if (found == slots_.end()) {
    if (slots_.size() >= kMaxCategories) {
      slots_.erase(std::min_element(slots_.begin(), slots_.end(), [](auto& a, auto& b) {
        return a.second.touched < b.second.touched;
      }));
    }
    found = slots_.try_emplace(std::move(key)).first;
  }
  found->second.touched = ++touches_;
  return found->second;
}

}  // namespace semcached
