// What a lookup shows beside its outcome: near entries, explanations, recordings.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cache/cache_fixture.h"
#include "semcached/cache/recorded_lookup.h"

namespace semcached {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class NearHitsTest : public CacheTest {
 protected:
  NearHitsTest() {
    Insert(Tell("nearest", Near(0, 0.7), "first"));
    Insert(Tell("further", Near(0, 0.5), "second"));
    Insert(Tell("furthest", Near(0, 0.3), "third"));
  }
  std::vector<std::string> NearTo(const std::vector<float>& vector, size_t count) {
    LookupRequest request = Ask("query", vector);
    request.near_hits = count;
    std::vector<std::string> answers;
    for (const NearHit& near : Lookup(request).near_hits) {
      answers.push_back(near.query.value_or("?") + ":" + near.response.body);
    }
    return answers;
  }
};

TEST_F(NearHitsTest, AMissShowsTheNearestFirst) {
  EXPECT_THAT(NearTo(Axis(0), 2), ElementsAre("nearest:first", "further:second"));
  EXPECT_EQ(Answer(Ask("query", Axis(0))), "miss:below_threshold") << "they are no answers";
}

TEST_F(NearHitsTest, AHitNeedsNone) {
  LookupRequest request = Ask("query", Near(0, 0.7));
  request.near_hits = 3;
  const LookupResult result = Lookup(request);
  EXPECT_EQ(result.outcome, Outcome::kHitSemantic);
  EXPECT_THAT(result.near_hits, IsEmpty());
}

TEST_F(NearHitsTest, OtherScopesAreNeverShown) {
  LookupRequest request = Ask("query", Axis(0), "umbrella");
  request.near_hits = 16;
  EXPECT_THAT(Lookup(request).near_hits, IsEmpty());
}

TEST_F(NearHitsTest, TheExpiredAndTheLostAreNotShown) {
  Advance(absl::Minutes(59));
  const EntryId lost = Insert(Tell("lost", Near(0, 0.6), "lost")).entry_id;
  Insert(Tell("young", Near(0, 0.2), "young"));
  store_.Damage(lost);
  Advance(absl::Minutes(2));
  EXPECT_THAT(NearTo(Axis(0), 16), ElementsAre("young:young"));
}

TEST_F(NearHitsTest, WhatAGuardRefusesIsStillAnExample) {
  Policy("code").guards = {GuardKind::kNumbers};
  Reload();
  Insert(Tell("list 5 planets", Axis(2), "five"));
  LookupRequest request = Ask("list 3 planets", Axis(2));
  request.near_hits = 1;
  const LookupResult result = Lookup(request);
  EXPECT_EQ(result.miss_reason, MissReason::kGuard);
  ASSERT_EQ(result.near_hits.size(), 1U);
  EXPECT_EQ(result.near_hits[0].response.body, "five");
}

TEST_F(NearHitsTest, AnExplanationShowsWhatIsTooFarToo) {
  LookupRequest request = Ask("query", Axis(0));
  request.explain = true;
  const LookupResult result = Lookup(request);
  ASSERT_EQ(result.candidates.size(), 3U);
  EXPECT_EQ(result.candidates[0].verdict, "below the threshold 0.800");
  EXPECT_NEAR(result.candidates[0].similarity, 0.7, 1e-5);
}

TEST_F(NearHitsTest, AnExplanationChangesNoOutcome) {
  LookupRequest request = Ask("query", Near(0, 0.7));
  const LookupResult plain = Lookup(request);
  request.explain = true;
  const LookupResult explained = Lookup(request);
  EXPECT_EQ(explained.outcome, plain.outcome);
  EXPECT_EQ(explained.entry_id, plain.entry_id);
  EXPECT_EQ(explained.candidates[0].verdict, "served");
}

class RecordingTest : public CacheTest {
 protected:
  RecordingTest() {
    options_.record_share = 1;
    options_.record_keep = 2;
    Policy("code").guards = {GuardKind::kNumbers};
    Restart();
    Insert(Tell("list the last 5 planets", Axis(0), "five"));
  }
};

TEST_F(RecordingTest, KeepsFiguresAndNoText) {
  Lookup(Ask("list the first 3 planets", Near(0, 0.9)));
  const std::vector<RecordedLookup> recorded = cache_->RecordedLookups();
  ASSERT_EQ(recorded.size(), 1U);
  EXPECT_EQ(recorded[0].category, "code");
  EXPECT_EQ(recorded[0].outcome, Outcome::kMiss);
  EXPECT_FLOAT_EQ(recorded[0].similarity_threshold, 0.8F);
  EXPECT_EQ(recorded[0].query, "");
  ASSERT_EQ(recorded[0].candidates.size(), 1U);
  EXPECT_NEAR(recorded[0].candidates[0].similarity, 0.9, 1e-5);
  EXPECT_EQ(recorded[0].candidates[0].query, "");
  // Of all guards, also those that the policy does not ask.
  EXPECT_THAT(recorded[0].candidates[0].refusing,
              ::testing::IsSupersetOf({GuardKind::kNumbers, GuardKind::kNegation}));
}

TEST_F(RecordingTest, TextsAreKeptOnlyIfSoConfigured) {
  options_.record_texts = true;
  Restart();
  Lookup(Ask("list 3 planets", Near(0, 0.9)));
  LookupRequest not_to_be_kept = Ask("list 4 planets", Near(0, 0.9));
  not_to_be_kept.no_store = true;
  Lookup(not_to_be_kept);
  const std::vector<RecordedLookup> recorded = cache_->RecordedLookups();
  ASSERT_EQ(recorded.size(), 1U) << "of no_store nothing is kept";
  EXPECT_EQ(recorded[0].query, "list 3 planets");
  EXPECT_EQ(recorded[0].candidates[0].query, "list the last 5 planets");
}

// Of a document without a text: what its guards said, and neither text nor pseudonym.
TEST_F(RecordingTest, GuardsAreRecordedOfQueriesThatAreNotStored) {
  options_.record_texts = true;
  Policy("code").store_query = false;
  Restart();
  Insert(Tell("list the last 5 moons of zorblax", Axis(1), "five"));
  Policy("code").store_query = true;
  Reload();
  Lookup(Ask("list the first 3 moons of zorblax", Axis(1)));
  const std::vector<RecordedLookup> recorded = cache_->RecordedLookups();
  ASSERT_EQ(recorded.size(), 1U);
  ASSERT_FALSE(recorded[0].candidates.empty());
  EXPECT_FALSE(recorded[0].candidates[0].without_text);
  EXPECT_THAT(recorded[0].candidates[0].refusing, ::testing::Contains(GuardKind::kNumbers));
  EXPECT_EQ(recorded[0].candidates[0].query, "");
}

TEST_F(RecordingTest, OnlyTheNewestAreKept) {
  for (const double similarity : {0.5, 0.6, 0.7}) Lookup(Ask("query", Near(0, similarity)));
  const std::vector<RecordedLookup> recorded = cache_->RecordedLookups();
  ASSERT_EQ(recorded.size(), 2U);
  EXPECT_NEAR(recorded[0].candidates[0].similarity, 0.6, 1e-5);
  EXPECT_NEAR(recorded[1].candidates[0].similarity, 0.7, 1e-5);
}

}  // namespace
}  // namespace semcached
