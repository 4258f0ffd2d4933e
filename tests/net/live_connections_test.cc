#include "net/live_connections.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include "semcached/base/descriptor.h"
#include "support/fake_clock.h"

namespace semcached {
namespace {

Descriptor NewSocket() { return Descriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)); }

class LiveConnectionsTest : public ::testing::Test {
 protected:
  // Long after the last look.
  bool HasRoom() {
    clock_.Advance(absl::Seconds(1));
    return live_.HasRoom(clock_.Monotonic());
  }

  FakeClock clock_;
  LiveConnections live_{2};
};

TEST_F(LiveConnectionsTest, WhatWasClosedMakesRoom) {
  Descriptor first = NewSocket();
  const Descriptor second = NewSocket();
  EXPECT_TRUE(HasRoom());
  live_.Add(first.get());
  EXPECT_TRUE(HasRoom());
  live_.Add(second.get());
  EXPECT_FALSE(HasRoom());
  first.Close();
  EXPECT_TRUE(HasRoom());
}

TEST_F(LiveConnectionsTest, AnotherFileUnderTheSameNumberIsNoConnection) {
  Descriptor first = NewSocket();
  const Descriptor second = NewSocket();
  live_.Add(first.get());
  live_.Add(second.get());
  const int number = first.get();
  for (const bool is_socket : {true, false}) {
    const Descriptor other =
        is_socket ? NewSocket() : Descriptor(open("/dev/null", O_RDONLY | O_CLOEXEC));
    ASSERT_EQ(dup2(other.get(), number), number);
    EXPECT_TRUE(HasRoom());
    live_.Add(number);
    EXPECT_FALSE(HasRoom());
  }
}

TEST_F(LiveConnectionsTest, ANumberThatIsGivenAgainCountsOnce) {
  Descriptor first = NewSocket();
  live_.Add(first.get());
  const int number = first.get();
  const Descriptor next = NewSocket();
  ASSERT_EQ(dup2(next.get(), number), number);
  live_.Add(number);
  EXPECT_TRUE(live_.HasRoom(clock_.Monotonic()));
}

TEST_F(LiveConnectionsTest, InAFloodItLooksOnlyEveryFewMilliseconds) {
  Descriptor first = NewSocket();
  const Descriptor second = NewSocket();
  live_.Add(first.get());
  live_.Add(second.get());
  EXPECT_FALSE(HasRoom());
  first.Close();
  EXPECT_FALSE(live_.HasRoom(clock_.Monotonic()));
  EXPECT_TRUE(HasRoom());
}

}  // namespace
}  // namespace semcached
