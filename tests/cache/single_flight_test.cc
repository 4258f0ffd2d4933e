// One caller computes a missing answer; those whose query it answers wait, and no longer than they
// want to.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "cache/leases.h"
#include "cache/single_flight_fixture.h"
#include "semcached/cache/recorded_lookup.h"

namespace semcached {
namespace {

TEST_F(SingleFlightTest, TheFirstToMissTakesTheLeaseAndTheOthersGetItsAnswer) {
  const AskerPtr first = Send("sort ascending", Axis(0));
  const AskerPtr same = Send("sort ascending", Axis(0));
  const AskerPtr alike = Send("sort them ascending", Near(0, 0.95));
  EXPECT_EQ(first->State(), "lease");
  EXPECT_EQ(same->State(), "waits");
  EXPECT_EQ(alike->State(), "waits");
  EXPECT_EQ(InsertFor(first, "answer").kind, InsertResult::Kind::kStored);
  EXPECT_EQ(same->State(), "exact:answer");
  EXPECT_EQ(alike->State(), "semantic:answer");
  EXPECT_EQ(cache_->Stats().leases.held, 0);
  EXPECT_EQ(cache_->Stats().leases.waiters, 0);
}

TEST_F(SingleFlightTest, NobodyWaitsForAnAnswerThatWouldNotBeTheirs) {
  const AskerPtr first = Send("sort 3 numbers", Axis(0));
  EXPECT_EQ(Send("something else", Axis(3))->State(), "lease");              // too far
  EXPECT_EQ(Send("sort 4 numbers", Near(0, 0.99))->State(), "lease");        // a guard
  EXPECT_EQ(Send("sort 3 numbers", Axis(0), "umbrella")->State(), "lease");  // another scope
  LookupRequest elsewhere = Ask("sort 3 numbers", Axis(0));
  elsewhere.category = "chat";
  EXPECT_EQ(Send(elsewhere)->State(), "lease");
  LookupRequest strict = Ask("sort three numbers", Near(0, 0.95));
  strict.min_similarity = 0.96F;
  EXPECT_EQ(Send(strict)->State(), "lease");
  InsertFor(first, "answer");
}

TEST_F(SingleFlightTest, AQueryThatIsNotStoredIsComparedAsItsDocumentWillBe) {
  Policy("code").store_query = false;
  Reload();
  const AskerPtr first = Send("sort 3 numbers", Axis(0));
  EXPECT_EQ(Send("sort 4 numbers", Near(0, 0.99))->State(), "lease");
  const AskerPtr second = Send("sort three numbers", Near(0, 0.99));
  EXPECT_EQ(second->State(), "waits");
  InsertFor(first, "answer");
  EXPECT_EQ(second->State(), "semantic:answer");
}

TEST_F(SingleFlightTest, WhatIsHeldIsToldByModel) {
  const AskerPtr answered = Send("sort ascending", Axis(0));
  const AskerPtr abandoned = Send("sort descending", Axis(1));
  Send("sort ascending", Axis(0));  // waits, which is no call of the model
  LookupRequest elsewhere = Ask("shuffle", Axis(2));
  elsewhere.scope.model = "model-2";
  Send(elsewhere);
  EXPECT_EQ(leases_, (std::map<std::string, int>{{"model-1", 2}, {"model-2", 1}}));
  InsertFor(answered, "answer");
  ASSERT_TRUE(cache_->AbandonLease(abandoned->lease(), "").ok());
  EXPECT_EQ(leases_["model-1"], 0);
  Wait(absl::Seconds(30));  // the last one runs out
  EXPECT_EQ(leases_["model-2"], 0);
}

TEST_F(SingleFlightTest, APairThatWasReportedAsWrongDoesNotWaitForEachOther) {
  const AskerPtr first = Send("sort ascending", Axis(0));
  InsertFor(first, "answer");
  const LookupResult hit = Lookup(Ask("sort up", Near(0, 0.95)));
  ASSERT_TRUE(cache_->Report({"", 0, hit.lookup_id, HitVerdict::kWrong}).ok());
  EXPECT_EQ(Send("sort ascending", Axis(0))->State(), "lease");
  EXPECT_EQ(Send("sort up", Near(0, 0.95))->State(), "lease");
}

TEST_F(SingleFlightTest, WhenTheLeaseRunsOutOneOfThoseWhoWaitTakesIt) {
  Send("sort ascending", Axis(0));  // and is never heard of again
  const AskerPtr second = Send(Ask("sort ascending", Axis(0)), absl::Minutes(2));
  const AskerPtr third = Send(Ask("sort ascending", Axis(0)), absl::Minutes(2));
  Wait(absl::Seconds(29));
  EXPECT_EQ(second->State(), "waits");
  Wait(absl::Seconds(1));
  EXPECT_EQ(second->State(), "lease");
  EXPECT_EQ(third->State(), "waits");
  Wait(absl::Seconds(30));
  EXPECT_EQ(third->State(), "lease");
}

TEST_F(SingleFlightTest, ALeaseThatIsRenewedLasts) {
  const AskerPtr first = Send("sort ascending", Axis(0));
  const AskerPtr second = Send(Ask("sort ascending", Axis(0)), absl::Minutes(2));
  for (int i = 0; i < 5; ++i) {
    Wait(absl::Seconds(20));
    EXPECT_EQ(*cache_->RenewLease(first->lease(), ""), absl::Seconds(30));
  }
  EXPECT_EQ(second->State(), "waits");
  InsertFor(first, "answer");
  EXPECT_EQ(second->State(), "exact:answer");
  EXPECT_TRUE(absl::IsNotFound(cache_->RenewLease(first->lease(), "").status()));
}

TEST_F(SingleFlightTest, OnAbandonmentOneTakesTheLeaseAndTheRestWaitOn) {
  const AskerPtr first = Send("sort ascending", Axis(0));
  const AskerPtr second = Send("sort ascending", Axis(0));
  const AskerPtr third = Send("sort ascending", Axis(0));
  ASSERT_TRUE(cache_->AbandonLease(first->lease(), "").ok());
  resumes_.RunAll();
  EXPECT_EQ(second->State(), "lease");
  EXPECT_EQ(third->State(), "waits");
  InsertFor(second, "answer");
  EXPECT_EQ(third->State(), "exact:answer");
  EXPECT_TRUE(absl::IsNotFound(cache_->AbandonLease(first->lease(), "")));
}

TEST_F(SingleFlightTest, ALeaseIsItsHoldersOnly) {
  const AskerPtr first = Send("sort ascending", Axis(0));
  EXPECT_TRUE(absl::IsNotFound(cache_->AbandonLease(first->lease(), "somebody else")));
  EXPECT_TRUE(absl::IsNotFound(cache_->RenewLease(first->lease(), "somebody else").status()));
  EXPECT_EQ(Send("sort ascending", Axis(0))->State(), "waits");
}

TEST_F(SingleFlightTest, NobodyWaitsPastItsOwnBound) {
  const AskerPtr first = Send("sort ascending", Axis(0));
  const AskerPtr hasty = Send(Ask("sort ascending", Axis(0)), absl::Seconds(2));
  const AskerPtr patient = Send(Ask("sort ascending", Axis(0)), absl::Seconds(20));
  Wait(absl::Seconds(2));
  EXPECT_EQ(hasty->State(), "go on");
  EXPECT_FALSE(hasty->lookup_id().empty());
  EXPECT_EQ(patient->State(), "waits");
  // The one that went on may be the first to answer.
  InsertFor(hasty, "its own");
  EXPECT_EQ(patient->State(), "exact:its own");
}

TEST_F(SingleFlightTest, AnAnswerThatIsNotStoredLetsAllGoOn) {
  const AskerPtr first = Send("sort ascending", Axis(0));
  const AskerPtr second = Send("sort ascending", Axis(0));
  InsertRequest request;
  request.lookup_id = first->lookup_id();
  request.response.body = "half an ans";
  request.complete = false;
  EXPECT_EQ(Insert(request).kind, InsertResult::Kind::kDeclined);
  resumes_.RunAll();
  EXPECT_EQ(second->State(), "go on");
}

TEST_F(SingleFlightTest, AFailedInsertLetsAllGoOn) {
  const AskerPtr first = Send("sort ascending", Axis(0));
  const AskerPtr second = Send("sort ascending", Axis(0));
  store_.FailWrites(1, absl::UnavailableError("the disk is gone"));
  InsertRequest request;
  request.lookup_id = first->lookup_id();
  request.response.body = "answer";
  EXPECT_FALSE(cache_->Insert(request, Call(clock_)).ok());
  resumes_.RunAll();
  EXPECT_EQ(second->State(), "go on");
}

TEST_F(SingleFlightTest, AnybodysInsertOfTheSameQueryEndsTheWait) {
  const AskerPtr first = Send("sort ascending", Axis(0));
  const AskerPtr second = Send("sort ascending", Axis(0));
  Insert(Tell("sort ascending", Axis(0), "from elsewhere"));
  resumes_.RunAll();
  EXPECT_EQ(second->State(), "exact:from elsewhere");
}

TEST_F(SingleFlightTest, TheFirstInsertWinsAndItsRetryIsHarmless) {
  const AskerPtr slow = Send("sort ascending", Axis(0));
  Wait(absl::Seconds(31));
  const AskerPtr next = Send("sort ascending", Axis(0));
  ASSERT_EQ(next->State(), "lease");
  Advance(absl::Seconds(1));
  EXPECT_EQ(InsertFor(next, "first").kind, InsertResult::Kind::kStored);
  EXPECT_EQ(InsertFor(slow, "second").kind, InsertResult::Kind::kDeclined);
  EXPECT_EQ(Answer(Ask("sort ascending", Axis(0))), "exact:first");
  EXPECT_EQ(InsertFor(next, "first").kind, InsertResult::Kind::kReplaced);
}

TEST_F(SingleFlightTest, ACallerWhoHasGoneLeavesTheQueue) {
  const AskerPtr first = Send("sort ascending", Axis(0));
  const AskerPtr second = Send("sort ascending", Axis(0));
  second->cancelled = true;
  Wait(absl::Milliseconds(20));
  EXPECT_EQ(second->State(), "CANCELLED");
  EXPECT_EQ(cache_->Stats().leases.waiters, 0);
}

TEST_F(SingleFlightTest, AStopLetsAllGoOnAndNobodyWaitsAnyMore) {
  const AskerPtr first = Send("sort ascending", Axis(0));
  const AskerPtr second = Send("sort ascending", Axis(0));
  cache_->CloseLeases();
  resumes_.RunAll();
  EXPECT_EQ(second->State(), "go on");
  EXPECT_EQ(Send("sort ascending", Axis(0))->State(), "go on");
}

TEST_F(SingleFlightTest, WhereThereIsNoRoomEveryoneGoesOnAlone) {
  options_.leases.max_leases = 1;
  options_.leases.max_waiters = 1;
  Restart();
  EXPECT_EQ(Send("sort ascending", Axis(0))->State(), "lease");
  EXPECT_EQ(Send("something else", Axis(3))->State(), "go on");
  EXPECT_EQ(Send("sort ascending", Axis(0))->State(), "waits");
  EXPECT_EQ(Send("sort ascending", Axis(0))->State(), "go on");
}

TEST_F(SingleFlightTest, AFullQueueOfTheWorkersOnlyDelaysTheAnswer) {
  const AskerPtr first = Send("sort ascending", Axis(0));
  const AskerPtr second = Send("sort ascending", Axis(0));
  resumes_.SetFull(true);
  InsertFor(first, "answer");
  EXPECT_EQ(second->State(), "waits");
  resumes_.SetFull(false);
  Wait(absl::Milliseconds(20));
  EXPECT_EQ(second->State(), "exact:answer");
}

// What a lookup sees before it waits was recorded as a lookup of its own.
TEST_F(SingleFlightTest, ALookupThatWaitsIsRecordedOnce) {
  options_.record_share = 1;
  Restart();
  const AskerPtr first = Send("sort ascending", Axis(0));
  const AskerPtr alike = Send("sort them ascending", Near(0, 0.95));
  InsertFor(first, "answer");
  ASSERT_EQ(alike->State(), "semantic:answer");
  EXPECT_EQ(cache_->RecordedLookups().size(), 2U);
}

TEST_F(SingleFlightTest, ACategoryThatIsGoneMeanwhileIsFoundAnew) {
  LookupRequest unnamed = Ask("sort ascending", Axis(0));
  unnamed.category = "";
  const AskerPtr first = Send(unnamed);
  const AskerPtr second = Send(unnamed);
  ASSERT_EQ(second->State(), "waits");
  policies_.categories.erase("code");
  policies_.default_category = "chat";
  Reload();
  ASSERT_TRUE(cache_->AbandonLease(first->lease(), "").ok());
  resumes_.RunAll();
  EXPECT_EQ(second->State(), "lease");
  EXPECT_EQ((*second->result)->category, "chat");
}

TEST_F(SingleFlightTest, AnAnswerThatOvertakesALookupIsFoundByIt) {
  const AskerPtr first = Send("sort 3 numbers", Axis(0));
  Insert(Tell("sort 4 numbers", Near(0, 0.9), "not the answer"));
  AskerPtr second;
  store_.HoldReads();
  std::thread lookup([&] { second = Send("sort 3 numbers", Axis(0)); });
  store_.AwaitHeldRead();  // it has searched, and would take the lease next
  InsertFor(first, "answer");
  store_.LetReadsGo();
  lookup.join();
  EXPECT_EQ(second->State(), "exact:answer");
}

TEST_F(SingleFlightTest, WithoutAVectorOnlyTheSameTextIsTheSame) {
  embedder_.CannotTell("blob");
  LookupRequest blob = Ask("blob");
  const AskerPtr first = Send(blob);
  EXPECT_EQ(first->State(), "lease");
  EXPECT_EQ(Send(Ask("blob"))->State(), "waits");
}

TEST_F(SingleFlightTest, AWaitIsCountedOnceAsWhatItCameTo) {
  const AskerPtr first = Send("sort ascending", Axis(0));
  const AskerPtr second = Send("sort ascending", Axis(0));
  InsertFor(first, "answer");
  const CategoryCounts counts = cache_->Stats().categories.at("code");
  EXPECT_EQ(counts.hits_exact, 1);
  EXPECT_EQ(counts.misses.at("no_candidate"), 1);
}

}  // namespace
}  // namespace semcached
