// Who gets a connection, and who does not.
#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include "integration/running_server.h"
#include "semcached/net/listener_watch.h"

namespace semcached {
namespace {

using ::testing::HasSubstr;

SocketAddress UnixAddress(const std::string& path) {
  SocketAddress address;
  auto* const unix_address = reinterpret_cast<sockaddr_un*>(&address.storage);
  unix_address->sun_family = AF_UNIX;
  std::memcpy(unix_address->sun_path, path.data(), path.size());
  address.size = sizeof(sockaddr_un);
  return address;
}

SocketAddress LoopbackAddress(const std::string& host_and_port) {
  SocketAddress address;
  auto* const ip_address = reinterpret_cast<sockaddr_in*>(&address.storage);
  ip_address->sin_family = AF_INET;
  ip_address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int port = std::atoi(host_and_port.c_str() + host_and_port.rfind(':') + 1);
  ip_address->sin_port = htons(static_cast<uint16_t>(port));
  address.size = sizeof(sockaddr_in);
  return address;
}

Descriptor Connected(const SocketAddress& address) {
  Descriptor client(socket(address.get()->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_EQ(connect(client.get(), address.get(), address.size), 0);
  return client;
}

// Whether gRPC greets, which it does at once; else the connection is ended without a word.
bool IsLetIn(const Descriptor& client) {
  pollfd polled = {client.get(), POLLIN, 0};
  EXPECT_EQ(poll(&polled, 1, static_cast<int>(absl::ToInt64Milliseconds(kPatience))), 1);
  char byte = 0;
  return recv(client.get(), &byte, 1, MSG_DONTWAIT) == 1;
}

// Of a new caller, within a few seconds.
grpc::Status AnswerTo(const std::string& target) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  const auto stub = v1::SemanticCache::NewStub(
      grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments));
  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  context.set_deadline(absl::ToChronoTime(absl::Now() + kPatience));
  v1::GetServerInfoResponse response;
  return stub->GetServerInfo(&context, {}, &response);
}

TEST(ConnectionsTest, AFloodIsRefusedOthersAreServedAndItIsOverWhenItIsOver) {
  RunningServer server({.listen = "  max_connections: 8\n"});
  const std::string refused = "semcached_connections_refused_total{listener=\"";
  const std::string full = "\",reason=\"max_connections\"}";
  EXPECT_EQ(server.Metric(refused + "unix" + full), 0);
  EXPECT_EQ(server.Metric(refused + "tcp" + full), 0);
  EXPECT_EQ(server.Metric(refused + "admin" + full), 0);
  {
    std::vector<Descriptor> flood;
    int let_in = 0;
    for (int i = 0; i < 20; ++i) {
      flood.push_back(Connected(i % 2 == 0 ? UnixAddress(server.data_socket())
                                           : LoopbackAddress(server.tcp_address())));
      if (IsLetIn(flood.back())) ++let_in;
    }
    EXPECT_LE(let_in, 8);
    EXPECT_GE(server.Metric(refused + "unix" + full), 6);
    EXPECT_GE(server.Metric(refused + "tcp" + full), 6);
    EXPECT_THAT(server.Log(), HasSubstr("listen.max_connections"));
    // Who is connected is served, and operators have places of their own.
    grpc::ClientContext context;
    v1::GetServerInfoResponse info;
    EXPECT_TRUE(server.data().GetServerInfo(&context, {}, &info).ok());
    EXPECT_TRUE(IsLetIn(Connected(UnixAddress(server.admin_socket()))));
    EXPECT_EQ(server.Metric(refused + "admin" + full), 0);
    EXPECT_EQ(server.Get("/livez").status, 200);
  }
  for (const std::string& target : {"unix:" + server.data_socket(), server.tcp_address()}) {
    const grpc::Status status = AnswerTo(target);
    EXPECT_TRUE(status.ok()) << target << ": " << status.error_message();
  }
}

TEST(ConnectionsTest, OnlyListedUsersGetInOverTheUnixSocket) {
  const TempDir directory;
  WriteSmallCategories(directory, "auto");
  const std::string ready = directory / "ready.json";
  const std::string log = directory / "server.log";
  const std::string config = directory.Write(
      "semcached.yaml",
      ServerYaml(directory, "", absl::StrCat("  unix_uids: [", getuid() + 1, "]\n")));
  Process process({ProgramPath("semcached"), "--config", config, "--ready-file", ready}, "", log,
                  log);
  ASSERT_TRUE(Eventually([&] { return std::filesystem::exists(ready) || process.HasEnded(); }));
  EXPECT_FALSE(IsLetIn(Connected(UnixAddress(directory / "data.sock")))) << ReadFileOrEmpty(log);
  EXPECT_TRUE(IsLetIn(Connected(UnixAddress(directory / "admin.sock"))));
  EXPECT_THAT(ReadFileOrEmpty(log), HasSubstr("listen.unix_uids"));
}

TEST(ConnectionsTest, TheListMayHoldSeveral) {
  RunningServer server(
      {.listen = absl::StrCat("  unix_uids: [", getuid() + 1, ", ", getuid(), "]\n")});
  EXPECT_TRUE(AnswerTo("unix:" + server.data_socket()).ok());
}

// What the server does to itself every few seconds.
TEST(ConnectionsTest, BothListenersStandTheWatchsTest) {
  RunningServer server;
  for (const SocketAddress& address :
       {UnixAddress(server.data_socket()), LoopbackAddress(server.tcp_address())}) {
    const absl::Status status = TryListener(address, kPatience);
    EXPECT_TRUE(status.ok()) << status;
  }
  for (const char* listener : {"unix", "tcp"}) {
    EXPECT_EQ(
        server.Metric(absl::StrCat("semcached_listener_healthy{listener=\"", listener, "\"}")), 1);
  }
  EXPECT_EQ(server.Log().find("grpc message"), std::string::npos) << server.Log();
}

// As when somebody cleans up: who is connected notices nothing. The watch needs a quarter of a
// minute.
TEST(ConnectionsTest, AListenerThatNobodyReachesAnyMoreIsToldByThePageOfLiveness) {
  RunningServer server;
  EXPECT_EQ(server.Get("/livez").status, 200);
  ASSERT_TRUE(std::filesystem::remove(server.data_socket()));
  EXPECT_TRUE(Eventually([&] { return server.Get("/livez").status == 503; })) << server.Log();
  EXPECT_THAT(server.Get("/livez").body, HasSubstr("unix"));
  EXPECT_EQ(server.Metric("semcached_listener_healthy{listener=\"unix\"}"), 0);
  EXPECT_EQ(server.Metric("semcached_listener_healthy{listener=\"tcp\"}"), 1);
  EXPECT_THAT(server.Log(), HasSubstr("does not take connections"));
  grpc::ClientContext context;
  v1::GetServerInfoResponse info;
  EXPECT_TRUE(server.data().GetServerInfo(&context, {}, &info).ok());
  EXPECT_EQ(server.Stop(), 0) << server.Log();
}

}  // namespace
}  // namespace semcached
