#include "semcached/policy/evidence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <thread>

#include "support/fake_clock.h"

namespace semcached {
namespace {

using testing::DoubleNear;
using testing::IsEmpty;
using testing::SizeIs;

constexpr auto kRight = EvidenceVerdict::kRight;
constexpr auto kWrong = EvidenceVerdict::kWrong;
constexpr auto kUnsure = EvidenceVerdict::kUnsure;
constexpr auto kFeedback = EvidenceSource::kFeedback;

class EvidenceTest : public testing::Test {
 protected:
  void Observe(double similarity, EvidenceVerdict verdict,
               EvidenceSource source = EvidenceSource::kFeedback) {
    book_.Observe("code", "minilm", similarity, verdict, source, clock_.Monotonic());
  }
  CategoryEvidence Known() const { return book_.Of("code", "minilm"); }

  FakeClock clock_;
  EvidenceBook book_;
};

TEST_F(EvidenceTest, AVerdictWeighsInTheBinOfItsSimilarity) {
  Observe(0.9, kRight);
  Observe(0.9, kWrong);
  const size_t at = CategoryEvidence::BinOf(0.9).value();
  const CategoryEvidence known = Known();
  EXPECT_THAT(known.bins[at].right, DoubleNear(1, 0.01));
  EXPECT_THAT(known.bins[at].wrong, DoubleNear(1, 0.01));
  EXPECT_THAT(known.Verdicts(), DoubleNear(2, 0.01));
  EXPECT_LE(CategoryEvidence::LowerEdge(at), 0.9 + 1e-9);
  EXPECT_GT(CategoryEvidence::LowerEdge(at + 1), 0.9);
}

TEST_F(EvidenceTest, UnsureCountsForNeither) {
  Observe(0.9, kUnsure);
  EXPECT_EQ(Known().Verdicts(), 0);
  EXPECT_EQ(Known().account_verdicts, 0);
  ASSERT_THAT(book_.Totals(), SizeIs(1));  // but it is seen
  EXPECT_EQ(book_.Totals()[0].verdict, kUnsure);
}

TEST_F(EvidenceTest, WhatIsNoSimilarityIsLeftOut) {
  for (const double similarity : {0.49, -1.0, 1.1, std::numeric_limits<double>::infinity(),
                                  std::numeric_limits<double>::quiet_NaN()}) {
    Observe(similarity, kWrong);
    book_.ObserveServed("code", "minilm", similarity);
  }
  EXPECT_EQ(Known().Verdicts(), 0);
  EXPECT_THAT(book_.Totals(), IsEmpty());
  Observe(1.0000001, kRight);  // rounding
  EXPECT_EQ(Known().bins.back().right, 1);
}

TEST_F(EvidenceTest, TheAccountHoldsWhatWasServedAndNoNearMisses) {
  book_.ObserveServed("code", "minilm", 0.9);
  Observe(0.9, kWrong);
  Observe(0.7, kWrong, EvidenceSource::kNearMiss);
  EXPECT_THAT(Known().account_hits, DoubleNear(1, 0.01));
  EXPECT_THAT(Known().account_verdicts, DoubleNear(1, 0.01));
  EXPECT_THAT(Known().account_wrong, DoubleNear(1, 0.01));
}

TEST_F(EvidenceTest, ServedAndRefusedCandidatesAreTwoThings) {
  book_.ObserveServed("code", "minilm", 0.9);
  book_.ObserveRefused("code", "minilm", 0.7);
  const CategoryEvidence known = Known();
  EXPECT_THAT(known.bins[*CategoryEvidence::BinOf(0.9)].served, DoubleNear(1, 0.01));
  EXPECT_EQ(known.bins[*CategoryEvidence::BinOf(0.7)].refused, 1);
}

TEST_F(EvidenceTest, OldVerdictsFadeBehindNewOnes) {
  Observe(0.9, kWrong);
  for (int i = 0; i < 30'000; ++i) Observe(0.9, kRight);
  const CategoryEvidence known = Known();
  const EvidenceBin& bin = known.bins[*CategoryEvidence::BinOf(0.9)];
  EXPECT_LT(bin.wrong, 0.05);
  EXPECT_LT(bin.right, CategoryEvidence::kVerdicts);
  EXPECT_LT(bin.recent_right, CategoryEvidence::kRecentVerdicts + 1);
}

TEST_F(EvidenceTest, VerdictsFadeWithTime) {
  for (int i = 0; i < 100; ++i) Observe(0.9, kRight);
  clock_.Advance(EvidenceBook::kHalfLife);
  Observe(0.8, kRight);
  const CategoryEvidence known = Known();
  EXPECT_THAT(known.bins[*CategoryEvidence::BinOf(0.9)].right, DoubleNear(50, 1));
  EXPECT_THAT(known.account_verdicts, DoubleNear(51, 1));
}

TEST_F(EvidenceTest, ForgettingTheOldKeepsTheRecent) {
  for (int i = 0; i < 2000; ++i) Observe(0.9, kRight);
  for (int i = 0; i < 50; ++i) Observe(0.8, kWrong);
  book_.ForgetOld("code", "minilm", 0.1);
  const CategoryEvidence known = Known();
  EXPECT_LT(known.bins[*CategoryEvidence::BinOf(0.9)].right, 400);
  EXPECT_THAT(known.bins[*CategoryEvidence::BinOf(0.8)].wrong, DoubleNear(45, 5));
}

TEST_F(EvidenceTest, AnotherEmbedderStartsFromNothing) {
  Observe(0.9, kRight);
  EXPECT_EQ(book_.Of("code", "other").Verdicts(), 0);
  EXPECT_EQ(book_.Of("math", "minilm").Verdicts(), 0);
}

TEST_F(EvidenceTest, ForgetsTheCategoryTouchedLongestAgo) {
  for (size_t i = 0; i <= EvidenceBook::kMaxCategories; ++i) {
    book_.Observe("c" + std::to_string(i), "minilm", 0.9, kRight, kFeedback, clock_.Monotonic());
  }
  EXPECT_EQ(book_.Of("c0", "minilm").Verdicts(), 0);
  EXPECT_EQ(book_.Of("c1", "minilm").Verdicts(), 1);
  EXPECT_THAT(book_.Totals(), SizeIs(EvidenceBook::kMaxCategories));
}

TEST_F(EvidenceTest, ARestartLosesNothing) {
  const uint64_t seed = std::random_device()();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> similarity(0.5, 1);
  for (int i = 0; i < 500; ++i) {
    const std::string category = "c" + std::to_string(random() % 5);
    book_.ObserveServed(category, "minilm", similarity(random));
    book_.ObserveRefused(category, "minilm", similarity(random));
    book_.Observe(category, "minilm", similarity(random), random() % 3 == 0 ? kWrong : kRight,
                  kFeedback, clock_.Monotonic());
  }
  EvidenceBook again;
  ASSERT_TRUE(again.Parse(book_.Serialize()).ok());
  for (int i = 0; i < 5; ++i) {
    const std::string category = "c" + std::to_string(i);
    const CategoryEvidence before = book_.Of(category, "minilm");
    const CategoryEvidence after = again.Of(category, "minilm");
    EXPECT_EQ(after.account_hits, before.account_hits);
    EXPECT_EQ(after.account_wrong, before.account_wrong);
    for (size_t bin = 0; bin < CategoryEvidence::kBins; ++bin) {
      ASSERT_FLOAT_EQ(static_cast<float>(after.bins[bin].right),
                      static_cast<float>(before.bins[bin].right));
      ASSERT_FLOAT_EQ(static_cast<float>(after.bins[bin].refused),
                      static_cast<float>(before.bins[bin].refused));
    }
  }
  // The monotonic clock of another run means nothing here.
  again.Observe("c0", "minilm", 0.9, kRight, kFeedback, MonotonicTime());
  EXPECT_GT(again.Of("c0", "minilm").Verdicts(), book_.Of("c0", "minilm").Verdicts());
}

TEST_F(EvidenceTest, DamageIsFoundAndChangesNothing) {
  Observe(0.9, kRight);
  const std::string bytes = book_.Serialize();
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x20);
    EXPECT_EQ(book_.Parse(damaged).code(), absl::StatusCode::kDataLoss) << i;
    EXPECT_EQ(book_.Parse(bytes.substr(0, i)).code(), absl::StatusCode::kDataLoss) << i;
  }
  EXPECT_EQ(Known().Verdicts(), 1);
}

TEST_F(EvidenceTest, AnEmptyBookIsABookToo) {
  EvidenceBook again;
  EXPECT_TRUE(again.Parse(book_.Serialize()).ok());
}

TEST_F(EvidenceTest, ManyMayObserveAtOnce) {
  std::vector<std::thread> observers;
  for (int i = 0; i < 4; ++i) {
    observers.emplace_back([&] {
      for (int n = 0; n < 500; ++n) {
        Observe(0.9, kRight);
        book_.ObserveServed("code", "minilm", 0.9);
        if (n % 100 == 0) {
          EXPECT_FALSE(book_.Serialize().empty());
        }
      }
    });
  }
  for (std::thread& observer : observers) observer.join();
  uint64_t count = 0;
  for (const EvidenceBook::Total& total : book_.Totals()) count += total.count;
  EXPECT_EQ(count, 2000U);
}

}  // namespace
}  // namespace semcached
