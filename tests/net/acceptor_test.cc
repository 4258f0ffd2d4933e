#include "semcached/net/acceptor.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "net/sockets.h"
#include "semcached/base/mutex.h"
#include "support/fake_clock.h"
#include "support/temp_dir.h"

namespace semcached {
namespace {

// Holds what was let in, and counts who was not.
class Hall {
 public:
  Door MakeDoor(std::vector<ListeningSocket> sockets, std::vector<uid_t> users = {}) {
    Door door;
    door.sockets = std::move(sockets);
    door.users = std::move(users);
    door.take = [this](Descriptor connection) {
      MutexLock lock(&mutex_);
      inside_.push_back(std::move(connection));
      changed_.SignalAll();
    };
    door.on_refused = [this](Refusal refusal) {
      MutexLock lock(&mutex_);
      ++refused_[refusal];
    };
    return door;
  }

  // Waits for the next that is let in. Not open: a minute is over.
  Descriptor Next() ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    while (inside_.empty()) {
      if (!changed_.WaitFor(&mutex_, std::chrono::minutes(1))) return Descriptor();
    }
    Descriptor next = std::move(inside_.front());
    inside_.pop_front();
    return next;
  }

  int Refused(Refusal refusal) ABSL_LOCKS_EXCLUDED(mutex_) {
    MutexLock lock(&mutex_);
    return refused_[refusal];
  }

 private:
  Mutex mutex_;
  CondVar changed_;
  std::deque<Descriptor> inside_ ABSL_GUARDED_BY(mutex_);
  std::map<Refusal, int> refused_ ABSL_GUARDED_BY(mutex_);
};

class AcceptorTest : public ::testing::Test {
 protected:
  // On a Unix socket.
  void Open(AcceptorOptions options = {}, std::vector<uid_t> users = {}) {
    auto listening = ListenUnix(directory_ / "a.sock", 0600);
    ASSERT_TRUE(listening.ok()) << listening.status();
    unix_ = listening->address;
    std::vector<ListeningSocket> sockets;
    sockets.push_back(*std::move(listening));
    std::vector<Door> doors;
    doors.push_back(hall_.MakeDoor(std::move(sockets), std::move(users)));
    acceptor_ = std::make_unique<Acceptor>(std::move(options), std::move(doors), &clock_);
  }

