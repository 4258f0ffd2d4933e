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

template <typename T>
SignCode Signs(absl::Span<const T> values) {
  SignCode code(WordsFor(values.size()), 0);
  for (size_t i = 0; i < values.size(); ++i) {
    code[i / kWordBits] |= uint64_t{values[i] >= 0} << (i % kWordBits);
  }
  return code;
}

// A number for each match that is less for a nearer one, and for the earlier of two equally near.
uint64_t Key(const CodeMatch& match) { return uint64_t{match.distance} << 32 | match.position; }
CodeMatch MatchOf(uint64_t key) {
  return {static_cast<uint32_t>(key), static_cast<uint32_t>(key >> 32)};
}

// The best of what is offered, which comes by position rising.
class Best {
 public:
  // What differs in `below` bits or more is not looked at.
  Best(size_t wanted, uint32_t below) : wanted_(wanted), below_(wanted == 0 ? 0 : below) {}

  // What differs in so many bits or more need not be offered.
  uint32_t below() const { return below_; }

  void Offer(const CodeMatch& match) {
    if (match.distance >= below_) return;
    kept_.push_back(Key(match));
    if (kept_.size() >= 2 * wanted_ + kSlack) Cut();
  }

  absl::Span<const uint64_t> Sorted() {
    std::sort(kept_.begin(), kept_.end());
    if (kept_.size() > wanted_) kept_.resize(wanted_);
    return kept_;
  }

 private:
  static constexpr size_t kSlack = 16;

  void Cut() {
    const auto last = kept_.begin() + static_cast<std::ptrdiff_t>(wanted_ - 1);
    std::nth_element(kept_.begin(), last, kept_.end());
    below_ = MatchOf(*last).distance;
    kept_.resize(wanted_);
  }

  const size_t wanted_;
  uint32_t below_;
  absl::InlinedVector<uint64_t, 160> kept_;
};

}  // namespace

SignCode SignsOf(absl::Span<const float> vector) { return Signs(vector); }
SignCode SignsOf(absl::Span<const int8_t> codes) { return Signs(codes); }

uint32_t MostDifferentSigns(float cosine, size_t dimension) {
  const double angle = std::acos(std::clamp(static_cast<double>(cosine), -1.0, 1.0));
  const double share = angle / std::numbers::pi;
  const auto bits = static_cast<double>(dimension);
  const double deviation = std::sqrt(bits * share * (1 - share));
  return static_cast<uint32_t>(std::ceil(bits * share + kDeviations * deviation));
}

SignCodes::SignCodes(size_t dimension) : words_(WordsFor(dimension)) {}

uint64_t* SignCodes::At(size_t position) const {
  const size_t within = position % kChunkVectors;
  return chunks_[position / kChunkVectors].get() + within / kBlockVectors * words_ * kBlockVectors +
         within % kBlockVectors;
}

void SignCodes::PushBack(const SignCode& code) {
  if (size_ == chunks_.size() * kChunkVectors) {
    chunks_.push_back(std::make_unique<uint64_t[]>(words_ * kChunkVectors));
  }
  uint64_t* to = At(size_++);
  for (size_t word = 0; word < words_; ++word) to[word * kBlockVectors] = code[word];
}

void SignCodes::PopBack() {
  --size_;
  // One chunk in reserve, so that a size about the limit does not allocate again and again.
  if (size_ + 2 * kChunkVectors <= chunks_.size() * kChunkVectors) chunks_.pop_back();
}

void SignCodes::Swap(size_t a, size_t b) {
  uint64_t* left = At(a);
  uint64_t* right = At(b);
  for (size_t word = 0; word < words_; ++word) {
    std::swap(left[word * kBlockVectors], right[word * kBlockVectors]);
  }
}

std::vector<CodeMatch> SignCodes::Nearest(const SignCode& query, size_t first,
                                          const CodesWanted& wanted) const {
  const auto match = ActiveCodeKernels().match;
  Best near(wanted.near, wanted.most_different + 1);
  Best any(wanted.any, std::numeric_limits<uint32_t>::max());
  CodeMatch matches[kChunkVectors];
  for (size_t chunk = first / kChunkVectors; chunk * kChunkVectors < size_; ++chunk) {
    const size_t begin = chunk * kChunkVectors;
    const size_t here = std::min(kChunkVectors, size_ - begin);
    const size_t blocks = (here + kBlockVectors - 1) / kBlockVectors;
    const size_t found = match(chunks_[chunk].get(), blocks, query.data(), words_,
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
  // One is the beginning of the other.
  std::vector<CodeMatch> best;
  best.reserve(std::max(nearest.size(), others.size()));
  for (const uint64_t key : nearest.size() >= others.size() ? nearest : others) {
    best.push_back(MatchOf(key));
  }
  return best;
}

size_t SignCodes::MemoryBytes() const {
  return chunks_.size() * words_ * kChunkVectors * sizeof(uint64_t) +
         chunks_.capacity() * sizeof(chunks_[0]);
}

}  // namespace semcached
