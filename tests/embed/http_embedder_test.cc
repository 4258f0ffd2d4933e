#include "semcached/embed/http_embedder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "embed/models.h"
#include "embed/stand_in_server.h"
#include "support/fake_clock.h"
#include "support/refusing_socket.h"
#include "support/temp_dir.h"

namespace semcached {
namespace {

using Texts = std::vector<std::string_view>;
using Vectors = std::vector<std::vector<float>>;
using testing::HasSubstr;
using testing::Not;

StandInServer::Script Reply(int status, std::string body = "{}") {
  return [answer = StandInServer::Answer{status, std::move(body)}](const std::string&) {
    return answer;
  };
}

class HttpEmbedderTest : public testing::Test {
 protected:
  HttpEmbedderTest() {
    options_.url = server_.url();
    options_.model = "bag-of-words";
    options_.dimension = 64;
    options_.timeout = absl::Seconds(60);
  }

  // Makes the embedder at its first use, so that a test may change the options before.
  absl::StatusOr<Vectors> Embed(const Texts& texts, const Call& call) {
    if (embedder_ == nullptr) {
      absl::StatusOr<std::unique_ptr<Embedder>> made = MakeHttpEmbedder(options_);
      if (!made.ok()) return made.status();
      embedder_ = *std::move(made);
    }
    return embedder_->Embed(texts, call);
  }
  absl::StatusOr<Vectors> Embed(const Texts& texts) { return Embed(texts, Call(clock_)); }

  void ExpectGood(const absl::StatusOr<Vectors>& vectors) {
    ASSERT_TRUE(vectors.ok()) << vectors.status();
    EXPECT_NEAR(Cosine((*vectors)[0], FakeEmbedder().VectorOf("hello world")), 1, 1e-6);
  }
  void ExpectUnavailable(const absl::StatusOr<Vectors>& vectors, const std::string& says) {
    EXPECT_TRUE(absl::IsUnavailable(vectors.status())) << vectors.status();
    EXPECT_THAT(std::string(vectors.status().message()), HasSubstr(says));
  }

