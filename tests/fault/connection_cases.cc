// More connections than anybody should make.

#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "fault/cases.h"

namespace semcached {
namespace {

constexpr int kOpenFiles = 256;  // of the server
constexpr int kConnections = 3 * kOpenFiles;
constexpr std::chrono::seconds kRecovery{5};

// Connections that say nothing, every other one over the Unix socket, the rest over TCP.
class Flood {
 public:
  explicit Flood(const FaultServer& server) {
    sockaddr_un unix_address = {};
    unix_address.sun_family = AF_UNIX;
    const std::string path = server.directory() / "data.sock";
    std::memcpy(unix_address.sun_path, path.data(), path.size());
    sockaddr_in tcp_address = {};
    tcp_address.sin_family = AF_INET;
    tcp_address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const std::string& target = server.tcp_target();
    const int port = std::atoi(target.c_str() + target.rfind(':') + 1);
    tcp_address.sin_port = htons(static_cast<uint16_t>(port));
    for (int i = 0; i < kConnections; ++i) {
      if (i % 2 == 0) {
        Connect(reinterpret_cast<const sockaddr*>(&unix_address), sizeof(unix_address));
      } else {
        Connect(reinterpret_cast<const sockaddr*>(&tcp_address), sizeof(tcp_address));
      }
    }
  }
  ~Flood() {
    for (const int socket : sockets_) close(socket);
  }
  Flood(const Flood&) = delete;
  Flood& operator=(const Flood&) = delete;

  int connections() const { return static_cast<int>(sockets_.size()); }

 private:
  void Connect(const sockaddr* address, socklen_t size) {
    const int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, address, size) == 0) {
      sockets_.push_back(fd);
    } else {
      close(fd);
    }
  }

  std::vector<int> sockets_;
};

// A call over a connection of its own, within kRecovery.
template <typename Stub, typename Call>
grpc::Status AnswerTo(const std::string& target, Call call) {
  const auto stub = Stub::NewStub(OwnChannel(target));
  grpc::ClientContext context;
  context.set_wait_for_ready(true);
  context.set_deadline(std::chrono::system_clock::now() + kRecovery);
  return call(stub.get(), &context);
}

grpc::Status AnswerToCaller(const std::string& target) {
  return AnswerTo<v1::SemanticCache>(target, [](auto* stub, auto* context) {
    v1::GetServerInfoResponse response;
    return stub->GetServerInfo(context, {}, &response);
  });
}

grpc::Status AnswerToOperator(const std::string& target) {
  return AnswerTo<v1::AdminService>(target, [](auto* stub, auto* context) {
    v1::GetStatsResponse response;
    return stub->GetStats(context, {}, &response);
  });
}

}  // namespace

CaseReport FloodOfConnections(int rounds, uint64_t seed) {
  std::mt19937_64 random(seed);
  Scene scene("", kOpenFiles);
  CaseReport& report = scene.report;
  if (!scene.Start()) return report;
  scene.Fill(200, &random);
  const auto expect_answer = [&report](const grpc::Status& status, const std::string& who) {
    report.Expect(status.ok(), who + " got no answer: " + status.error_message());
  };
  for (; report.rounds < rounds; ++report.rounds) {
    const auto traffic = scene.Load(&random);
    {
      const Flood flood(scene.server);
      report.Expect(flood.connections() > kOpenFiles,
                    absl::StrCat("only ", flood.connections(), " connections were made"));
      absl::SleepFor(Between(200, 500, &random));
      expect_answer(AnswerToOperator(scene.server.admin_target()), "an operator in the flood");
    }
    expect_answer(AnswerToCaller(scene.server.tcp_target()), "a new caller over TCP");
    expect_answer(AnswerToCaller(scene.server.unix_target()), "a new caller on the Unix socket");
    scene.Stop(traffic.get());
    report.Expect(report.findings.failed == 0,
                  absl::StrCat(report.findings.failed, " calls of who was connected failed"));
  }
  scene.LookForAll();
  return report;
}

}  // namespace semcached
