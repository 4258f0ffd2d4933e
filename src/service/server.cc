#include "semcached/service/server.h"

#include <absl/strings/str_cat.h>
#include <absl/synchronization/notification.h>
#include <arpa/inet.h>
#include <google/protobuf/stubs/logging.h>
#include <grpc/grpc.h>
#include <grpc/support/log.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "semcached/base/log.h"
#include "semcached/base/status.h"
#include "service/admin_service.h"
#include "service/credentials.h"
#include "service/data_service.h"
#include "service/http_page.h"
#include "service/load_service.h"
#include "service/policy_service.h"
#include "service/process_metrics.h"

namespace semcached {
namespace {

constexpr absl::Duration kDrainLook = absl::Milliseconds(20);
// No call at work in so many looks: what is left are connections.
constexpr int kIdleLooks = 5;
// The calls of an operator's tool that a stop waits for.
constexpr absl::Duration kAdminGrace = absl::Seconds(1);

// Calls at once on one connection.
constexpr int kMostStreams = 100;

constexpr char kHealthName[] = "semcached.v1.SemanticCache";

struct HostPort {
  std::string host;
  int port = 0;
};

// Of an address as the configuration takes it: host:port, with [] around an IPv6 address.
HostPort SplitAddress(const std::string& address) {
  const size_t colon = address.rfind(':');
  return {address.substr(0, colon), std::atoi(address.c_str() + colon + 1)};
}

bool IsLoopback(const std::string& host) {
  in_addr ip = {};
  const bool in_127 = inet_pton(AF_INET, host.c_str(), &ip) == 1 && (ntohl(ip.s_addr) >> 24) == 127;
  return in_127 || host == "localhost" || host == "[::1]";
}

// gRPC removes what it finds at the path before it binds; a live server's socket must not go so.
absl::Status ClaimSocketPath(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof(address.sun_path)) {
    return absl::InvalidArgumentError(absl::StrCat("socket path ", path, " has ", path.size(),
                                                   " bytes; at most ",
                                                   sizeof(address.sun_path) - 1));
  }
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  const auto found = std::filesystem::status(path, error);
  if (std::filesystem::exists(found) && !std::filesystem::is_socket(found)) {
    return absl::AlreadyExistsError(
        absl::StrCat(path, " is there and is no socket; move it away, or configure another path"));
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (probe < 0) return absl::ErrnoToStatus(errno, "cannot make a socket");
  const bool taken =
      connect(probe, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  close(probe);
  if (!taken) return absl::OkStatus();
  return absl::AlreadyExistsError(
      absl::StrCat("another server listens on ", path, "; stop it, or configure another path"));
}

RequestRules RulesOf(const ServerParts& parts) {
  RequestRules rules;
  rules.limits = parts.config->limits;
  rules.allow_anonymous = parts.config->allow_anonymous;
  for (const auto& [name, embedder] : parts.embedders) {
    rules.dimensions[embedder->identity()] = embedder->dimension();
  }
  return rules;
}

// `waiters`: calls that wait for others and must not keep these from being sent over the same
// connection.
void Bound(const LimitsConfig& limits, int waiters, grpc::ServerBuilder* builder) {
  builder->SetMaxReceiveMessageSize(static_cast<int>(limits.max_message_bytes));
  builder->AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMostStreams + waiters);
  builder->AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, 16 << 10);
  builder->AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, 10'000);
  // A second server on the same port is a mistake, not a way to share the load.
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
}

// One sink for all: gRPC would write lines of its own form, and protobuf one for every message that
// is not valid UTF-8, which is a caller's mistake and no news.
void RouteLogs() {
  google::protobuf::SetLogHandler(nullptr);
  gpr_set_log_verbosity(GPR_LOG_SEVERITY_ERROR);
  gpr_set_log_function([](gpr_log_func_args* args) {
    LogWarning("grpc", {{"message", args->message}, {"file", args->file}});
  });
}

// No new calls; those at work end by `deadline` or are cancelled. Once `is_idle` holds, connections
// are cut: a client that is idle itself may not hear for 20 s that it is told to go.
void ShutDown(grpc::Server* server, std::chrono::system_clock::time_point deadline,
              const std::function<bool()>& is_idle) {
  absl::Notification down;
  std::thread cutter([&] {
    for (int looks = 0; looks < kIdleLooks; looks = is_idle() ? looks + 1 : 0) {
      if (down.WaitForNotificationWithTimeout(kDrainLook)) return;
    }
    grpc_server_cancel_all_calls(server->c_server());
  });
  server->Shutdown(deadline);
  down.Notify();
  cutter.join();
  server->Wait();
}

class RealServer final : public Server {
 public:
  explicit RealServer(const ServerParts& parts)
      : parts_(parts),
        data_(parts, RulesOf(parts)),
        load_(parts),
        admin_(parts, RulesOf(parts)),
        policy_(parts) {}

