// Lookups of a category with a verifier, and how verifiers are trained and kept.
#include <gtest/gtest.h>

#include <array>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "cache/cache_fixture.h"
#include "semcached/cache/verifier_keeper.h"
#include "support/fake_verifier.h"
#include "support/temp_dir.h"

namespace semcached {
namespace {

class FixedVerifiers final : public VerifierSource {
 public:
  explicit FixedVerifiers(std::shared_ptr<const Verifier> verifier) {
    std::array<double, CutTable::kSize> cuts{};
    cuts.fill(0.5);
    set_ = std::make_shared<const VerifierSet>(std::vector<CategoryVerifier>{
        {"code", std::move(verifier), {VerifyBand(), CutTable(cuts)}}});
  }
  std::shared_ptr<const VerifierSet> Current() const override { return set_; }

 private:
  std::shared_ptr<const VerifierSet> set_;
};

class VerifiedLookupTest : public CacheTest {
 protected:
  VerifiedLookupTest() {
    verifiers_ = &fixed_;
    Policy("code").verifier.mode = VerifierMode::kEnforce;
    Restart();
    Insert(Tell("sort upwards", Axis(0), "answer"));
  }
  void Say(const std::string& query, double score) { fake_->Say(query, "sort upwards", score); }

  const std::shared_ptr<FakeVerifier> fake_ = std::make_shared<FakeVerifier>(kIdentity, 0.5);
  const FixedVerifiers fixed_{fake_};
};

TEST_F(VerifiedLookupTest, ItTurnsDownWhatIsNearEnough) {
  Say("sort downwards", 0.1);
  EXPECT_EQ(Answer(Ask("sort downwards", Near(0, 0.9))), "miss:verifier");
}

TEST_F(VerifiedLookupTest, ItLetsInWhatTheThresholdAloneRefuses) {
  Say("order upwards", 0.9);
  EXPECT_EQ(Answer(Ask("order upwards", Near(0, 0.75))), "semantic:answer");
}

TEST_F(VerifiedLookupTest, ACallersOwnThresholdIsNeverLoosened) {
  Say("order upwards", 0.9);
  LookupRequest request = Ask("order upwards", Near(0, 0.75));
  request.min_similarity = 0.8F;
  EXPECT_EQ(Answer(request), "miss:below_threshold");
}

TEST_F(VerifiedLookupTest, WhereItFailsTheSimilarityDecides) {
  fake_->FailWith(absl::InternalError("broken"));
  EXPECT_EQ(Answer(Ask("sort downwards", Near(0, 0.9))), "semantic:answer");
  EXPECT_EQ(Answer(Ask("sort sideways", Near(0, 0.75))), "miss:below_threshold");
}

TEST_F(VerifiedLookupTest, InShadowItIsCountedAndDecidesNothing) {
  Policy("code").verifier.mode = VerifierMode::kShadow;
  Reload();
  Say("sort downwards", 0.1);
  EXPECT_EQ(Answer(Ask("sort downwards", Near(0, 0.9))), "semantic:answer");
  EXPECT_NE(metrics_.Render().find("semcached_verifications_total{category=\"code\",decision="
                                   "\"turned_down\",mode=\"shadow\"} 1"),
            std::string::npos)
      << metrics_.Render();
}

TEST_F(VerifiedLookupTest, ItIsNotAskedWhereItIsOff) {
  Policy("code").verifier.mode = VerifierMode::kOff;
  Reload();
  Say("sort downwards", 0.1);
  EXPECT_EQ(Answer(Ask("sort downwards", Near(0, 0.9))), "semantic:answer");
  EXPECT_EQ(fake_->calls(), 0);
}

TEST_F(VerifiedLookupTest, AnExactRepeatNeedsNoVerifier) {
  Say("sort upwards", 0.1);
  EXPECT_EQ(Answer(Ask("sort upwards", Axis(0))), "exact:answer");
}

// --- training ---

class VerifierKeeperTest : public ::testing::Test {
 protected:
  // The last word alone tells; to the bag of words every pair is as near as the next.
  static std::vector<LabelledTexts> Pairs(int count) {
    std::vector<LabelledTexts> pairs;
    for (int i = 0; i < count; ++i) {
      const std::string stem = "please set the colour of item" + std::to_string(i) + " to green";
      pairs.push_back({i % 2 == 0, stem, stem + (i % 2 == 0 ? " thanks" : " never")});
    }
    return pairs;
  }
  absl::StatusOr<VerifierEvidence> Train(VerifierKeeper* keeper,
                                         const std::vector<LabelledTexts>& pairs) {
    return keeper->Train("code", pairs, &embedder_, Call(clock_));
  }
  bool Has(const VerifierKeeper& keeper) const {
    return keeper.Current()->Find("code", embedder_.identity()) != nullptr;
  }

  FakeClock clock_;
  FakeEmbedder embedder_;
  const TempDir directory_;
};

TEST_F(VerifierKeeperTest, WhatGainsIsInForceAtOnceAndAfterARestart) {
  VerifierKeeper keeper(directory_ / "verifiers");
  EXPECT_FALSE(Has(keeper));
  const auto evidence = Train(&keeper, Pairs(1000));
  ASSERT_TRUE(evidence.ok()) << evidence.status();
  ASSERT_TRUE(evidence->adopted) << evidence->reason;
  EXPECT_TRUE(Has(keeper));
  EXPECT_TRUE(Has(VerifierKeeper(directory_ / "verifiers")));
}

TEST_F(VerifierKeeperTest, TooLittleLeavesEverythingAsItWas) {
  VerifierKeeper keeper(directory_ / "verifiers");
  const auto evidence = Train(&keeper, Pairs(20));
  ASSERT_TRUE(evidence.ok()) << evidence.status();
  EXPECT_FALSE(evidence->adopted);
  EXPECT_NE(evidence->reason, "");
  EXPECT_FALSE(Has(keeper));
}

TEST_F(VerifierKeeperTest, ADamagedFileIsLeftOut) {
  {
    VerifierKeeper keeper(directory_ / "verifiers");
    ASSERT_TRUE(Train(&keeper, Pairs(1000))->adopted);
  }
  std::fstream file(directory_ / "verifiers/code.verifier",
                    std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(100);
  file.put('!');
  file.close();
  EXPECT_FALSE(Has(VerifierKeeper(directory_ / "verifiers")));
}

TEST_F(VerifierKeeperTest, AFailingEmbedderIsAnErrorAndNothingChanges) {
  VerifierKeeper keeper(directory_ / "verifiers");
  embedder_.FailWith(absl::UnavailableError("gone"));
  EXPECT_TRUE(absl::IsUnavailable(Train(&keeper, Pairs(1000)).status()));
  embedder_.FailWith(absl::OkStatus());
  EXPECT_TRUE(Train(&keeper, Pairs(1000))->adopted) << "the next training is not held up";
}

}  // namespace
}  // namespace semcached
