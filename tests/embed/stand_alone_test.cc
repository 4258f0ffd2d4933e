#include "embed/stand_alone.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace semcached {
namespace {

// Its vector of a text is the text's own length beside what `of_the_run` makes of the whole run.
class StandInEncoder final : public SentenceEncoder {
 public:
  using OfTheRun = float (*)(absl::Span<const Tokens* const> texts);

  explicit StandInEncoder(OfTheRun of_the_run) : of_the_run_(of_the_run) {}

  size_t dimension() const override { return 2; }

  absl::StatusOr<Vectors> Encode(absl::Span<const Tokens* const> texts) override {
    Vectors vectors;
    for (const Tokens* text : texts) {
      vectors.push_back({static_cast<float>(text->size()), of_the_run_(texts)});
    }
    return vectors;
  }

 private:
  const OfTheRun of_the_run_;
};

bool StandAlone(StandInEncoder::OfTheRun of_the_run) {
  StandInEncoder encoder(of_the_run);
  return VectorsStandAlone(&encoder, /*largest_id=*/30'521, /*max_tokens=*/256);
}

TEST(VectorsStandAloneTest, IfNothingOfTheRunIsInThem) {
  EXPECT_TRUE(StandAlone([](absl::Span<const SentenceEncoder::Tokens* const>) { return 1.0F; }));
}

TEST(VectorsStandAloneTest, NotIfTheRunMovesThemByABit) {
  EXPECT_FALSE(StandAlone([](absl::Span<const SentenceEncoder::Tokens* const> texts) {
    return texts.size() == 1 ? 1.0F : std::nextafter(1.0F, 2.0F);
  }));
}

TEST(VectorsStandAloneTest, NotIfTheirPaddingMovesThem) {
  EXPECT_FALSE(StandAlone([](absl::Span<const SentenceEncoder::Tokens* const> texts) {
    size_t longest = 0;
    for (const SentenceEncoder::Tokens* text : texts) longest = std::max(longest, text->size());
    return static_cast<float>(longest);
  }));
}

// As a model with a batch of one, or so it seems.
class OneTextEncoder final : public SentenceEncoder {
 public:
  size_t dimension() const override { return 1; }
  absl::StatusOr<Vectors> Encode(absl::Span<const Tokens* const> texts) override {
    if (texts.size() > 1) return absl::UnavailableError("one text a run");
    return Vectors{{1.0F}};
  }
};

TEST(VectorsStandAloneTest, NotIfTheModelTakesOneTextOnly) {
  OneTextEncoder encoder;
  EXPECT_FALSE(VectorsStandAlone(&encoder, 30'521, 256));
}

}  // namespace
}  // namespace semcached
