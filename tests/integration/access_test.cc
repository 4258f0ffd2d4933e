// Who may call the data listeners, and what happens to those who may not.
#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "integration/gateway.h"
#include "semcached/base/secret.h"

namespace semcached {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string HashOf(const std::string& token) { return ToHex(Sha256(token)); }

// gateway looks up and inserts for acme; reader only looks up; other is another tenant; ops keeps
// house.
std::string Principals(const std::string& gateway_token = "gateway-token") {
  return absl::StrCat("principals:\n  gateway: {tokens_sha256: [", HashOf(gateway_token),
                      "], rights: [lookup, insert, feedback], namespaces: [acme]}\n",
                      "  reader: {tokens_sha256: [", HashOf("reader-token"),
                      "], rights: [lookup], namespaces: [acme]}\n", "  other: {tokens_sha256: [",
                      HashOf("other-token"),
                      "], rights: [lookup, insert, feedback, load], namespaces: [umbrella]}\n",
                      "  ops: {tokens_sha256: [", HashOf("ops-token"),
                      "], rights: [admin], all_namespaces: true}\n");
}

// Files that have to be there before the server is.
class PrincipalsFile {
 protected:
  PrincipalsFile() { files_.Write("principals.yaml", Principals()); }

  const TempDir files_;
};

class AccessTest : protected PrincipalsFile, public ::testing::Test {
 protected:
  static void Show(const std::string& token, grpc::ClientContext* context) {
    if (!token.empty()) context->AddMetadata("authorization", "Bearer " + token);
  }
  grpc::Status Lookup(const std::string& token, const v1::LookupRequest& request,
                      v1::LookupResponse* response = nullptr) {
    grpc::ClientContext context;
    Show(token, &context);
    v1::LookupResponse unread;
    return server_.data().Lookup(&context, request, response != nullptr ? response : &unread);
  }
  grpc::Status Insert(const std::string& token, const v1::InsertRequest& request,
                      v1::InsertResponse* response = nullptr) {
    grpc::ClientContext context;
    Show(token, &context);
    v1::InsertResponse unread;
    return server_.data().Insert(&context, request, response != nullptr ? response : &unread);
  }
  // Inserts kAnswer as the gateway does; the entry's id.
  std::string Tell() {
    v1::InsertResponse response;
    const grpc::Status status =
        Insert("gateway-token", gateway_.Telling(kQuestion, kAnswer), &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.entry_id();
  }
  grpc::Status Delete(const std::string& token, const std::string& entry) {
    grpc::ClientContext context;
    Show(token, &context);
    v1::DeleteRequest request;
    request.set_entry_id(entry);
    v1::DeleteResponse response;
    return server_.data().Delete(&context, request, &response);
  }
  grpc::Status Invalidate(const std::string& token, const std::string& tenant) {
    grpc::ClientContext context;
    Show(token, &context);
    v1::InvalidateRequest request;
    request.set_category("code");
    if (!tenant.empty()) request.set_namespace_(tenant);
    v1::InvalidateResponse response;
    return server_.data().Invalidate(&context, request, &response);
  }
  grpc::Status ReportWrong(const std::string& token, const std::string& entry) {
    grpc::ClientContext context;
    Show(token, &context);
    v1::ReportFeedbackRequest request;
    request.set_entry_id(entry);
    request.set_verdict(v1::ReportFeedbackRequest::VERDICT_WRONG);
    v1::ReportFeedbackResponse response;
    return server_.data().ReportFeedback(&context, request, &response);
  }
  grpc::Status ReportLoad(const std::string& token) {
    grpc::ClientContext context;
    Show(token, &context);
    v1::ReportLoadRequest request;
    request.set_model("gpt-4o");
    request.set_limit(10);
    v1::ReportLoadResponse response;
    return server_.load().ReportLoad(&context, request, &response);
  }
  grpc::Status StreamLoad(const std::string& token) {
    grpc::ClientContext context;
    Show(token, &context);
    v1::ReportLoadResponse response;
    const auto stream = server_.load().StreamLoad(&context, &response);
    stream->WritesDone();
    return stream->Finish();
  }
  grpc::Status GetInfo(const std::string& token) {
    grpc::ClientContext context;
    Show(token, &context);
    v1::GetServerInfoResponse response;
    return server_.data().GetServerInfo(&context, {}, &response);
  }
  // The codes of BatchLookup, BatchInsert, RenewLease and AbandonLease.
  std::string Batches(const std::string& token) {
    grpc::ClientContext contexts[4];
    for (grpc::ClientContext& context : contexts) Show(token, &context);
    v1::BatchLookupResponse lookups;
    v1::BatchInsertResponse inserts;
    v1::RenewLeaseResponse renewed;
    v1::AbandonLeaseResponse abandoned;
    return absl::StrCat(server_.data().BatchLookup(&contexts[0], {}, &lookups).error_code(), " ",
                        server_.data().BatchInsert(&contexts[1], {}, &inserts).error_code(), " ",
                        server_.data().RenewLease(&contexts[2], {}, &renewed).error_code(), " ",
                        server_.data().AbandonLease(&contexts[3], {}, &abandoned).error_code());
  }
  void Replace(const std::string& principals) {
    std::filesystem::rename(files_.Write(".new", principals), files_ / "principals.yaml");
  }

  RunningServer server_{
      {.more = absl::StrCat("access:\n  principals: ", files_ / "principals.yaml", "\n")}};
  const Gateway gateway_{&server_};
};

TEST_F(AccessTest, NothingIsAnsweredToWhoIsNotKnown) {
  Tell();
  for (const char* token : {"", "gateway-toke", "nobody"}) {
    EXPECT_EQ(Lookup(token, gateway_.Question(kQuestion)).error_code(), grpc::UNAUTHENTICATED);
    EXPECT_EQ(Insert(token, gateway_.Telling(kQuestion, "x")).error_code(), grpc::UNAUTHENTICATED);
    EXPECT_EQ(Delete(token, "0000000000000001").error_code(), grpc::UNAUTHENTICATED);
    EXPECT_EQ(Invalidate(token, "acme").error_code(), grpc::UNAUTHENTICATED);
    EXPECT_EQ(ReportWrong(token, "0000000000000001").error_code(), grpc::UNAUTHENTICATED);
    EXPECT_EQ(ReportLoad(token).error_code(), grpc::UNAUTHENTICATED);
    EXPECT_EQ(StreamLoad(token).error_code(), grpc::UNAUTHENTICATED);
    EXPECT_EQ(GetInfo(token).error_code(), grpc::UNAUTHENTICATED);
    EXPECT_EQ(Batches(token), "16 16 16 16");
  }
  EXPECT_EQ(server_.Metric("semcached_bad_requests_total{method=\"Lookup\",reason="
                           "\"UNAUTHENTICATED\"}"),
            3);
  EXPECT_TRUE(GetInfo("reader-token").ok());
}

TEST_F(AccessTest, RightsAreThoseThatAreGiven) {
  const std::string entry = Tell();
  v1::LookupResponse hit;
  EXPECT_TRUE(Lookup("reader-token", gateway_.Question(kQuestion), &hit).ok());
  EXPECT_EQ(hit.response().body(), kAnswer);
  // Who may only look up changes nothing.
  EXPECT_EQ(Insert("reader-token", gateway_.Telling(kQuestion, "poison")).error_code(),
            grpc::PERMISSION_DENIED);
  EXPECT_EQ(Delete("reader-token", entry).error_code(), grpc::PERMISSION_DENIED);
  EXPECT_EQ(ReportWrong("reader-token", entry).error_code(), grpc::PERMISSION_DENIED);
  EXPECT_EQ(ReportLoad("reader-token").error_code(), grpc::PERMISSION_DENIED);
  EXPECT_EQ(StreamLoad("gateway-token").error_code(), grpc::OK);  // nothing was reported
  EXPECT_TRUE(ReportLoad("other-token").ok());
  EXPECT_EQ(Lookup("ops-token", gateway_.Question(kQuestion)).error_code(),
            grpc::PERMISSION_DENIED);
  EXPECT_TRUE(Lookup("reader-token", gateway_.Question(kQuestion), &hit).ok());
  EXPECT_EQ(hit.response().body(), kAnswer);
}

TEST_F(AccessTest, NobodyReachesIntoAnothersNamespace) {
  const std::string entry = Tell();
  // Their own lookup of the same question misses; acme's is refused, hit or not.
  v1::LookupResponse own;
  EXPECT_TRUE(Lookup("other-token", gateway_.As("umbrella").Question(kQuestion), &own).ok());
  EXPECT_EQ(own.outcome(), v1::OUTCOME_MISS);
  const grpc::Status there = Lookup("other-token", gateway_.Question(kQuestion));
  const grpc::Status not_there = Lookup("other-token", gateway_.Question("never asked"));
  EXPECT_EQ(there.error_code(), grpc::PERMISSION_DENIED);
  EXPECT_EQ(not_there.error_message(), there.error_message());
  EXPECT_EQ(Insert("other-token", gateway_.Telling(kQuestion, "poison")).error_code(),
            grpc::PERMISSION_DENIED);

  // An id that is somebody else's is as one that is not there.
  const grpc::Status foreign = Delete("other-token", entry);
  EXPECT_EQ(foreign.error_code(), grpc::NOT_FOUND);
  const grpc::Status absent = Delete("other-token", "00000000000000ff");
  EXPECT_EQ(absent.error_code(), grpc::NOT_FOUND);
  EXPECT_EQ(ReportWrong("other-token", entry).error_code(), grpc::NOT_FOUND);

  EXPECT_EQ(Invalidate("other-token", "").error_code(), grpc::PERMISSION_DENIED);
  EXPECT_EQ(Invalidate("other-token", "acme").error_code(), grpc::PERMISSION_DENIED);
  EXPECT_TRUE(Invalidate("other-token", "umbrella").ok());
  v1::LookupResponse hit;
  EXPECT_TRUE(Lookup("reader-token", gateway_.Question(kQuestion), &hit).ok());
  EXPECT_EQ(hit.response().body(), kAnswer);

  EXPECT_TRUE(Delete("gateway-token", entry).ok());
  Tell();
  EXPECT_TRUE(Invalidate("ops-token", "").ok());
  EXPECT_TRUE(Lookup("reader-token", gateway_.Question(kQuestion), &hit).ok());
  EXPECT_EQ(hit.outcome(), v1::OUTCOME_MISS);
}

TEST_F(AccessTest, ALookupIdIsOfUseToItsOwnerOnly) {
  v1::LookupResponse miss;
  ASSERT_TRUE(Lookup("reader-token", gateway_.Question(kQuestion), &miss).ok());
  v1::InsertRequest insert;
  insert.set_lookup_id(miss.lookup_id());
  insert.mutable_response()->set_body("poison");
  insert.mutable_response()->set_content_type("text/plain");
  insert.set_complete(true);
  EXPECT_EQ(Insert("other-token", insert).error_code(), grpc::FAILED_PRECONDITION);
  EXPECT_EQ(Insert("gateway-token", insert).error_code(), grpc::FAILED_PRECONDITION);
  // An operator reports for whoever asked.
  Tell();
  v1::LookupResponse hit;
  ASSERT_TRUE(Lookup("reader-token", gateway_.Question(kParaphrase), &hit).ok());
  grpc::ClientContext context;
  v1::ReportFeedbackRequest wrong;
  wrong.set_lookup_id(hit.lookup_id());
  wrong.set_verdict(v1::ReportFeedbackRequest::VERDICT_WRONG);
  v1::ReportFeedbackResponse reported;
  const grpc::Status status = server_.admin().ReportFeedback(&context, wrong, &reported);
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_TRUE(reported.quarantined());
}

TEST_F(AccessTest, ABatchIsCheckedOneByOne) {
  Tell();
  v1::BatchLookupRequest batch;
  *batch.add_requests() = gateway_.Question(kQuestion);
  *batch.add_requests() = gateway_.As("umbrella").Question(kQuestion);
  grpc::ClientContext context;
  Show("reader-token", &context);
  v1::BatchLookupResponse response;
  ASSERT_TRUE(server_.data().BatchLookup(&context, batch, &response).ok());
  EXPECT_EQ(response.results(0).response().response().body(), kAnswer);
  EXPECT_EQ(response.results(1).code(), grpc::PERMISSION_DENIED);
}

TEST_F(AccessTest, PrincipalsChangeWithoutARestart) {
  Tell();
  Replace(Principals("another-token"));
  EXPECT_TRUE(Eventually([&] { return GetInfo("another-token").ok(); }));
  EXPECT_EQ(GetInfo("gateway-token").error_code(), grpc::UNAUTHENTICATED);
  // A broken file changes nothing, and the log says where it is broken, but no secret.
  Replace("principals:\n  gateway: {tokens_sha256: [hunter2], rights: [lookup]}\n");
  EXPECT_TRUE(Eventually([&] {
    return server_.Log().find("principals.yaml:2: principals.gateway.tokens_sha256") !=
           std::string::npos;
  }));
  EXPECT_TRUE(GetInfo("another-token").ok());
  EXPECT_THAT(server_.Log(), Not(HasSubstr("hunter2")));
  EXPECT_THAT(server_.Log(), Not(HasSubstr("another-token")));
}

TEST(NewTokenTest, ItsHashIsThatOfTheToken) {
  const Ended made = RunProgram("semcachectl", {"--json", "new-token"});
  ASSERT_EQ(made.status, 0) << made.errors;
  const auto json = nlohmann::json::parse(made.output);
  EXPECT_EQ(json.at("sha256"), HashOf(json.at("token")));
}

}  // namespace
}  // namespace semcached
