// Connections that nobody should make: too many, silent, idle, or that ping without end.

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/time/clock.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "fault/cases.h"
#include "semcached/base/descriptor.h"
#include "semcached/base/sanitizer.h"

namespace semcached {
namespace {

constexpr int kOpenFiles = 256;  // of the server
constexpr int kConnections = 3 * kOpenFiles;
constexpr std::chrono::seconds kRecovery{5};

// Below the server's own bound of 1,000.
constexpr int kIdle = 900;
constexpr int kFilesForIdle = 4096;
constexpr int kSilent = 50;
[[maybe_unused]] constexpr int64_t kMostEach = 64 << 10;  // bytes of the server's memory
constexpr int kPings = 20;

sockaddr_un UnixAddressOf(const FaultServer& server) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  const std::string path = server.directory() / "data.sock";
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

// Connections that say nothing, every other one over the Unix socket, the rest over TCP.
class Flood {
 public:
  explicit Flood(const FaultServer& server) {
    const sockaddr_un unix_address = UnixAddressOf(server);
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

// A connection over the Unix socket that speaks HTTP/2 by hand.
class RawConnection {
 public:
  explicit RawConnection(const FaultServer& server)
      : socket_(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const sockaddr_un address = UnixAddressOf(server);
    const timeval patience = {20, 0};
    setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    connected_ =
        connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  }

  bool connected() const { return connected_; }
  // The preface and empty settings.
  bool Greet() const { return Send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(4, "")); }
  bool Ping() const { return Send(Frame(6, "12345678")); }
  // What comes until it is closed from there; nullopt: it was not, within the patience.
  std::optional<std::string> ReadToItsEnd() const {
    std::string all;
    char some[4096];
    while (true) {
      const ssize_t got = recv(socket_.get(), some, sizeof(some), 0);
      if (got > 0) {
        all.append(some, static_cast<size_t>(got));
        continue;
      }
      if (got < 0 && errno != ECONNRESET) return std::nullopt;
      return all;
    }
  }

 private:
  static std::string Frame(char type, const std::string& payload) {
    const std::string head = {0, 0, static_cast<char>(payload.size()), type, 0, 0, 0, 0, 0};
    return head + payload;
  }
  bool Send(const std::string& bytes) const {
    return send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }

  const Descriptor socket_;
  bool connected_ = false;
};

// Of a process, in bytes.
int64_t ResidentMemory(pid_t pid) {
  std::ifstream status(absl::StrCat("/proc/", pid, "/status"));
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("VmRSS:", 0) == 0) return std::atoll(line.c_str() + 6) << 10;
  }
  return 0;
}

// This process may open so many files from now on. Why not, if it may not.
std::optional<std::string> AllowFiles(rlim_t files) {
  rlimit limit = {};
  getrlimit(RLIMIT_NOFILE, &limit);
  if (limit.rlim_cur >= files) return std::nullopt;
  if (limit.rlim_max < files)
    return absl::StrCat("needs ", files, " files; ulimit -Hn allows fewer");
  limit.rlim_cur = files;
  setrlimit(RLIMIT_NOFILE, &limit);
  return std::nullopt;
}

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

CaseReport IdleConnections(int rounds, uint64_t seed) {
  std::mt19937_64 random(seed);
  CaseReport report;
  if ((report.not_run = AllowFiles(kFilesForIdle))) return report;
  for (int round = 0; round < rounds; ++round) {
    Scene scene("", kFilesForIdle);
    if (scene.Start()) {
      FaultServer& server = scene.server;
      const auto connected = [&] {
        return server.Metric("semcached_connections{listener=\"unix\"}");
      };
      scene.Fill(200, &random);
      std::vector<std::unique_ptr<RawConnection>> silent;
      for (int i = 0; i < kSilent; ++i) silent.push_back(std::make_unique<RawConnection>(server));
      {
        const int64_t before = ResidentMemory(server.pid());
        std::vector<std::unique_ptr<RawConnection>> idle;
        for (int i = 0; i < kIdle; ++i) {
          idle.push_back(std::make_unique<RawConnection>(server));
          if (!idle.back()->connected() || !idle.back()->Greet()) break;
        }
        scene.report.Expect(
            idle.size() == kIdle &&
                Eventually([&] { return connected() >= kIdle + kSilent; }, absl::Seconds(20)),
            absl::StrCat("only ", connected(), " are connected"));
        const int64_t each = (ResidentMemory(server.pid()) - before) / kIdle;
        scene.report.notes.push_back(absl::StrCat("an idle connection takes ", each, " bytes"));
#ifndef SEMCACHED_SANITIZER
        scene.report.Expect(each <= kMostEach, "an idle connection takes " + absl::StrCat(each));
#endif
        const auto traffic = scene.Load(&random);
        absl::SleepFor(absl::Milliseconds(500));
        scene.Stop(traffic.get());
        scene.report.Expect(scene.report.findings.failed == 0,
                            "calls failed beside idle connections");
      }
      scene.report.Expect(Eventually([&] { return connected() < kIdle; }, absl::Seconds(20)),
                          "connections that were closed are still counted");
      for (const auto& one : silent) {
        scene.report.Expect(one->ReadToItsEnd().has_value(), "a silent connection was kept");
      }
      scene.LookForAll();
    }
    report.Join(scene.report);
  }
  return report;
}

CaseReport FloodOfPings(int rounds, uint64_t seed) {
  std::mt19937_64 random(seed);
  Scene scene;
  CaseReport& report = scene.report;
  if (!scene.Start()) return report;
  scene.Fill(200, &random);
  const auto traffic = scene.Load(&random);
  for (; report.rounds < rounds; ++report.rounds) {
    const RawConnection connection(scene.server);
    report.Expect(connection.connected() && connection.Greet(), "no connection");
    for (int i = 0; i < kPings && connection.Ping(); ++i) absl::SleepFor(absl::Milliseconds(1));
    const std::optional<std::string> said = connection.ReadToItsEnd();
    report.Expect(said.has_value(), "a connection that pings without end was kept");
    report.Expect(!said || absl::StrContains(*said, "too_many_pings"), "it was not told why");
  }
  scene.Stop(traffic.get());
  report.Expect(report.findings.failed == 0, "calls of others failed");
  scene.LookForAll();
  return report;
}

}  // namespace semcached
