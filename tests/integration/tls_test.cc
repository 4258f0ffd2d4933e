// TLS on the TCP listener, and where it may not be left out.
#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "integration/running_server.h"
#include "semcached/base/secret.h"

namespace semcached {
namespace {

using ::testing::HasSubstr;

std::string HashOf(const std::string& token) { return ToHex(Sha256(token)); }

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

}  // namespace
}  // namespace semcached