  ~RealServer() override { Drain(absl::ZeroDuration()); }

  absl::Status Start() {
    RETURN_IF_ERROR(StartData());
    RETURN_IF_ERROR(StartAdmin());
    return StartHttp();
  }

  const ServerAddresses& addresses() const override { return addresses_; }

  void Drain(absl::Duration grace) override {
    if (draining_.exchange(true)) return;
    if (data_server_ != nullptr) {
      if (auto* health = data_server_->GetHealthCheckService()) health->Shutdown();
      parts_.cache->CloseLeases();
      ShutDown(data_server_.get(), absl::ToChronoTime(absl::Now() + grace),
               [this] { return data_.IsIdle() && load_.IsIdle(); });
    }
    if (admin_server_ != nullptr) {
      // Its own: the calls of the data plane may have used up theirs.
      admin_server_->Shutdown(absl::ToChronoTime(absl::Now() + kAdminGrace));
      admin_server_->Wait();
    }
    http_.reset();
  }

 private:
  absl::Status StartData() {
    const ServerConfig& config = *parts_.config;
    grpc::ServerBuilder builder;
    Bound(config.limits, config.leases.max_waiters, &builder);
    if (!config.listen_unix.empty()) {
      RETURN_IF_ERROR(ClaimSocketPath(config.listen_unix));
      builder.AddListeningPort("unix:" + config.listen_unix, grpc::InsecureServerCredentials());
    }
    HostPort tcp;
    int port = 0;
    if (!config.listen_tcp.empty()) {
      tcp = SplitAddress(config.listen_tcp);
      builder.AddListeningPort(config.listen_tcp, TcpCredentials(config.listen_tls), &port);
    }
    builder.RegisterService(&data_);
    builder.RegisterService(&load_);
    data_server_ = builder.BuildAndStart();
    if (data_server_ == nullptr || (!config.listen_tcp.empty() && port == 0)) {
      return absl::UnavailableError(absl::StrCat("cannot listen on ", config.listen_unix, " ",
                                                 config.listen_tcp,
                                                 "; is the port taken, the directory writable?"));
    }
    if (!config.listen_unix.empty()) {
      // Until here the umask of the process kept others out.
      if (chmod(config.listen_unix.c_str(), static_cast<mode_t>(config.listen_unix_mode)) != 0) {
        return absl::ErrnoToStatus(errno, absl::StrCat("cannot chmod ", config.listen_unix));
      }
      addresses_.grpc_unix = std::filesystem::absolute(config.listen_unix).string();
    }
    tcp_port_ = port;
    if (!config.listen_tcp.empty()) addresses_.grpc_tcp = absl::StrCat(tcp.host, ":", port);
    data_server_->GetHealthCheckService()->SetServingStatus(kHealthName, true);
    return absl::OkStatus();
  }

  absl::Status StartAdmin() {
    const ServerConfig& config = *parts_.config;
    if (config.admin_unix.empty()) return absl::OkStatus();
    RETURN_IF_ERROR(ClaimSocketPath(config.admin_unix));
    grpc::ServerBuilder builder;
    Bound(config.limits, /*waiters=*/0, &builder);
    builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::NUM_CQS, 1);
    builder.AddListeningPort("unix:" + config.admin_unix, grpc::InsecureServerCredentials());
    builder.RegisterService(&admin_);
    builder.RegisterService(&policy_);
    admin_server_ = builder.BuildAndStart();
    if (admin_server_ == nullptr) {
      return absl::UnavailableError(
          absl::StrCat("cannot listen on ", config.admin_unix, "; is the directory writable?"));
    }
    if (chmod(config.admin_unix.c_str(), 0600) != 0) {
      return absl::ErrnoToStatus(errno, absl::StrCat("cannot chmod ", config.admin_unix));
    }
    addresses_.admin = std::filesystem::absolute(config.admin_unix).string();
    return absl::OkStatus();
  }