  FakeClock clock_;
  const TempDir directory_;
  Hall hall_;
  SocketAddress unix_;
  std::unique_ptr<Acceptor> acceptor_;
};

TEST_F(AcceptorTest, WhatItHandsOnIsConnectedAndReadyForAnEventLoop) {
  Open();
  const Descriptor client = Connected(unix_);
  const Descriptor inside = hall_.Next();
  ASSERT_TRUE(inside.IsOpen());
  EXPECT_NE(fcntl(inside.get(), F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(fcntl(inside.get(), F_GETFD) & FD_CLOEXEC, 0);
  ASSERT_EQ(send(inside.get(), "x", 1, 0), 1);
  char byte = 0;
  EXPECT_EQ(recv(client.get(), &byte, 1, 0), 1);
  EXPECT_EQ(byte, 'x');
}

TEST_F(AcceptorTest, ATcpConnectionDoesNotWaitToFillItsPackets) {
  auto listener = ListenTcp("127.0.0.1", 0);
  ASSERT_TRUE(listener.ok()) << listener.status();
  const SocketAddress address = listener->sockets[0].address;
  std::vector<Door> doors;
  doors.push_back(hall_.MakeDoor(std::move(listener->sockets)));
  acceptor_ = std::make_unique<Acceptor>(AcceptorOptions{}, std::move(doors), &clock_);
  const Descriptor client = Connected(address);
  const Descriptor inside = hall_.Next();
  int value = 0;
  socklen_t size = sizeof(value);
  ASSERT_EQ(getsockopt(inside.get(), IPPROTO_TCP, TCP_NODELAY, &value, &size), 0);
  EXPECT_EQ(value, 1);
}

TEST_F(AcceptorTest, BeyondTheMostConnectionsAreClosedAndAFreePlaceIsGivenAgain) {
  Open({.most = 2});
  const Descriptor clients[] = {Connected(unix_), Connected(unix_)};
  Descriptor first = hall_.Next();
  const Descriptor second = hall_.Next();
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(AwaitEnd(Connected(unix_)));
  EXPECT_EQ(hall_.Refused(Refusal::kFull), 100);

  // Nobody tells the acceptor that one was closed.
  first.Close();
  clock_.Advance(absl::Seconds(1));
  const Descriptor third = Connected(unix_);
  EXPECT_TRUE(hall_.Next().IsOpen());
  EXPECT_EQ(hall_.Refused(Refusal::kFull), 100);
}

TEST_F(AcceptorTest, AllDoorsShareThePlaces) {
  std::vector<Door> doors;
  std::vector<SocketAddress> addresses;
  for (const char* name : {"a.sock", "b.sock"}) {
    auto listening = ListenUnix(directory_ / name, 0600);
    ASSERT_TRUE(listening.ok()) << listening.status();
    addresses.push_back(listening->address);
    std::vector<ListeningSocket> sockets;
    sockets.push_back(*std::move(listening));
    doors.push_back(hall_.MakeDoor(std::move(sockets)));
  }
  acceptor_ = std::make_unique<Acceptor>(AcceptorOptions{.most = 1}, std::move(doors), &clock_);
  const Descriptor client = Connected(addresses[0]);
  const Descriptor inside = hall_.Next();
  EXPECT_TRUE(AwaitEnd(Connected(addresses[1])));
}

TEST_F(AcceptorTest, ThisProcessMayAlwaysConnect) {
  Open({}, {getuid() + 1});
  const Descriptor client = Connected(unix_);
  EXPECT_TRUE(hall_.Next().IsOpen());
  EXPECT_EQ(hall_.Refused(Refusal::kUser), 0);
}

// Connects from a process of its own; whether it was let in, as its exit status: what was let in
// is sent a byte.
pid_t ConnectFromAnotherProcess(const SocketAddress& address) {
  const pid_t child = fork();
  if (child != 0) return child;
  const int client = socket(address.get()->sa_family, SOCK_STREAM, 0);
  char byte = 0;
  if (connect(client, address.get(), address.size) != 0) _exit(2);
  _exit(recv(client, &byte, 1, 0) == 1 ? 0 : 1);
}

int StatusOf(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_F(AcceptorTest, OnlyUsersOnTheListGetIn) {
  Open({}, {getuid() + 1, getuid()});
  const pid_t listed = ConnectFromAnotherProcess(unix_);
  const Descriptor inside = hall_.Next();
  ASSERT_EQ(send(inside.get(), "x", 1, 0), 1);
  EXPECT_EQ(StatusOf(listed), 0);
  acceptor_.reset();

  Open({}, {getuid() + 1});
  EXPECT_EQ(StatusOf(ConnectFromAnotherProcess(unix_)), 1);
  EXPECT_EQ(hall_.Refused(Refusal::kUser), 1);
}

// While it lives, this process can open nothing more.
class NoDescriptors {
 public:
  NoDescriptors() {
    getrlimit(RLIMIT_NOFILE, &before_);
    // A low limit, so that few files fill it; what is open above it stays.
    const rlimit low = {std::min<rlim_t>(before_.rlim_cur, 128), before_.rlim_max};
    setrlimit(RLIMIT_NOFILE, &low);
    while (true) {
      Descriptor filler(open("/dev/null", O_RDONLY | O_CLOEXEC));
      if (!filler.IsOpen()) break;
      fillers_.push_back(std::move(filler));
    }
  }
  ~NoDescriptors() { setrlimit(RLIMIT_NOFILE, &before_); }

 private:
  rlimit before_ = {};
  std::vector<Descriptor> fillers_;
};

TEST_F(AcceptorTest, WithoutDescriptorsItRefusesAtOnceAndRecoversByItself) {
  Open();
  for (int round = 1; round <= 3; ++round) {
    Descriptor client(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    {
      const NoDescriptors none;
      ASSERT_EQ(connect(client.get(), unix_.get(), unix_.size), 0);
      EXPECT_TRUE(AwaitEnd(client));
    }
    const Descriptor later = Connected(unix_);
    EXPECT_TRUE(hall_.Next().IsOpen());
    EXPECT_EQ(hall_.Refused(Refusal::kNoDescriptor), round);
  }
}

TEST_F(AcceptorTest, WhoWaitsWhileNothingCanBeAcceptedGetsInLater) {
  for (const int error : {EMFILE, ENFILE, ENOMEM, EIO, EINTR, ECONNABORTED}) {
    std::atomic<int> calls{0};
    AcceptorOptions options;
    options.accept = [&calls, error](int listening) {
      // Every other of these may be the try with the spare descriptor.
      if (++calls > 6) return accept4(listening, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      errno = error;
      return -1;
    };
    Open(std::move(options));
    const Descriptor client = Connected(unix_);
    EXPECT_TRUE(hall_.Next().IsOpen()) << error;
    EXPECT_GT(calls, 6) << error;
    acceptor_.reset();
  }
}

TEST_F(AcceptorTest, ItEndsWhileItWaitsForDescriptors) {
  std::atomic<bool> failed{false};
  AcceptorOptions options;
  options.accept = [&failed](int /*listening*/) {
    failed = true;
    failed.notify_all();
    errno = EMFILE;
    return -1;
  };
  Open(std::move(options));
  const Descriptor client = Connected(unix_);
  failed.wait(false);
  acceptor_.reset();
  EXPECT_TRUE(AwaitEnd(client));
}

TEST_F(AcceptorTest, ItsEndCutsOffWhoWaitsAndKeepsWhoIsInside) {
  Open({.most = 1});
  const Descriptor client = Connected(unix_);
  const Descriptor inside = hall_.Next();
  acceptor_.reset();
  EXPECT_EQ(send(inside.get(), "x", 1, 0), 1);
  char byte = 0;
  EXPECT_EQ(recv(client.get(), &byte, 1, 0), 1);
  EXPECT_NE(access((directory_ / "a.sock").c_str(), F_OK), 0);
}

}  // namespace
}  // namespace semcached
