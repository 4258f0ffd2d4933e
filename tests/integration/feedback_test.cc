// Feedback, near entries and what-if, on the real server with the real model.
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "integration/gateway.h"

namespace semcached {
namespace {

class FeedbackTest : public IntegrationTest {
 protected:
  explicit FeedbackTest(const ServerSetup& setup = {}) : IntegrationTest(setup) {}

  grpc::Status Report(const std::string& lookup_id, v1::ReportFeedbackRequest::Verdict verdict,
                      v1::ReportFeedbackResponse* response) {
    v1::ReportFeedbackRequest request;
    request.set_lookup_id(lookup_id);
    request.set_verdict(verdict);
    grpc::ClientContext context;
    return server_.data().ReportFeedback(&context, request, response);
  }
};

TEST_F(FeedbackTest, AWrongAnswerIsGoneAndItsPairStaysApartAfterARestart) {
  gateway_.Tell(kQuestion, kAnswer);
  const v1::LookupResponse hit = gateway_.Lookup(gateway_.Question(kParaphrase));
  ASSERT_EQ(hit.outcome(), v1::OUTCOME_HIT_SEMANTIC);
  v1::ReportFeedbackResponse response;
  ASSERT_TRUE(Report(hit.lookup_id(), v1::ReportFeedbackRequest::VERDICT_WRONG, &response).ok());
  EXPECT_TRUE(response.quarantined());
  EXPECT_TRUE(response.pair_blocked());
  EXPECT_EQ(gateway_.Ask(kQuestion), "miss:no_candidate");

  gateway_.Tell(kQuestion, "the same again");
  EXPECT_EQ(gateway_.Ask(kParaphrase), "miss:feedback");
  server_.Restart();
  EXPECT_EQ(gateway_.Ask(kParaphrase), "miss:feedback");
  EXPECT_EQ(gateway_.Ask(kQuestion), "exact:the same again");
}

TEST_F(FeedbackTest, TheAdminListenerTakesReportsByLookupToo) {
  gateway_.Tell(kQuestion, kAnswer);
  const v1::LookupResponse hit = gateway_.Lookup(gateway_.Question(kParaphrase));
  v1::ReportFeedbackRequest request;
  request.set_lookup_id(hit.lookup_id());
  request.set_verdict(v1::ReportFeedbackRequest::VERDICT_CORRECT);
  v1::ReportFeedbackResponse response;
  grpc::ClientContext context;
  EXPECT_TRUE(server_.admin().ReportFeedback(&context, request, &response).ok());
  EXPECT_FALSE(response.quarantined());
  EXPECT_EQ(server_.Metric(R"(semcached_feedback_total{category="code",verdict="right"})"), 1);
}

TEST_F(FeedbackTest, AMissShowsNearEntriesOfItsOwnScope) {
  gateway_.Tell(kQuestion, kAnswer);
  gateway_.As("umbrella").Tell(kOpposite, "of another tenant");
  v1::LookupRequest request = gateway_.Question(kOpposite);
  request.set_near_hits(3);
  const v1::LookupResponse miss = gateway_.Lookup(request);
  EXPECT_EQ(miss.outcome(), v1::OUTCOME_MISS);
  ASSERT_EQ(miss.near_hits_size(), 1);
  EXPECT_EQ(miss.near_hits(0).query(), kQuestion);
  EXPECT_EQ(miss.near_hits(0).response().body(), kAnswer);
  EXPECT_GT(miss.near_hits(0).similarity(), 0.5);
  EXPECT_FALSE(miss.has_response());
}

TEST_F(FeedbackTest, AnExplanationNamesTheGuardsThatRefuse) {
  gateway_.Tell(kQuestion, kAnswer);
  v1::LookupRequest request = gateway_.Question(kOpposite);
  request.set_explain(true);
  const v1::Explanation explanation = gateway_.Lookup(request).explanation();
  ASSERT_EQ(explanation.candidates_size(), 1);
  ASSERT_GE(explanation.candidates(0).guard_verdicts_size(), 1);
  EXPECT_EQ(explanation.candidates(0).guard_verdicts(0).guard(), "negation");
  EXPECT_NE(explanation.candidates(0).guard_verdicts(0).reason(), "");
}

class LimitedFeedbackTest : public FeedbackTest {
 protected:
  LimitedFeedbackTest() : FeedbackTest({.more = "feedback: {max_rate: 0.0001}\n"}) {}
};

TEST_F(LimitedFeedbackTest, AFloodOfReportsIsRefused) {
  const std::string id = gateway_.Tell(kQuestion, kAnswer);
  v1::ReportFeedbackRequest request;
  request.set_entry_id(id);
  request.set_verdict(v1::ReportFeedbackRequest::VERDICT_CORRECT);
  v1::ReportFeedbackResponse response;
  grpc::ClientContext first;
  EXPECT_TRUE(server_.data().ReportFeedback(&first, request, &response).ok());
  grpc::ClientContext second;
  EXPECT_EQ(server_.data().ReportFeedback(&second, request, &response).error_code(),
            grpc::RESOURCE_EXHAUSTED);
  grpc::ClientContext admin;
  EXPECT_TRUE(server_.admin().ReportFeedback(&admin, request, &response).ok());
}

class NoFeedbackTest : public FeedbackTest {
 protected:
  NoFeedbackTest() : FeedbackTest({.more = "feedback: {data_listener: false}\n"}) {}
};

TEST_F(NoFeedbackTest, WithoutTheRightNothingIsTakenOut) {
  gateway_.Tell(kQuestion, kAnswer);
  const v1::LookupResponse hit = gateway_.Lookup(gateway_.Question(kParaphrase));
  v1::ReportFeedbackResponse response;
  EXPECT_EQ(
      Report(hit.lookup_id(), v1::ReportFeedbackRequest::VERDICT_WRONG, &response).error_code(),
      grpc::PERMISSION_DENIED);
  EXPECT_EQ(gateway_.Ask(kQuestion), std::string("exact:") + kAnswer);
}

class WhatIfTest : public FeedbackTest {
 protected:
  WhatIfTest() : FeedbackTest({.more = "recording: {share: 1}\n"}) {}

