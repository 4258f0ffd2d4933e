#include "semcached/http/page_source.h"

#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <functional>
#include <thread>

#include "semcached/base/mutex.h"
#include "support/fake_clock.h"
#include "support/refusing_socket.h"
#include "support/temp_dir.h"

namespace semcached {
namespace {

using testing::HasSubstr;
using testing::Not;

// A certificate for 127.0.0.1 that nobody has signed but itself.
class OwnCertificate {
 public:
  OwnCertificate() : key_(EVP_RSA_gen(2048)), certificate_(X509_new()) {
    X509_set_version(certificate_, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate_), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate_), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate_), 3600);
    X509_set_pubkey(certificate_, key_);
    X509_NAME* const name = X509_get_subject_name(certificate_);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("a test"), -1, -1, 0);
    X509_set_issuer_name(certificate_, name);
    X509_EXTENSION* const names =
        X509V3_EXT_nconf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
    X509_add_ext(certificate_, names, -1);
    X509_EXTENSION_free(names);
    X509_sign(certificate_, key_, EVP_sha256());
  }
  ~OwnCertificate() {
    X509_free(certificate_);
    EVP_PKEY_free(key_);
  }
  OwnCertificate(const OwnCertificate&) = delete;
  OwnCertificate& operator=(const OwnCertificate&) = delete;

  X509* certificate() const { return certificate_; }
  EVP_PKEY* key() const { return key_; }
  std::string Pem() const {
    BIO* const memory = BIO_new(BIO_s_mem());
    PEM_write_bio_X509(memory, certificate_);
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(memory, &bytes);
    std::string pem(bytes, static_cast<size_t>(size));
    BIO_free(memory);
    return pem;
  }

 private:
  EVP_PKEY* const key_;
  X509* const certificate_;
};

// A server of one page on a free port of this machine.
class PageServer {
 public:
  using Handler = std::function<void(const httplib::Request&, httplib::Response&)>;

  // With `certificate` over TLS.
  explicit PageServer(const OwnCertificate* certificate = nullptr)
      : scheme_(certificate == nullptr ? "http" : "https") {
    if (certificate == nullptr) {
      server_ = std::make_unique<httplib::Server>();
    } else {
      server_ =
          std::make_unique<httplib::SSLServer>(certificate->certificate(), certificate->key());
    }
    server_->Get("/metrics", [this](const httplib::Request& in, httplib::Response& out) {
      Handler handler;
      {
        MutexLock lock(&mutex_);
        ++requests_;
        handler = handler_;
      }
      handler(in, out);
    });
    port_ = server_->bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { server_->listen_after_bind(); });
  }
  ~PageServer() {
    ending_ = true;
    // stop() before the server runs would be forgotten.
    while (!server_->is_running()) std::this_thread::yield();
    server_->stop();
    thread_.join();
  }

  std::string url() const { return absl::StrCat(scheme_, "://127.0.0.1:", port_, "/metrics"); }
  int requests() const ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    return requests_;
  }

  void Answers(Handler handler) ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    handler_ = std::move(handler);
  }
  void Answers(int status, const std::string& body) {
    Answers([status, body](const httplib::Request&, httplib::Response& out) {
      out.status = status;
      out.set_content(body, "text/plain");
    });
  }
  // No sooner than at its end, after calling `reached`.
  void Hangs(std::function<void()> reached = nullptr) {
    Answers([this, reached = std::move(reached)](const httplib::Request&, httplib::Response&) {
      if (reached) reached();
      while (!ending_) std::this_thread::yield();
    });
  }

 private:
  const std::string scheme_;
  std::unique_ptr<httplib::Server> server_;
  int port_ = 0;
  std::thread thread_;
  std::atomic<bool> ending_{false};

  mutable Mutex mutex_;
  Handler handler_ ABSL_GUARDED_BY(mutex_);
  int requests_ ABSL_GUARDED_BY(mutex_) = 0;
};

class PageSourceTest : public testing::Test {
 protected:
  PageSourceTest() {
    options_.timeout = absl::Seconds(60);
    server_.Answers(200, "up 1\n");
  }

  // Makes the source at its first use, so that a test may change the options before.
  absl::StatusOr<std::string> Get(const Call& call) {
    if (options_.url.empty()) options_.url = server_.url();
    if (source_ == nullptr) {
      absl::StatusOr<std::unique_ptr<PageSource>> made = MakeHttpPageSource(options_);
      if (!made.ok()) return made.status();
      source_ = *std::move(made);
    }
    return source_->Get(call);
  }
  absl::StatusOr<std::string> Get() { return Get(Call(clock_)); }

