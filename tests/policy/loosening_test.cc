// What a lower threshold would bring, by the evidence.
#include "semcached/policy/loosening.h"

#include <gtest/gtest.h>

namespace semcached {
namespace {

class LooseningTest : public ::testing::Test {
 protected:
  void See(double similarity, int served, int refused) {
    for (int i = 0; i < served; ++i) evidence_.AddCandidate(similarity, true);
    for (int i = 0; i < refused; ++i) evidence_.AddCandidate(similarity, false);
  }
  void Judge(double similarity, int right, int wrong) {
    for (int i = 0; i < right; ++i) {
      evidence_.AddVerdict(similarity, EvidenceVerdict::kRight, EvidenceSource::kNearMiss);
    }
    for (int i = 0; i < wrong; ++i) {
      evidence_.AddVerdict(similarity, EvidenceVerdict::kWrong, EvidenceSource::kNearMiss);
    }
  }

  CategoryEvidence evidence_;
};

TEST_F(LooseningTest, NothingIsExpectedOfWhatWasNeverSeen) {
  EXPECT_FALSE(ExpectLoosening(evidence_, 0.90, 0.80).has_value());
  See(0.85, 0, 10);
  EXPECT_FALSE(ExpectLoosening(evidence_, 0.90, 0.80).has_value());
}

TEST_F(LooseningTest, WhatLiesBetweenTheThresholdsIsGained) {
  See(0.95, 100, 0);
  See(0.85, 0, 20);
  See(0.75, 0, 500);
  const auto expected = ExpectLoosening(evidence_, 0.90, 0.80);
  ASSERT_TRUE(expected.has_value());
  EXPECT_NEAR(expected->extra_hits, 0.20, 0.001);  // older candidates have faded a little
  EXPECT_EQ(ExpectLoosening(evidence_, 0.90, 0.90)->extra_hits, 0);
}

TEST_F(LooseningTest, TheFalseOnesAreThoseThatVerdictsExpect) {
  See(0.95, 100, 0);
  See(0.85, 0, 100);
  Judge(0.95, 400, 0);
  Judge(0.85, 300, 100);
  const auto expected = ExpectLoosening(evidence_, 0.90, 0.80);
  ASSERT_TRUE(expected.has_value());
  EXPECT_NEAR(expected->extra_false_hits, 0.25, 0.03);
  EXPECT_LE(expected->extra_false_hits, expected->extra_hits);
}

}  // namespace
}  // namespace semcached
