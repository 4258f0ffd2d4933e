// The listeners of one process: data and admin over gRPC, a small page over HTTP.
#ifndef SEMCACHED_SERVICE_SERVER_H_
#define SEMCACHED_SERVICE_SERVER_H_

#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "semcached/access/access_control.h"
#include "semcached/base/executor.h"
#include "semcached/base/metrics.h"
#include "semcached/cache/semantic_cache.h"
#include "semcached/cache/verifier_keeper.h"
#include "semcached/config/load.h"
#include "semcached/policy/evidence.h"
#include "semcached/policy/policy_manager.h"
#include "semcached/policy/reported_load.h"

namespace semcached {

// What the services work with. Everything outlives the server.
struct ServerParts {
  const ServerConfig* config = nullptr;
  const Clock* clock = nullptr;
  const AccessControl* access = nullptr;
  SemanticCache* cache = nullptr;
  PolicyManager* policies = nullptr;
  ReportedLoad* reported_load = nullptr;
  std::map<std::string, Embedder*> embedders;
  Executor* workers = nullptr;  // for embeddings and inserts
  Metrics* metrics = nullptr;
  const EvidenceBook* evidence = nullptr;  // for what-if; null: no false hits are estimated
  VerifierKeeper* verifiers = nullptr;     // null: none can be trained
  // Reads the category files again; the errors, a line each, are the status' message.
  std::function<absl::Status()> reload;
};

// Where a server listens; empty where it does not.
struct ServerAddresses {
  std::string grpc_unix;
  std::string grpc_tcp;  // host:port, with the port that was given where 0 was asked for
  std::string admin;     // path of the Unix socket
  std::string http;      // host:port
};

class Server {
 public:
  virtual ~Server() = default;

  virtual const ServerAddresses& addresses() const = 0;

  // New callers are refused, until it is called with false; who is connected stays, and operators
  // get in. Thread-safe.
  virtual void RefuseConnections(bool refuse) = 0;

  // Tells health checks that no more calls should come, then lets those in flight end, for at most
  // `grace`, and after that an operator's for a second; what is left is cancelled.
  virtual void Drain(absl::Duration grace) = 0;
};

// The principal of every call where none are configured.
inline constexpr char kDataPrincipal[] = "data";

// Every address that would be open to the network, without `allow_remote`, to callers that nobody
// knows. Listens on nothing.
std::vector<ConfigError> CheckAddresses(const ServerConfig& config, bool allow_remote);

// An error if more connections are configured than the files that this process may open allow.
std::vector<ConfigError> CheckConnectionLimit(const ServerConfig& config);

// Listens on everything that is configured. AlreadyExists, Unavailable: a socket or port is taken,
// by whom the message cannot tell. InvalidArgument: what the checks above find.
absl::StatusOr<std::unique_ptr<Server>> StartServer(const ServerParts& parts, bool allow_remote);

}  // namespace semcached

#endif  // SEMCACHED_SERVICE_SERVER_H_
