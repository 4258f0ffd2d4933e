#include "semcached/net/listener_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "semcached/net/acceptor.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

namespace semcached {
namespace {

using ::testing::HasSubstr;

class ListenerWatchTest : public ::testing::Test {
 protected:
  void Look(int times, bool succeeds) {
    unix_answers_ = succeeds;
    for (int i = 0; i < times; ++i) watch_.Look();
  }

  Metrics metrics_;
  bool unix_answers_ = true;
  ListenerWatch watch_{
      {{"unix",
        [this] { return unix_answers_ ? absl::OkStatus() : absl::UnavailableError("nobody"); }},
       {"tcp", [] { return absl::OkStatus(); }}},
      &metrics_};
};

TEST_F(ListenerWatchTest, ThreeFailuresInARowAreDeaf) {
  for (int i = 0; i < 3; ++i) {
    Look(2, false);
    EXPECT_EQ(watch_.Deaf(), "");
    Look(1, true);
  }
  Look(3, false);
  EXPECT_EQ(watch_.Deaf(), "unix");
  EXPECT_THAT(metrics_.Render(), HasSubstr("semcached_listener_healthy{listener=\"unix\"} 0"));
  EXPECT_THAT(metrics_.Render(), HasSubstr("semcached_listener_healthy{listener=\"tcp\"} 1"));
}

TEST_F(ListenerWatchTest, OneSuccessIsEnoughToBeWell) {
  Look(5, false);
  Look(1, true);
  EXPECT_EQ(watch_.Deaf(), "");
  EXPECT_THAT(metrics_.Render(), HasSubstr("semcached_listener_healthy{listener=\"unix\"} 1"));
}

class TryListenerTest : public ::testing::Test {
 protected:
  TryListenerTest() {
    auto listening = ListenUnix(directory_ / "a.sock", 0600);
    EXPECT_TRUE(listening.ok()) << listening.status();
    address_ = listening->address;
    sockets_.push_back(*std::move(listening));
  }

  // From now on, connections are taken in and go to `take`.
  void Accept(size_t most, std::function<void(Descriptor)> take) {
    std::vector<Door> doors(1);
    doors[0].sockets = std::move(sockets_);
    doors[0].take = std::move(take);
    doors[0].on_refused = [](Refusal) {};
    acceptor_ =
        std::make_unique<Acceptor>(AcceptorOptions{.most = most}, std::move(doors), &clock_);
  }

  const FakeClock clock_;
  const TempDir directory_;
  std::vector<ListeningSocket> sockets_;
  SocketAddress address_;
  std::unique_ptr<Acceptor> acceptor_;
};

TEST_F(TryListenerTest, AServerThatGreetsAndEndsIsWell) {
  Accept(9, [](const Descriptor& connection) { send(connection.get(), "hello", 5, MSG_NOSIGNAL); });
  EXPECT_TRUE(TryListener(address_, absl::Minutes(1)).ok());
}

TEST_F(TryListenerTest, AFullOneIsWell) {
  Accept(0, [](const Descriptor&) {});
  EXPECT_TRUE(TryListener(address_, absl::Minutes(1)).ok());
}

TEST_F(TryListenerTest, WhereNobodyAcceptsItIsNot) {
  EXPECT_FALSE(TryListener(address_, absl::Milliseconds(10)).ok());
}

TEST_F(TryListenerTest, WhereNobodyListensItIsNot) {
  sockets_.clear();
  EXPECT_FALSE(TryListener(address_, absl::Milliseconds(10)).ok());
}

TEST_F(TryListenerTest, AcceptedAndForgottenIsNot) {
  std::vector<Descriptor> forgotten;
  Accept(9, [&](Descriptor connection) { forgotten.push_back(std::move(connection)); });
  EXPECT_FALSE(TryListener(address_, absl::Milliseconds(10)).ok());
  acceptor_.reset();
}

}  // namespace
}  // namespace semcached
