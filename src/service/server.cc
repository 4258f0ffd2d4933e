#include "semcached/service/server.h"

#include <absl/strings/str_cat.h>
#include <absl/synchronization/notification.h>
#include <arpa/inet.h>
#include <google/protobuf/stubs/logging.h>
#include <grpc/grpc.h>
#include <grpc/support/log.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

#include "semcached/base/log.h"
#include "semcached/base/open_files.h"
#include "semcached/base/periodic_task.h"
#include "semcached/base/status.h"
#include "semcached/net/listener_watch.h"
#include "semcached/net/listening_socket.h"
#include "service/admin_service.h"
#include "service/credentials.h"
#include "service/data_service.h"
#include "service/front_door.h"
#include "service/http_page.h"
#include "service/load_service.h"
#include "service/policy_service.h"
#include "service/process_metrics.h"
#include "service/reflection.h"

namespace semcached {
namespace {

constexpr absl::Duration kDrainLook = absl::Milliseconds(20);
// No call at work in so many looks: what is left are connections.
constexpr int kIdleLooks = 5;
// The calls of an operator's tool that a stop waits for.
constexpr absl::Duration kAdminGrace = absl::Seconds(1);

// Calls at once on one connection.
constexpr int kMostStreams = 100;
// Of their own, so that no flood of callers locks the operators out.
constexpr size_t kMostAdminConnections = 16;
constexpr absl::Duration kWatchInterval = absl::Seconds(5);

// The listeners, as metrics and logs call them.
constexpr char kUnix[] = "unix";
constexpr char kTcp[] = "tcp";
constexpr char kAdmin[] = "admin";

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

// What the system's own functions take: no [] around an IPv6 address.
std::string BareHost(const std::string& host) {
  const bool brackets = host.size() > 2 && host.front() == '[';
  return brackets ? host.substr(1, host.size() - 2) : host;
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
  // Until the client has spoken HTTP/2.
  builder->AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, 10'000);
  // A client that is gone, or reads nothing at all, does not answer a ping either.
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  // Else an idle connection would be asked twice and never again.
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  // Clients may ask as well, but no more often than this.
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 30'000);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MAX_PING_STRIKES, 2);
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
        policy_(parts),
        data_door_("accept-data",
                   MostConnections(parts.config->listen_max_connections, OpenFilesLimit()),
                   parts.clock, parts.metrics),
        admin_door_("accept-admin", kMostAdminConnections, parts.clock, parts.metrics) {}

  ~RealServer() override { Drain(absl::ZeroDuration()); }

  absl::Status Start() {
    RETURN_IF_ERROR(StartData());
    RETURN_IF_ERROR(StartAdmin());
    StartWatch();
    return StartHttp();
  }

  const ServerAddresses& addresses() const override { return addresses_; }

  void RefuseConnections(bool refuse) override { data_door_.RefuseNew(refuse); }

  void Drain(absl::Duration grace) override {
    if (draining_.exchange(true)) return;
    watch_tick_.reset();
    if (data_server_ != nullptr) {
      if (auto* health = data_server_->GetHealthCheckService()) health->Shutdown();
      data_door_.Close();
      parts_.cache->CloseLeases();
      ShutDown(data_server_.get(), absl::ToChronoTime(absl::Now() + grace),
               [this] { return data_.IsIdle() && load_.IsIdle(); });
    }
    if (admin_server_ != nullptr) {
      admin_door_.Close();
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
    SetReflection(config.reflection, &builder);
    Bound(config.limits, config.leases.max_waiters, &builder);
    if (!config.listen_unix.empty()) {
      std::vector<ListeningSocket> sockets(1);
      ASSIGN_OR_RETURN(
          sockets[0], ListenUnix(config.listen_unix, static_cast<mode_t>(config.listen_unix_mode)));
      data_door_.Add(kUnix, std::move(sockets), config.listen_unix_uids,
                     grpc::InsecureServerCredentials(), &builder);
      addresses_.grpc_unix = std::filesystem::absolute(config.listen_unix).string();
    }
    if (!config.listen_tcp.empty()) {
      const HostPort address = SplitAddress(config.listen_tcp);
      ASSIGN_OR_RETURN(TcpListener tcp, ListenTcp(BareHost(address.host), address.port));
      data_door_.Add(kTcp, std::move(tcp.sockets), {}, TcpCredentials(config.listen_tls), &builder);
      tcp_port_ = tcp.port;
      addresses_.grpc_tcp = absl::StrCat(address.host, ":", tcp_port_);
    }
    builder.RegisterService(&data_);
    builder.RegisterService(&load_);
    data_server_ = builder.BuildAndStart();
    if (data_server_ == nullptr) return absl::InternalError("gRPC refuses to start the data plane");
    data_door_.Open();
    data_server_->GetHealthCheckService()->SetServingStatus(kHealthName, true);
    return absl::OkStatus();
  }

  absl::Status StartAdmin() {
    const ServerConfig& config = *parts_.config;
    if (config.admin_unix.empty()) return absl::OkStatus();
    grpc::ServerBuilder builder;
    SetReflection(config.reflection, &builder);
    Bound(config.limits, /*waiters=*/0, &builder);
    builder.SetSyncServerOption(grpc::ServerBuilder::SyncServerOption::NUM_CQS, 1);
    std::vector<ListeningSocket> sockets(1);
    ASSIGN_OR_RETURN(sockets[0], ListenUnix(config.admin_unix, 0600));
    admin_door_.Add(kAdmin, std::move(sockets), {}, grpc::InsecureServerCredentials(), &builder);
    builder.RegisterService(&admin_);
    builder.RegisterService(&policy_);
    admin_server_ = builder.BuildAndStart();
    if (admin_server_ == nullptr)
      return absl::InternalError("gRPC refuses to start the admin plane");
    admin_door_.Open();
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
    if (!addresses_.grpc_unix.empty()) set(kUnix, CountUnixConnections(parts_.config->listen_unix));
    if (!addresses_.grpc_tcp.empty()) set(kTcp, CountTcpConnections(tcp_port_));
    if (!addresses_.admin.empty()) set(kAdmin, CountUnixConnections(parts_.config->admin_unix));
  }

  void StartWatch() {
    watch_ = std::make_unique<ListenerWatch>(data_door_.watched(), parts_.metrics);
    watch_tick_ = std::make_unique<PeriodicTask>("listener-watch", kWatchInterval,
                                                 [this] { watch_->Look(); });
    watch_tick_->Start();
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
    page.live = [this] {
      // Who stops takes no connections, and is not to be killed for it.
      const std::string deaf = draining_ ? "" : watch_->Deaf();
      if (deaf.empty()) return Probe{true, "ok"};
      return Probe{false, absl::StrCat("no connection gets through to: ", deaf)};
    };
    page.ready = [this] {
      if (draining_) return Probe{false, "draining"};
      // Ready means: answers lookups. Waiting for the index would hold the whole pod back for the
      // sake of its cache.
      return Probe{true, absl::StrCat("ok, warm ratio ", parts_.cache->WarmRatio())};
    };
    ASSIGN_OR_RETURN(http_, StartHttpPage(BareHost(address.host), address.port, std::move(page)));
    addresses_.http = absl::StrCat(address.host, ":", http_->port());
    return absl::OkStatus();
  }

  const ServerParts parts_;
  DataService data_;
  LoadServiceImpl load_;
  AdminServiceImpl admin_;
  PolicyServiceImpl policy_;
  FrontDoor data_door_;
  FrontDoor admin_door_;
  ServerAddresses addresses_;
  int tcp_port_ = 0;
  std::atomic<bool> draining_{false};
  std::unique_ptr<grpc::Server> data_server_;
  std::unique_ptr<grpc::Server> admin_server_;
  std::unique_ptr<ListenerWatch> watch_;
  std::unique_ptr<PeriodicTask> watch_tick_;
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

std::vector<ConfigError> CheckConnectionLimit(const ServerConfig& config) {
  const int open_files = OpenFilesLimit();
  if (config.listen_max_connections <= open_files / 2) return {};
  // With more, callers could take the descriptors that the store needs.
  return {{config.file, 0, "listen.max_connections",
           absl::StrCat(config.listen_max_connections, " is more than half of the ", open_files,
                        " files that this process may open; allowed: at most ", open_files / 2,
                        ", or a higher limit (ulimit -n, LimitNOFILE)")}};
}

absl::StatusOr<std::unique_ptr<Server>> StartServer(const ServerParts& parts, bool allow_remote) {
  std::vector<ConfigError> errors = CheckAddresses(*parts.config, allow_remote);
  for (ConfigError& error : CheckConnectionLimit(*parts.config)) errors.push_back(std::move(error));
  if (!errors.empty()) return absl::InvalidArgumentError(ToString(errors));
  RouteLogs();
  for (const ConfigError& open : CheckAddresses(*parts.config, /*allow_remote=*/false)) {
    LogWarning("open to the network, to callers that nobody knows", {{"address", open.ToString()}});
  }
  grpc::EnableDefaultHealthCheckService(true);
  auto server = std::make_unique<RealServer>(parts);
  RETURN_IF_ERROR(server->Start());
  return server;
}

}  // namespace semcached