  void SetConnectionMetrics() {
    const auto set = [this](const char* listener, int64_t count) {
      parts_.metrics
          ->AddGauge("semcached_connections", "Established connections, by listener.",
                     {{"listener", listener}})
          .Set(static_cast<double>(count));
    };
    if (!addresses_.grpc_unix.empty())
      set("unix", CountUnixConnections(parts_.config->listen_unix));
    if (!addresses_.grpc_tcp.empty()) set("tcp", CountTcpConnections(tcp_port_));
    if (!addresses_.admin.empty()) set("admin", CountUnixConnections(parts_.config->admin_unix));
  }

  absl::Status StartHttp() {
    const ServerConfig& config = *parts_.config;
    if (config.http.empty()) return absl::OkStatus();
    const HostPort address = SplitAddress(config.http);
    HttpPageParts page;
    page.metrics = [this] {
      SetProcessMetrics(parts_.metrics);
      SetConnectionMetrics();
      return parts_.metrics->Render();
    };
    page.live = [] { return Probe{true, "ok"}; };
    page.ready = [this] {
      if (draining_) return Probe{false, "draining"};
      // Ready means: answers lookups. Waiting for the index would hold the whole pod back for the
      // sake of its cache.
      return Probe{true, absl::StrCat("ok, warm ratio ", parts_.cache->WarmRatio())};
    };
    const bool brackets = address.host.size() > 2 && address.host.front() == '[';
    const std::string host =
        brackets ? address.host.substr(1, address.host.size() - 2) : address.host;
    ASSIGN_OR_RETURN(http_, StartHttpPage(host, address.port, std::move(page)));
    addresses_.http = absl::StrCat(address.host, ":", http_->port());
    return absl::OkStatus();
  }

  const ServerParts parts_;
  DataService data_;
  LoadServiceImpl load_;
  AdminServiceImpl admin_;
  PolicyServiceImpl policy_;
  ServerAddresses addresses_;
  int tcp_port_ = 0;
  std::atomic<bool> draining_{false};
  std::unique_ptr<grpc::Server> data_server_;
  std::unique_ptr<grpc::Server> admin_server_;
  std::unique_ptr<HttpPage> http_;
};

}  // namespace

std::vector<ConfigError> CheckAddresses(const ServerConfig& config, bool allow_remote) {
  std::vector<ConfigError> errors;
  if (allow_remote) return errors;
  const auto check = [&](const char* key, const std::string& address, const char* lacks,
                         const char* remedy) {
    if (address.empty()) return;
    const std::string host = SplitAddress(address).host;
    if (IsLoopback(host)) return;
    errors.push_back({config.file, 0, key,
                      absl::StrCat(host, " is not a loopback address, and this listener has ",
                                   lacks, "; allowed: 127.0.0.1, [::1], localhost, ", remedy,
                                   ", or --insecure-allow-remote if the network is trusted")});
  };
  // Without both, who can reach the port, or the wire, can read every answer.
  const bool knows_callers =
      !config.principals_file.empty() || !config.listen_tls.client_ca_file.empty();
  if (!config.listen_tls.enabled()) {
    check("listen.tcp", config.listen_tcp, "no TLS",
          "a Unix socket, listen.tls with access.principals");
  } else if (!knows_callers) {
    check("listen.tcp", config.listen_tcp, "no authentication",
          "a Unix socket, access.principals or listen.tls.client_ca_file");
  }
  check("http", config.http, "no authentication", "no http");
  return errors;
}

absl::StatusOr<std::unique_ptr<Server>> StartServer(const ServerParts& parts, bool allow_remote) {
  const std::vector<ConfigError> errors = CheckAddresses(*parts.config, allow_remote);
  if (!errors.empty()) return absl::InvalidArgumentError(ToString(errors));
  RouteLogs();
  grpc::EnableDefaultHealthCheckService(true);
  if (parts.config->reflection) grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  auto server = std::make_unique<RealServer>(parts);
  RETURN_IF_ERROR(server->Start());
  return server;
}

}  // namespace semcached
