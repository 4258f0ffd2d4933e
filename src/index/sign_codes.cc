#include "index/sign_codes.h"

#include <absl/container/inlined_vector.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <utility>

namespace semcached {
namespace {

constexpr size_t kWordBits = 64;
constexpr double kDeviations = 5;

size_t WordsFor(size_t dimension) { return (dimension + kWordBits - 1) / kWordBits; }

float DistanceBetween(absl::Span<const float> a, absl::Span<const float> b) {
  float sum = 0;
  for (size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(sum);
}

// A number for each match that is less for a nearer one, and for the earlier of two equally near.
uint64_t Key(const CodeMatch& match) { return uint64_t{match.distance} << 32 | match.position; }
CodeMatch MatchOf(uint64_t key) {
  return {static_cast<uint32_t>(key), static_cast<uint32_t>(key >> 32)};
}

// The best of what is offered, which comes by position rising.
class Best {
 public:
  Best(size_t wanted, size_t dimension)
      : wanted_(wanted), last_(static_cast<uint32_t>(dimension)), counts_(dimension + 1, 0) {}

  // From now on what differs in more bits than `most` is not looked at.
  void SetMost(uint32_t most) { most_ = most; }

  // What differs in so many bits or more need not be offered.
  uint32_t below() const { return within_ < wanted_ ? most_ + 1 : std::min(last_, most_ + 1); }

  void Offer(const CodeMatch& match) {
    if (wanted_ == 0 || match.distance >= below()) return;
    if (kept_.size() >= 4 * wanted_) Cut();
    kept_.push_back(Key(match));
    ++counts_[match.distance];
    ++within_;
    while (within_ - counts_[last_] >= wanted_) within_ -= counts_[last_--];
  }

  absl::Span<const uint64_t> Sorted() {
    Cut();
    std::sort(kept_.begin(), kept_.end());
    if (kept_.size() > wanted_) kept_.resize(wanted_);
    return kept_;
  }

 private:
  void Cut() {
    const auto is_behind = [this](uint64_t key) { return MatchOf(key).distance > last_; };
    kept_.erase(std::remove_if(kept_.begin(), kept_.end(), is_behind), kept_.end());
  }

  const size_t wanted_;
  uint32_t most_ = std::numeric_limits<uint32_t>::max() - 1;
  uint32_t last_;      // the distance of the last one that is wanted, once so many have come
  size_t within_ = 0;  // have that or less
  absl::InlinedVector<uint32_t, 512> counts_;  // by distance
  absl::InlinedVector<uint64_t, 160> kept_;
};

}  // namespace

SignCode SignsOf(absl::Span<const float> vector, absl::Span<const float> centre) {
  SignCode code(WordsFor(vector.size()));
  ActiveCodeKernels().signs_float(vector.data(), centre.data(), vector.size(), code.data());
  return code;
}

SignCode SignsOf(const CompactVector& vector, absl::Span<const float> centre) {
  SignCode code(WordsFor(centre.size()));
  ActiveCodeKernels().signs_byte(vector.codes, vector.scale, centre.data(), centre.size(),
                                 code.data());
  return code;
}

uint32_t MostDifferentSigns(float cosine, float from_centre, size_t dimension) {
  // Seen from the centre, what is within this distance of the query is within an angle of it.
  const float distance = std::sqrt(std::max(0.0F, 2 - 2 * cosine));
  if (distance >= from_centre) return static_cast<uint32_t>(dimension);
  const double share = std::asin(static_cast<double>(distance / from_centre)) / std::numbers::pi;
  const auto bits = static_cast<double>(dimension);
  const double deviation = std::sqrt(bits * share * (1 - share));
  return static_cast<uint32_t>(std::ceil(bits * share + kDeviations * deviation));
}

SignCodes::SignCodes(std::vector<float> centre) : words_(WordsFor(centre.size())) {
  MoveCentre(std::move(centre));
}

void SignCodes::MoveCentre(std::vector<float> centre) {
  centre_ = std::make_shared<const std::vector<float>>(std::move(centre));
  pushed_ = recoded_ = 0;
  old_after_ = std::max(size_, kChunkVectors);
}

void SignCodes::PushBack(const CompactVector& vector) {
  if (size_ == chunks_.size() * kChunkVectors) {
    chunks_.push_back({std::make_unique<uint64_t[]>(words_ * kChunkVectors), centre_});
  }
  ++pushed_;
  Set(size_++, vector);
}

void SignCodes::PopBack() {
  --size_;
  // One chunk in reserve, so that a size about the limit does not allocate again and again.
  if (size_ + 2 * kChunkVectors <= chunks_.size() * kChunkVectors) chunks_.pop_back();
}

void SignCodes::Set(size_t position, const CompactVector& vector) {
  const Chunk& chunk = chunks_[position / kChunkVectors];
  const SignCode code = SignsOf(vector, *chunk.centre);
  const size_t within = position % kChunkVectors;
  uint64_t* to =
      chunk.bits.get() + within / kBlockVectors * words_ * kBlockVectors + within % kBlockVectors;
  for (size_t word = 0; word < words_; ++word) to[word * kBlockVectors] = code[word];
}

void SignCodes::Recode(absl::FunctionRef<CompactVector(size_t position)> vector_at) {
  while (recoded_ < chunks_.size() && chunks_[recoded_].centre == centre_) ++recoded_;
  if (recoded_ >= chunks_.size()) return;
  chunks_[recoded_].centre = centre_;
  const size_t begin = recoded_ * kChunkVectors;
  const size_t end = std::min(size_, begin + kChunkVectors);
  for (size_t position = begin; position < end; ++position) Set(position, vector_at(position));
}

std::vector<CodeMatch> SignCodes::Nearest(absl::Span<const float> query, size_t first,
                                          const CodesWanted& wanted) const {
  const auto match = ActiveCodeKernels().match;
  Best near(wanted.near, dimension());
  Best any(wanted.any, dimension());
  SignCode code(words_, 0);
  const std::vector<float>* centre = nullptr;
  CodeMatch matches[kChunkVectors];
  for (size_t at = first / kChunkVectors; at * kChunkVectors < size_; ++at) {
    const Chunk& chunk = chunks_[at];
    if (chunk.centre.get() != centre) {
      centre = chunk.centre.get();
      const SignCode around = SignsOf(query, *centre);
      std::copy(around.begin(), around.end(), code.begin());
      near.SetMost(
          MostDifferentSigns(wanted.min_similarity, DistanceBetween(query, *centre), dimension()));
    }
    const size_t begin = at * kChunkVectors;
    const size_t here = std::min(kChunkVectors, size_ - begin);
    const size_t blocks = (here + kBlockVectors - 1) / kBlockVectors;
    const size_t found = match(chunk.bits.get(), blocks, code.data(), words_,
                               std::max(near.below(), any.below()), matches);
    for (size_t i = 0; i < found; ++i) {
      const size_t position = begin + matches[i].position;
      if (position < first || position >= size_) continue;
      const CodeMatch moved{static_cast<uint32_t>(position), matches[i].distance};
      near.Offer(moved);
      any.Offer(moved);
    }
  }
  const absl::Span<const uint64_t> nearest = near.Sorted();
  const absl::Span<const uint64_t> others = any.Sorted();
  // Around one centre, one is the beginning of the other.
  std::vector<CodeMatch> best;
  best.reserve(std::max(nearest.size(), others.size()));
  for (const uint64_t key : nearest.size() >= others.size() ? nearest : others) {
    best.push_back(MatchOf(key));
  }
  return best;
}

size_t SignCodes::MemoryBytes() const {
  return sizeof(*this) + dimension() * sizeof(float) +
         chunks_.size() * words_ * kChunkVectors * sizeof(uint64_t) +
         chunks_.capacity() * sizeof(chunks_[0]);
}

}  // namespace semcached
