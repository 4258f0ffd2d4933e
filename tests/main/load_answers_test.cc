#include "main/load_answers.h"

#include <gtest/gtest.h>

#include "main/load_workload.h"

namespace semcached {
namespace {

using Kind = LoadRequests::Kind;

class LoadAnswersTest : public ::testing::Test {
 protected:
  v1::LookupResponse AnswerTo(Kind kind) {
    v1::LookupRequest request;
    entry_ = requests_.MakeLookup(kind, random_, &request);
    const LoadRequests::Asked asked = LoadRequests::WhatIsAsked(request);
    EXPECT_EQ(asked.kind, kind);
    EXPECT_EQ(asked.entry, entry_);
    v1::LookupResponse answer;
    answers_.Answer(request, &answer);
    EXPECT_EQ(answer.category(), request.category());
    return answer;
  }

  std::mt19937_64 random_{1};
  const LoadRequests requests_{Workload(), {8, 100, 1, "a tenant"}};
  const LoadAnswers answers_{100};
  int64_t entry_ = -1;
};

TEST_F(LoadAnswersTest, AHitHasTheBodyOfItsEntry) {
  for (const Kind kind : {Kind::kExactHit, Kind::kSemanticHit}) {
    const v1::LookupResponse answer = AnswerTo(kind);
    EXPECT_EQ(answer.outcome(),
              kind == Kind::kExactHit ? v1::OUTCOME_HIT_EXACT : v1::OUTCOME_HIT_SEMANTIC);
    v1::InsertRequest inserted;
    requests_.MakeEntry(entry_, &inserted);
    EXPECT_EQ(answer.response().body(), inserted.response().body());
    EXPECT_TRUE(requests_.IsRight(entry_, v1::LookupRequest(), answer));
  }
}

TEST_F(LoadAnswersTest, AMissHasNone) {
  const v1::LookupResponse answer = AnswerTo(Kind::kMiss);
  EXPECT_EQ(answer.outcome(), v1::OUTCOME_MISS);
  EXPECT_FALSE(answer.has_response());
}

TEST_F(LoadAnswersTest, AnInsertIsStored) {
  v1::InsertRequest request;
  requests_.MakeInsert(random_, &request);
  v1::InsertResponse answer;
  answers_.Answer(request, &answer);
  EXPECT_EQ(answer.result(), v1::InsertResponse::RESULT_STORED);
  EXPECT_EQ(answer.category(), request.category());
}

}  // namespace
}  // namespace semcached
