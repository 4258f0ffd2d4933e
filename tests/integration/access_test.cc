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

// Certificates that openssl makes for this test alone.
class Certificates {
 protected:
  Certificates() {
    MakeAuthority("ca");
    MakeAuthority("strange");
    MakeCertificate("server", "localhost", "ca");
    MakeCertificate("gateway", "gateway.example", "ca");
    MakeCertificate("unknown", "unknown.example", "ca");
    MakeCertificate("stranger", "gateway.example", "strange");
  }

  void OpenSsl(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "/usr/bin/openssl");
    Process process(arguments, "", files_ / "openssl.log", files_ / "openssl.log");
    ASSERT_EQ(process.AwaitEnd(), 0) << ReadFileOrEmpty(files_ / "openssl.log");
  }
  std::vector<std::string> Request(const std::string& name, const std::string& common_name) const {
    return {"req",
            "-x509",
            "-newkey",
            "ec",
            "-nodes",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-days",
            "2",
            "-subj",
            "/CN=" + common_name,
            "-keyout",
            files_ / (name + ".key"),
            "-out",
            files_ / (name + ".crt")};
  }
  void MakeAuthority(const std::string& name) const { OpenSsl(Request(name, name)); }
  void MakeCertificate(const std::string& name, const std::string& host,
                       const std::string& authority) const {
    std::vector<std::string> arguments = Request(name, name);
    for (const std::string& more :
         {std::string("-CA"), files_ / (authority + ".crt"), std::string("-CAkey"),
          files_ / (authority + ".key"), std::string("-addext"), "subjectAltName=DNS:" + host,
          std::string("-addext"), std::string("basicConstraints=critical,CA:FALSE")}) {
      arguments.push_back(more);
    }
    OpenSsl(arguments);
    std::filesystem::permissions(files_ / (name + ".key"), std::filesystem::perms::owner_read |
                                                               std::filesystem::perms::owner_write);
  }

  const TempDir files_;
};

class TlsTest : protected Certificates, public ::testing::Test {
 protected:
  TlsTest() {
    files_.Write("principals.yaml",
                 absl::StrCat("principals:\n  gateway: {certificate: gateway.example, rights: "
                              "[lookup], namespaces: [acme]}\n  ops: {tokens_sha256: [",
                              HashOf("ops-token"), "], rights: [admin], all_namespaces: true}\n"));
    files_.Write("token", "ops-token\n");
  }

  std::string TlsYaml(const std::string& more = "") const {
    return absl::StrCat("  tls:\n    certificate_file: ", files_ / "server.crt",
                        "\n    key_file: ", files_ / "server.key", "\n", more);
  }
  std::string ClientCa() const {
    return absl::StrCat("    client_ca_file: ", files_ / "ca.crt", "\n");
  }
  std::string Access() const {
    return absl::StrCat("access:\n  principals: ", files_ / "principals.yaml", "\n");
  }
  // `semcachectl health` over TCP, by name, as the certificate is for one.
  Ended Health(const RunningServer& server, std::vector<std::string> more) const {
    const std::string port = server.tcp_address().substr(server.tcp_address().rfind(':'));
    std::vector<std::string> arguments = {"--target", "localhost" + port};
    arguments.insert(arguments.end(), more.begin(), more.end());
    arguments.emplace_back("health");
    return RunProgram("semcachectl", arguments);
  }
  std::vector<std::string> Trusting(const std::string& ca) const {
    return {"--ca-file", files_ / (ca + ".crt")};
  }
  std::vector<std::string> Showing(const std::string& name) const {
    return {"--ca-file",  files_ / "ca.crt",       "--certificate-file", files_ / (name + ".crt"),
            "--key-file", files_ / (name + ".key")};
  }
};