  void ExpectPage(const std::string& page) {
    const absl::StatusOr<std::string> got = Get();
    ASSERT_TRUE(got.ok()) << got.status();
    EXPECT_EQ(*got, page);
  }
  void ExpectUnavailable(const std::string& says) {
    const absl::Status status = Get().status();
    EXPECT_TRUE(absl::IsUnavailable(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(says));
  }

  FakeClock clock_;
  TempDir directory_;
  HttpPageOptions options_;
  std::atomic<bool> cancelled_ = false;
  PageServer server_;
  std::unique_ptr<PageSource> source_;
};

TEST_F(PageSourceTest, GetsThePageAsItIsNow) {
  ExpectPage("up 1\n");
  server_.Answers(200, "up 0\n");
  ExpectPage("up 0\n");
  EXPECT_EQ(server_.requests(), 2);
}

TEST_F(PageSourceTest, AsksForAMediaType) {
  options_.accept = "text/plain;version=0.0.4";
  server_.Answers([](const httplib::Request& in, httplib::Response& out) {
    out.set_content(in.get_header_value("Accept"), "text/plain");
  });
  ExpectPage("text/plain;version=0.0.4");
}

TEST_F(PageSourceTest, ReadsTheTokenForEachPageAndNeverShowsIt) {
  const auto tell = [](const httplib::Request& in, httplib::Response& out) {
    out.set_content(in.get_header_value("Authorization"), "text/plain");
  };
  server_.Answers(tell);
  options_.token_file = directory_.Write("token", "s3cret\n");
  ExpectPage("Bearer s3cret");
  directory_.Write("token", "an0ther\n");
  ExpectPage("Bearer an0ther");

  server_.Answers(401, "an0ther");
  ExpectUnavailable("answered HTTP 401: check token_file");
  EXPECT_THAT(Get().status().ToString(), Not(HasSubstr("an0ther")));

  directory_.Write("token", "two words\n");
  ExpectUnavailable("no token");
  EXPECT_THAT(Get().status().ToString(), Not(HasSubstr("two words")));
  std::filesystem::remove(directory_ / "token");
  const int requests = server_.requests();
  ExpectUnavailable("cannot be read");
  EXPECT_EQ(server_.requests(), requests);  // never without it

  server_.Answers(tell);
  directory_.Write("token", "third\n");
  ExpectPage("Bearer third");
}

TEST_F(PageSourceTest, OtherAnswersAreNoPage) {
  for (const auto& [status, says] :
       std::vector<std::pair<int, std::string>>{{404, "HTTP 404: check url"},
                                                {302, "redirects are not followed"},
                                                {204, "HTTP 204"},
                                                {503, "HTTP 503"}}) {
    server_.Answers(status, "");
    ExpectUnavailable(says);
  }
}

TEST_F(PageSourceTest, StopsReadingAHugePage) {
  options_.max_bytes = 1 << 10;
  server_.Answers(200, std::string(4 << 20, '#'));
  ExpectUnavailable("larger than 1024 bytes");
  server_.Answers(200, std::string(1 << 10, '#'));
  ExpectPage(std::string(1 << 10, '#'));
}

TEST_F(PageSourceTest, GivesUpAfterItsTimeout) {
  options_.timeout = absl::Milliseconds(50);
  server_.Hangs();
  ExpectUnavailable("Timeout");
}

TEST_F(PageSourceTest, StopsWaitingWhenCancelled) {
  server_.Hangs([this] { cancelled_ = true; });
  const Call call(clock_, absl::InfiniteDuration(), [this] { return cancelled_.load(); });
  EXPECT_TRUE(absl::IsCancelled(Get(call).status()));
}

TEST_F(PageSourceTest, NobodyListens) {
  const RefusingSocket nobody;
  options_.url = absl::StrCat("http://127.0.0.1:", nobody.port(), "/metrics");
  ExpectUnavailable("connect");
}

TEST_F(PageSourceTest, TrustsTheAuthorityThatIsNamedAndNoOther) {
  const OwnCertificate certificate;
  PageServer server(&certificate);
  server.Answers(200, "up 1\n");
  options_.url = server.url();
  ExpectUnavailable("certificate");  // not one of the system's authorities
  EXPECT_EQ(server.requests(), 0);

  source_ = nullptr;
  options_.ca_file = directory_.Write("ca.pem", certificate.Pem());
  ExpectPage("up 1\n");

  source_ = nullptr;
  const OwnCertificate other;
  options_.ca_file = directory_.Write("other.pem", other.Pem());
  ExpectUnavailable("certificate");
  EXPECT_EQ(server.requests(), 1);
}

TEST_F(PageSourceTest, TheNameOfTheServerIsChecked) {
  const OwnCertificate certificate;
  PageServer server(&certificate);
  server.Answers(200, "up 1\n");
  options_.url = server.url();
  options_.url.replace(options_.url.find("127.0.0.1"), 9, "localhost");
  options_.ca_file = directory_.Write("ca.pem", certificate.Pem());
  ExpectUnavailable("SSL peer certificate");
  EXPECT_EQ(server.requests(), 0);
}

TEST_F(PageSourceTest, OptionsThatCannotBeAreRefused) {
  const auto refuse = [this](const std::function<void(HttpPageOptions*)>& change,
                             const std::string& says) {
    HttpPageOptions options = options_;
    options.url = server_.url();
    change(&options);
    const absl::Status status = MakeHttpPageSource(options).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(says));
  };
  using Options = HttpPageOptions;
  refuse([](Options* o) { o->url = ""; }, "url");
  refuse([](Options* o) { o->url = "file:///etc/passwd"; }, "scheme \"file\"");
  refuse([](Options* o) { o->url = "http://user:word@host/"; }, "credentials; put a token into");
  refuse([this](Options* o) { o->ca_file = directory_ / "absent"; }, "absent");
  refuse([this](Options* o) { o->token_file = directory_ / "absent"; }, "absent");
  refuse([this](Options* o) { o->token_file = directory_.Write("t", "\nlate"); }, "empty");
  refuse([this](Options* o) { o->token_file = directory_.Write("t", "a\rb: c"); }, "no token");
}

}  // namespace
}  // namespace semcached
