#include "semcached/policy/what_if.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace semcached {
namespace {

class WhatIfTest : public ::testing::Test {
 protected:
  WhatIfTest() {
    CategoryPolicy code;
    code.category = "code";
    code.similarity_threshold = 0.85F;
    code.guards = {GuardKind::kNumbers};
    code.ttl = absl::Hours(1);
    before_.categories["code"] = code;
    after_ = before_;
    // 0.90 passes; 0.80 is too far; a guard refuses 0.95.
    Record({Candidate(0.90F)});
    Record({Candidate(0.80F)});
    RecordedCandidate refused = Candidate(0.95F);
    refused.refusing = {GuardKind::kNumbers};
    Record({refused});
  }

  static RecordedCandidate Candidate(float similarity, absl::Duration age = absl::Minutes(10)) {
    RecordedCandidate candidate;
    candidate.similarity = similarity;
    candidate.age = age;
    return candidate;
  }
  void Record(std::vector<RecordedCandidate> candidates) {
    RecordedLookup lookup;
    lookup.category = "code";
    lookup.embedding_identity = "minilm";
    lookup.candidates = std::move(candidates);
    lookups_.push_back(std::move(lookup));
  }
  CategoryPolicy& After() { return after_.categories["code"]; }
  // "BEFORE>AFTER +GAINED -LOST" of the one category.
  std::string Compare() const {
    const auto rows = WhatIf(lookups_, before_, after_, [](auto...) { return std::nullopt; });
    const WhatIfRow& row = rows.at(0);
    EXPECT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[1].category, "") << "the last row is all together";
    EXPECT_EQ(rows[1].after.hits, row.after.hits);
    return std::to_string(row.before.hits) + ">" + std::to_string(row.after.hits) + " +" +
           std::to_string(row.gained) + " -" + std::to_string(row.lost);
  }

  std::vector<RecordedLookup> lookups_;
  CategoryPolicySet before_;
  CategoryPolicySet after_;
};

TEST_F(WhatIfTest, TheSamePoliciesChangeNothing) { EXPECT_EQ(Compare(), "1>1 +0 -0"); }

TEST_F(WhatIfTest, ALowerThresholdGains) {
  After().similarity_threshold = 0.75F;
  EXPECT_EQ(Compare(), "1>2 +1 -0");
}

TEST_F(WhatIfTest, AHigherThresholdLoses) {
  After().similarity_threshold = 0.93F;
  EXPECT_EQ(Compare(), "1>0 +0 -1");
}

TEST_F(WhatIfTest, AGuardLessLetsMoreThrough) {
  After().guards.clear();
  EXPECT_EQ(Compare(), "1>2 +1 -0");
}

TEST_F(WhatIfTest, AShorterTtlLosesWhatIsOlder) {
  After().ttl = absl::Minutes(5);
  EXPECT_EQ(Compare(), "1>0 +0 -1");
}

TEST_F(WhatIfTest, ACallersTtlAndMaxAgeAreNeverStretched) {
  After().ttl = absl::Hours(100);
  lookups_[0].candidates[0].caller_ttl = absl::Minutes(1);
  EXPECT_EQ(Compare(), "0>0 +0 -0");
  lookups_[0].candidates[0].caller_ttl = absl::InfiniteDuration();
  lookups_[0].max_age = absl::Minutes(10);
  EXPECT_EQ(Compare(), "0>0 +0 -0");
}

TEST_F(WhatIfTest, ACallersOwnThresholdIsNeverLoosened) {
  lookups_[0].min_similarity = 0.95F;
  After().similarity_threshold = 0.5F;
  EXPECT_EQ(Compare(), "0>1 +1 -0");
}

TEST_F(WhatIfTest, ACategoryThatForbidsCachingHasNoHits) {
  After().allow_caching = false;
  EXPECT_EQ(Compare(), "1>0 +0 -1");
}

TEST_F(WhatIfTest, WhatWasReportedWrongIsNotServed) {
  lookups_[0].candidates[0].blocked = true;
  EXPECT_EQ(Compare(), "0>0 +0 -0");
}

TEST_F(WhatIfTest, TheNextCandidateIsTriedWhereTheNearestIsRefused) {
  lookups_[2].candidates.push_back(Candidate(0.88F));
  EXPECT_EQ(Compare(), "2>2 +0 -0");
}

TEST_F(WhatIfTest, WithoutATextGuardsRefuseUnlessSkipped) {
  lookups_[0].candidates[0].without_text = true;
  EXPECT_EQ(Compare(), "0>0 +0 -0");
  After().guards_without_text = true;
  EXPECT_EQ(Compare(), "0>1 +1 -0");
}

TEST_F(WhatIfTest, FalseHitsAreSummedWhereEveryHitIsKnown) {
  After().similarity_threshold = 0.75F;
  const FalseHitShare share = [](auto, auto, float similarity) -> std::optional<double> {
    if (similarity < 0.85F) return std::nullopt;
    return 0.25;
  };
  const auto rows = WhatIf(lookups_, before_, after_, share);
  EXPECT_EQ(rows[0].before.false_hits, 0.25);
  EXPECT_EQ(rows[0].after.false_hits, std::nullopt) << "of one hit nothing is known";
}

TEST_F(WhatIfTest, TheBookSaysHowManyAreFalseOnceItKnowsEnough) {
  EvidenceBook book;
  EXPECT_EQ(WhatIf(lookups_, before_, after_, FalseHitShareFrom(&book))[0].before.false_hits,
            std::nullopt);
  for (int i = 0; i < 200; ++i) {
    book.Observe("code", "minilm", 0.90, i % 4 == 0 ? HitVerdict::kWrong : HitVerdict::kRight,
                 VerdictSource::kFeedback, MonotonicTime());
  }
  const auto rows = WhatIf(lookups_, before_, after_, FalseHitShareFrom(&book));
  ASSERT_TRUE(rows[0].before.false_hits.has_value());
  EXPECT_NEAR(*rows[0].before.false_hits, 0.25, 0.05) << "of one hit at 0.90";
  EXPECT_EQ(WhatIf(lookups_, before_, after_, FalseHitShareFrom(nullptr))[0].before.false_hits,
            std::nullopt);
}

TEST_F(WhatIfTest, NothingRecordedIsARowOfZeros) {
  const auto rows = WhatIf({}, before_, after_, [](auto...) { return std::nullopt; });
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].lookups, 0);
}

}  // namespace
}  // namespace semcached
