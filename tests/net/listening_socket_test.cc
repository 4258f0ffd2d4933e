#include "semcached/net/listening_socket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <string>
#include <utility>

#include "net/sockets.h"
#include "support/temp_dir.h"

namespace semcached {
namespace {

using ::testing::HasSubstr;

class UnixSocketTest : public ::testing::Test {
 protected:
  const TempDir directory_;
  const std::string path_ = directory_ / "deep/down/a.sock";
};

TEST_F(UnixSocketTest, ItHasItsModeAndItsDirectoryAndGoesWithTheObject) {
  {
    const auto listening = ListenUnix(path_, 0640);
    ASSERT_TRUE(listening.ok()) << listening.status();
    struct stat status = {};
    ASSERT_EQ(stat(path_.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0640U);
    Connected(listening->address);
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(UnixSocketTest, ALiveOneIsNotReplaced) {
  const auto first = ListenUnix(path_, 0600);
  ASSERT_TRUE(first.ok()) << first.status();
  const auto second = ListenUnix(path_, 0600);
  EXPECT_TRUE(absl::IsAlreadyExists(second.status())) << second.status();
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(path_));
  Connected(first->address);
}

TEST_F(UnixSocketTest, ADeadOneIsReplaced) {
  auto first = ListenUnix(path_, 0600);
  ASSERT_TRUE(first.ok()) << first.status();
  first->descriptor.Close();
  const auto second = ListenUnix(path_, 0600);
  ASSERT_TRUE(second.ok()) << second.status();
  Connected(second->address);
  // The former owner leaves the file alone, which is another's by now.
  first->file.reset();
  Connected(second->address);
}

TEST_F(UnixSocketTest, WhatIsNoSocketStays) {
  const std::string file = directory_.Write("notes", "notes");
  EXPECT_TRUE(absl::IsAlreadyExists(ListenUnix(file, 0600).status()));
  EXPECT_TRUE(std::filesystem::exists(file));
}

TEST_F(UnixSocketTest, APathThatDoesNotFitIsNamed) {
  const auto listening = ListenUnix("/" + std::string(107, 's'), 0600);
  EXPECT_TRUE(absl::IsInvalidArgument(listening.status()));
  EXPECT_THAT(std::string(listening.status().message()), HasSubstr("108 bytes; at most 107"));
}

TEST(TcpListenerTest, PortZeroTakesAFreeOneOnEveryAddress) {
  const auto listener = ListenTcp("localhost", 0);
  ASSERT_TRUE(listener.ok()) << listener.status();
  EXPECT_GT(listener->port, 0);
  for (const ListeningSocket& listening : listener->sockets) Connected(listening.address);
}

TEST(TcpListenerTest, APortThatIsTakenIsNamed) {
  const auto first = ListenTcp("127.0.0.1", 0);
  ASSERT_TRUE(first.ok()) << first.status();
  const auto second = ListenTcp("127.0.0.1", first->port);
  EXPECT_TRUE(absl::IsUnavailable(second.status())) << second.status();
  EXPECT_THAT(std::string(second.status().message()),
              HasSubstr("127.0.0.1:" + std::to_string(first->port)));
}

TEST(TcpListenerTest, AnotherMachinesAddressIsRefused) {
  // Of a net that is kept for documentation.
  EXPECT_TRUE(absl::IsUnavailable(ListenTcp("192.0.2.1", 0).status()));
}

}  // namespace
}  // namespace semcached
