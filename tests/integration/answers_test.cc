// What is served, to whom, and for how long: with every index type, by the real model.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "integration/gateway.h"
#include "support/vectors.h"

namespace semcached {
namespace {

class AnswersTest : public IntegrationTest, public ::testing::WithParamInterface<const char*> {
 protected:
  AnswersTest() : IntegrationTest({.index_type = GetParam()}) {}

  v1::Embedding RandomEmbedding() {
    v1::Embedding embedding;
    embedding.set_identity("of-our-own/16");
    for (const float component : RandomUnit(random_, 16)) embedding.add_values(component);
    return embedding;
  }

  void TellByVector(const std::string& query) {
    v1::InsertRequest insert = gateway_.Telling(query, kAnswer);
    *insert.mutable_embedding() = RandomEmbedding();
    gateway_.Insert(insert);
    last_told_ = insert.embedding();
  }

  std::string StructureThatAnswers() {
    v1::LookupRequest request = gateway_.Question(kParaphrase);
    *request.mutable_embedding() = RandomEmbedding();
    request.set_explain(true);
    return gateway_.Lookup(request).explanation().index_structure();
  }

  std::mt19937_64 random_{1};
  v1::Embedding last_told_;
};

INSTANTIATE_TEST_SUITE_P(IndexTypes, AnswersTest, ::testing::Values("auto", "hnsw", "flat"),
                         [](const auto& type) { return std::string(type.param); });

TEST_P(AnswersTest, AMissIsAnsweredOnceAndHitsFromThenOn) {
  const v1::LookupResponse miss = gateway_.Lookup(gateway_.Question(kQuestion));
  EXPECT_EQ(miss.outcome(), v1::OUTCOME_MISS);
  EXPECT_EQ(miss.miss_reason(), v1::MISS_REASON_NO_CANDIDATE);
  EXPECT_EQ(miss.category(), "code");
  EXPECT_EQ(miss.category_source(), v1::CATEGORY_SOURCE_REQUEST);
  ASSERT_FALSE(miss.lookup_id().empty());

  v1::InsertRequest insert;
  insert.set_lookup_id(miss.lookup_id());
  insert.mutable_response()->set_body(kAnswer);
  insert.mutable_response()->set_content_type("text/javascript");
  (*insert.mutable_response()->mutable_metadata())["finish_reason"] = "stop";
  const v1::InsertResponse inserted = gateway_.Insert(insert);
  EXPECT_EQ(inserted.result(), v1::InsertResponse::RESULT_STORED) << inserted.decline_reason();
  EXPECT_EQ(inserted.category(), "code");
  EXPECT_EQ(inserted.durability(), v1::DURABILITY_PROCESS);
  EXPECT_GT(inserted.expire_time().seconds(), 0);

  // White space around a query does not make it another one.
  const v1::LookupResponse exact =
      gateway_.Lookup(gateway_.Question(std::string("  ") + kQuestion + "\n"));
  EXPECT_EQ(exact.outcome(), v1::OUTCOME_HIT_EXACT);
  EXPECT_EQ(exact.entry_id(), inserted.entry_id());
  EXPECT_EQ(exact.similarity(), 1);
  EXPECT_EQ(exact.response().body(), kAnswer);
  EXPECT_EQ(exact.response().content_type(), "text/javascript");
  EXPECT_EQ(exact.response().metadata().at("finish_reason"), "stop");
  EXPECT_TRUE(exact.lookup_id().empty());

  const v1::LookupResponse semantic = gateway_.Lookup(gateway_.Question(kParaphrase));
  EXPECT_EQ(semantic.outcome(), v1::OUTCOME_HIT_SEMANTIC);
  EXPECT_EQ(semantic.response().body(), kAnswer);
  EXPECT_GE(semantic.similarity(), semantic.similarity_threshold());
  EXPECT_LT(semantic.similarity(), 1);
}

TEST_P(AnswersTest, TheConfiguredStructureAnswers) {
  constexpr int kEnough = 2100;  // for a graph
  for (int i = 0; i < kEnough; ++i) TellByVector("question " + std::to_string(i));
  // A graph is built beside; until then the scan answers, and what is fresh is scanned for longer.
  const std::string wanted = std::string(GetParam()) == "hnsw" ? "graph" : "scan";
  EXPECT_TRUE(Eventually([&] { return StructureThatAnswers().starts_with(wanted); }))
      << StructureThatAnswers();
  v1::LookupRequest again = gateway_.Question("the last question " + std::to_string(kEnough - 1));
  *again.mutable_embedding() = last_told_;
  EXPECT_EQ(gateway_.Ask(again), std::string("semantic:") + kAnswer);
}

TEST_P(AnswersTest, ANearOppositeIsTurnedDownByAGuard) {
  gateway_.Tell(kQuestion, kAnswer);
  v1::LookupRequest opposite = gateway_.Question(kOpposite);
  opposite.set_explain(true);
  const v1::LookupResponse response = gateway_.Lookup(opposite);
  EXPECT_EQ(response.outcome(), v1::OUTCOME_MISS);
  EXPECT_EQ(response.miss_reason(), v1::MISS_REASON_GUARD);
  EXPECT_FALSE(response.has_response());
  // It is the guard that keeps it out: the similarity alone would have let it through.
  ASSERT_EQ(response.explanation().candidates_size(), 1);
  EXPECT_GE(response.explanation().candidates(0).similarity(), response.similarity_threshold());
  EXPECT_NE(response.explanation().candidates(0).verdict(), "served");
}

TEST_P(AnswersTest, NothingCrossesAScope) {
  gateway_.Tell(kQuestion, kAnswer);
  for (const Gateway& other : {gateway_.As("rival"), gateway_.ForModel("gpt-5"),
                               gateway_.WithContext("system-prompt-2")}) {
    EXPECT_EQ(other.Ask(kQuestion), "miss:no_candidate");
    EXPECT_EQ(other.Ask(kParaphrase), "miss:no_candidate");
  }
  // Neither do fields run into one another.
  EXPECT_EQ(gateway_.As("acmegpt-4o").ForModel("").Ask(kQuestion), "miss:no_candidate");
  EXPECT_EQ(gateway_.Ask(kQuestion), std::string("exact:") + kAnswer);
}

TEST_P(AnswersTest, AnswersSurviveARestart) {
  gateway_.Tell(kQuestion, kAnswer);
  server_.Restart();
  EXPECT_EQ(gateway_.Ask(kQuestion), std::string("exact:") + kAnswer);
  EXPECT_EQ(gateway_.Ask(kParaphrase), std::string("semantic:") + kAnswer);
  EXPECT_EQ(gateway_.Ask(kOpposite), "miss:guard");
  EXPECT_EQ(gateway_.As("rival").Ask(kParaphrase), "miss:no_candidate");
}

TEST_P(AnswersTest, AnswersSurviveSigkill) {
  const v1::LookupResponse miss = gateway_.Lookup(gateway_.Question("how do I fold a list in go"));
  gateway_.Tell(kQuestion, kAnswer);
  server_.Kill();
  server_.Start();
  EXPECT_EQ(gateway_.Ask(kQuestion), std::string("exact:") + kAnswer);
  EXPECT_EQ(gateway_.Ask(kParaphrase), std::string("semantic:") + kAnswer);

  // A lookup_id belongs to the run that gave it.
  v1::InsertRequest late;
  late.set_lookup_id(miss.lookup_id());
  late.mutable_response()->set_body("late");
  v1::InsertResponse response;
  const grpc::Status status = gateway_.TryInsert(late, &response);
  EXPECT_EQ(status.error_code(), grpc::FAILED_PRECONDITION);
  EXPECT_NE(status.error_message().find("send the query"), std::string::npos)
      << status.error_message();
}

TEST_P(AnswersTest, AnAnswerExpiresByTheTtlOfItsCaller) {
  v1::InsertRequest insert = gateway_.Telling(kQuestion, kAnswer);
  insert.mutable_ttl()->set_seconds(1);
  gateway_.Insert(insert);
  gateway_.Tell("how do I read a nested value from config.json in a node script", "stays");
  EXPECT_TRUE(Eventually([&] { return gateway_.Ask(kQuestion).substr(0, 5) == "miss:"; }));
  EXPECT_EQ(gateway_.Ask(kParaphrase).substr(0, 5), "miss:");
  server_.Restart();
  EXPECT_EQ(gateway_.Ask(kQuestion).substr(0, 5), "miss:");
  EXPECT_EQ(gateway_.Ask("how do I read a nested value from config.json in a node script"),
            "exact:stays");
}

TEST_P(AnswersTest, AWrongAnswerIsOutForGood) {
  const std::string id = gateway_.Tell(kQuestion, kAnswer);
  v1::ReportFeedbackRequest feedback;
  feedback.set_entry_id(id);
  feedback.set_verdict(v1::ReportFeedbackRequest::VERDICT_WRONG);
  grpc::ClientContext context;
  v1::ReportFeedbackResponse response;
  ASSERT_TRUE(server_.data().ReportFeedback(&context, feedback, &response).ok());
  EXPECT_TRUE(response.quarantined());
  EXPECT_EQ(gateway_.Ask(kQuestion), "miss:no_candidate");
  EXPECT_EQ(gateway_.Ask(kParaphrase), "miss:no_candidate");
  server_.Restart();
  EXPECT_EQ(gateway_.Ask(kQuestion), "miss:no_candidate");
}

TEST_P(AnswersTest, DeletedAndInvalidatedEntriesAreGone) {
  v1::InsertRequest tagged = gateway_.Telling("how do I decode base64 in java", "Base64");
  tagged.add_tags("release-7");
  gateway_.Insert(tagged);
  const std::string id = gateway_.Tell(kQuestion, kAnswer);

  v1::InvalidateRequest invalidate;
  invalidate.set_tag("release-7");
  invalidate.set_dry_run(true);
  v1::InvalidateResponse invalidated;
  grpc::ClientContext dry;
  ASSERT_TRUE(server_.data().Invalidate(&dry, invalidate, &invalidated).ok());
  EXPECT_EQ(invalidated.count(), 1);
  EXPECT_EQ(gateway_.Ask("how do I decode base64 in java"), "exact:Base64");
  invalidate.set_dry_run(false);
  grpc::ClientContext wet;
  ASSERT_TRUE(server_.data().Invalidate(&wet, invalidate, &invalidated).ok());
  EXPECT_EQ(invalidated.count(), 1);
  EXPECT_EQ(gateway_.Ask("how do I decode base64 in java").substr(0, 5), "miss:");
  EXPECT_EQ(gateway_.Ask(kQuestion), std::string("exact:") + kAnswer);

  v1::DeleteRequest remove;
  remove.set_entry_id(id);
  v1::DeleteResponse removed;
  grpc::ClientContext first;
  EXPECT_TRUE(server_.data().Delete(&first, remove, &removed).ok());
  EXPECT_EQ(gateway_.Ask(kParaphrase), "miss:no_candidate");
  grpc::ClientContext again;
  EXPECT_EQ(server_.data().Delete(&again, remove, &removed).error_code(), grpc::NOT_FOUND);
}

}  // namespace
}  // namespace semcached