TEST_F(TlsTest, ATokenGoesOverTls) {
  const RunningServer server({.more = Access(), .listen = TlsYaml()});
  std::vector<std::string> with_token = Trusting("ca");
  with_token.insert(with_token.end(), {"--token-file", files_ / "token"});
  const Ended good = Health(server, with_token);
  EXPECT_EQ(good.status, 0) << good.errors << server.Log();
  EXPECT_THAT(Health(server, Trusting("ca")).errors, HasSubstr("send `authorization: Bearer"));
  EXPECT_EQ(Health(server, Trusting("strange")).status, 1);
  EXPECT_EQ(Health(server, {}).status, 1);  // without TLS
}

TEST_F(TlsTest, ACertificateStandsForItsPrincipal) {
  const RunningServer server({.more = Access(), .listen = TlsYaml(ClientCa())});
  const Ended good = Health(server, Showing("gateway"));
  EXPECT_EQ(good.status, 0) << good.errors << server.Log();
  EXPECT_THAT(Health(server, Showing("unknown")).errors,
              HasSubstr("the certificate is no principal's"));
  // Of the right name, but signed by somebody else.
  EXPECT_EQ(Health(server, Showing("stranger")).status, 1);
  EXPECT_EQ(Health(server, Trusting("ca")).status, 1);
}

TEST_F(TlsTest, ARenewedCertificateServesNewConnections) {
  const RunningServer server({.more = Access(), .listen = TlsYaml(ClientCa())});
  MakeAuthority("next");
  MakeCertificate("renewed", "localhost", "next");
  EXPECT_EQ(Health(server, Showing("gateway")).status, 0);
  std::vector<std::string> trusting_next = Showing("gateway");
  trusting_next[1] = files_ / "next.crt";
  EXPECT_EQ(Health(server, trusting_next).status, 1);
  std::filesystem::rename(files_ / "renewed.key", files_ / "server.key");
  std::filesystem::rename(files_ / "renewed.crt", files_ / "server.crt");
  EXPECT_TRUE(Eventually([&] { return Health(server, trusting_next).status == 0; }));
}

class RemoteAddressTest : public TlsTest {
 protected:
  Ended Check(const std::string& listen, const std::string& more) const {
    const TempDir directory;
    WriteSmallCategories(directory, "auto");
    std::string yaml = ServerYaml(directory, more, listen);
    yaml.replace(yaml.find("127.0.0.1:0"), std::string("127.0.0.1:0").size(), "0.0.0.0:0");
    return RunProgram("semcached",
                      {"--config", directory.Write("semcached.yaml", yaml), "--check-config"});
  }
};

TEST_F(RemoteAddressTest, IsRefusedWithoutTlsAndWithoutKnowingItsCallers) {
  const Ended neither = Check("", "");
  EXPECT_EQ(neither.status, 2);
  EXPECT_THAT(neither.errors, HasSubstr("listen.tcp: 0.0.0.0 is not a loopback address, and this "
                                        "listener has no TLS; allowed: "));
  EXPECT_THAT(Check("", Access()).errors, HasSubstr("this listener has no TLS"));
  EXPECT_THAT(Check(TlsYaml(), "").errors, HasSubstr("this listener has no authentication"));
  EXPECT_EQ(Check(TlsYaml(), Access()).status, 0) << Check(TlsYaml(), Access()).errors;
  EXPECT_EQ(Check(TlsYaml(ClientCa()), "").status, 0);
}

TEST_F(RemoteAddressTest, ItsKeyIsNotOpenToEverybody) {
  std::filesystem::permissions(files_ / "server.key", std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  const Ended open = Check(TlsYaml(), Access());
  EXPECT_EQ(open.status, 2);
  EXPECT_THAT(open.errors, HasSubstr("listen.tls.key_file: " + files_ / "server.key" +
                                     " is open to everybody on this machine; allowed: "));
}

TEST(NewTokenTest, ItsHashIsThatOfTheToken) {
  const Ended made = RunProgram("semcachectl", {"--json", "new-token"});
  ASSERT_EQ(made.status, 0) << made.errors;
  const auto json = nlohmann::json::parse(made.output);
  EXPECT_EQ(json.at("sha256"), HashOf(json.at("token")));
}

}  // namespace
}  // namespace semcached