  const Texts hello_ = {"hello world"};
  FakeClock clock_;
  TempDir directory_;
  HttpEmbedderOptions options_;
  std::atomic<bool> cancelled_ = false;
  StandInServer server_;
  std::unique_ptr<Embedder> embedder_;
};

TEST_F(HttpEmbedderTest, IdentityDoesNotNameTheEndpoint) {
  ExpectGood(Embed(hello_));
  EXPECT_EQ(embedder_->identity(), "bag-of-words@http/64");
  EXPECT_FALSE(embedder_->is_local());
}

TEST_F(HttpEmbedderTest, SendsBatchesOverOneConnection) {
  options_.max_batch = 2;
  const Texts texts = {"a", "b", "c", "d", "e"};
  const absl::StatusOr<Vectors> vectors = Embed(texts);
  ASSERT_TRUE(vectors.ok()) << vectors.status();
  EXPECT_EQ(vectors->size(), 5U);
  EXPECT_EQ(server_.requests(), 3U);
  EXPECT_EQ(server_.connections(), 1U);
}

TEST_F(HttpEmbedderTest, SendsTheKeyAndNeverShowsIt) {
  options_.api_key_file = directory_.Write("key", "s3cret \nsecond line\n");
  ExpectGood(Embed(hello_));
  EXPECT_EQ(server_.last_authorization(), "Bearer s3cret");
  server_.Next({Reply(401)});
  const absl::StatusOr<Vectors> refused = Embed(hello_);
  ExpectUnavailable(refused, "HTTP 401: check api_key_file");
  EXPECT_THAT(refused.status().ToString(), Not(HasSubstr("s3cret")));
}

TEST_F(HttpEmbedderTest, RetriesA5xxAndA429) {
  server_.Next({Reply(500)});
  ExpectGood(Embed(hello_));
  EXPECT_EQ(server_.requests(), 2U);
  embedder_ = nullptr;  // with a fresh retry budget
  server_.Next({Reply(429)});
  ExpectGood(Embed(hello_));
  EXPECT_EQ(server_.requests(), 4U);
}

TEST_F(HttpEmbedderTest, RetriesNoMoreThanToldTo) {
  server_.Next({Reply(503), Reply(503), Reply(503)});
  ExpectUnavailable(Embed(hello_), "HTTP 503");
  EXPECT_EQ(server_.requests(), 2U);
}

TEST_F(HttpEmbedderTest, RetriesStayUnderATenthOfTheCalls) {
  server_.Next(std::vector<StandInServer::Script>(200, Reply(503)));
  for (int call = 0; call < 100; ++call) ExpectUnavailable(Embed(hello_), "HTTP 503");
  EXPECT_GE(server_.requests(), 105U);
  EXPECT_LE(server_.requests(), 111U);
}

TEST_F(HttpEmbedderTest, DoesNotRetryWhatWouldFailAgain) {
  for (const auto& [status, says] :
       std::vector<std::pair<int, std::string>>{{400, "HTTP 400: check the configured model"},
                                                {403, "check api_key_file"},
                                                {404, "check url"},
                                                {302, "redirects are not followed"},
                                                {204, "HTTP 204"}}) {
    embedder_ = nullptr;
    const size_t before = server_.requests();
    server_.Next({Reply(status)});
    ExpectUnavailable(Embed(hello_), says);
    EXPECT_EQ(server_.requests(), before + 1) << status;
  }
}

TEST_F(HttpEmbedderTest, RefusesAnswersThatAreWrong) {
  for (const auto& [body, says] : std::vector<std::pair<std::string, std::string>>{
           {"<html>busy</html>", "not JSON"},
           {R"({"data":[{"index":0,"embedding":[1,2,3]}]})", "3 components; 64"},
           {R"({"data":[]})", "0 embeddings for 1 texts"}}) {
    server_.Next({Reply(200, body)});
    ExpectUnavailable(Embed(hello_), says);
  }
  EXPECT_EQ(server_.requests(), 3U);
}

TEST_F(HttpEmbedderTest, StopsReadingAHugeAnswer) {
  server_.Next({Reply(200, std::string(4 << 20, ' '))});
  ExpectUnavailable(Embed(hello_), "larger than");
  ExpectGood(Embed(hello_));
}

TEST_F(HttpEmbedderTest, GivesUpAnAttemptAfterItsTimeout) {
  options_.timeout = absl::Milliseconds(50);
  server_.Next({server_.Hang()});
  ExpectUnavailable(Embed(hello_), "Timeout");
  EXPECT_LE(server_.requests(), 1U);  // no retry; a busy machine may not even have read the first
}

TEST_F(HttpEmbedderTest, NeverWaitsPastTheDeadline) {
  server_.Next({server_.Hang([this] { clock_.Advance(absl::Seconds(2)); })});
  const Call call(clock_, clock_.Monotonic() + absl::Seconds(1));
  EXPECT_TRUE(absl::IsDeadlineExceeded(Embed(hello_, call).status()));
  ExpectGood(Embed(hello_));  // the abandoned connection is not used again
}

TEST_F(HttpEmbedderTest, StopsWaitingWhenCancelled) {
  server_.Next({server_.Hang([this] { cancelled_ = true; })});
  const Call call(clock_, clock_.Monotonic() + absl::Hours(1),
                  [this] { return cancelled_.load(); });
  EXPECT_TRUE(absl::IsCancelled(Embed(hello_, call).status()));
}

TEST_F(HttpEmbedderTest, NobodyListens) {
  const RefusingSocket nobody;
  options_.url = absl::StrCat("http://127.0.0.1:", nobody.port(), "/v1/embeddings");
  ExpectUnavailable(Embed(hello_), "connect");
}

TEST_F(HttpEmbedderTest, ServesThreads) {
  ExpectGood(Embed(hello_));
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([this] {
      for (int i = 0; i < 20; ++i) ExpectGood(Embed(hello_));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(server_.requests(), 81U);
}

TEST_F(HttpEmbedderTest, OptionsOutOfRangeAreRefused) {
  const auto refuse = [this](const std::function<void(HttpEmbedderOptions*)>& change,
                             const std::string& says) {
    HttpEmbedderOptions options = options_;
    change(&options);
    const absl::Status status = MakeHttpEmbedder(options).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    EXPECT_THAT(std::string(status.message()), HasSubstr(says));
  };
  using Options = HttpEmbedderOptions;
  refuse([](Options* o) { o->url = ""; }, "url");
  refuse([](Options* o) { o->url = "localhost:80/v1"; }, "url");
  refuse([](Options* o) { o->url = "file:///etc/passwd"; }, "scheme \"file\"");
  refuse([](Options* o) { o->url = "http://user:word@host/v1/embeddings"; }, "credentials");
  refuse([](Options* o) { o->model = ""; }, "model");
  refuse([](Options* o) { o->dimension = 0; }, "dimension is 0; allowed: 1 to");
  refuse([](Options* o) { o->timeout = absl::ZeroDuration(); }, "timeout");
  refuse([](Options* o) { o->timeout = absl::InfiniteDuration(); }, "timeout");
  refuse([](Options* o) { o->max_attempts = 0; }, "max_attempts");
  refuse([](Options* o) { o->max_batch = 0; }, "max_batch");
  refuse([this](Options* o) { o->ca_file = directory_ / "absent"; }, "absent");
  refuse([this](Options* o) { o->api_key_file = directory_ / "absent"; }, "absent");
  refuse([this](Options* o) { o->api_key_file = directory_.Write("k", "\nlate"); }, "empty");
  refuse([this](Options* o) { o->api_key_file = directory_.Write("k", "a\rb: c"); }, "no token");
}

}  // namespace
}  // namespace semcached