  v1::WhatIfResponse WhatIf(const std::string& code) {
    v1::WhatIfRequest request;
    v1::WhatIfRequest::File* file = request.add_files();
    file->set_name("code.yaml");
    file->set_content(code);
    v1::WhatIfResponse response;
    grpc::ClientContext context;
    const grpc::Status status = server_.admin().WhatIf(&context, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }
};

TEST_F(WhatIfTest, AnotherThresholdIsTriedWithoutTouchingWhatIsInForce) {
  gateway_.Tell(kQuestion, kAnswer);
  EXPECT_EQ(gateway_.Ask(kParaphrase), std::string("semantic:") + kAnswer);
  const v1::WhatIfResponse stricter = WhatIf(server_.Code(0.9999F));
  ASSERT_EQ(stricter.rows_size(), 2);
  EXPECT_EQ(stricter.rows(0).category(), "code");
  EXPECT_EQ(stricter.rows(0).lookup_count(), 1);
  EXPECT_EQ(stricter.rows(0).before().hit_count(), 1);
  EXPECT_EQ(stricter.rows(0).after().hit_count(), 0);
  EXPECT_EQ(stricter.rows(0).lost_count(), 1);
  EXPECT_EQ(gateway_.Ask(kParaphrase), std::string("semantic:") + kAnswer);
}

TEST_F(WhatIfTest, BrokenFilesAreNamed) {
  v1::WhatIfRequest request;
  v1::WhatIfRequest::File* file = request.add_files();
  file->set_name("code.yaml");
  file->set_content("category: code\nsimilarity_threshold: 7\n");
  v1::WhatIfResponse response;
  grpc::ClientContext context;
  const grpc::Status status = server_.admin().WhatIf(&context, request, &response);
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
  EXPECT_NE(status.error_message().find("code.yaml:2"), std::string::npos)
      << status.error_message();
}

TEST_F(FeedbackTest, AVerifierThatLittleSpeaksForIsNotAdopted) {
  std::ofstream(server_.directory() / "pairs.tsv")
      << "label\ttext_a\ttext_b\n1\thow do I sort a list\thow can I sort a list\n"
         "0\thow do I sort a list\thow do I copy a list\n";
  const Ended trained =
      RunProgram("semcachectl", {"--admin", server_.admin_socket(), "train-verifier", "--category",
                                 "code", "--pairs", server_.directory() / "pairs.tsv"});
  EXPECT_EQ(trained.status, 0) << trained.errors;
  EXPECT_NE(trained.output.find("not adopted: too few"), std::string::npos) << trained.output;
}

TEST_F(FeedbackTest, WhatIfNeedsARecording) {
  v1::WhatIfResponse response;
  grpc::ClientContext context;
  EXPECT_EQ(server_.admin().WhatIf(&context, v1::WhatIfRequest(), &response).error_code(),
            grpc::FAILED_PRECONDITION);
}

}  // namespace
}  // namespace semcached
