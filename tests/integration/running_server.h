#ifndef SEMCACHED_TESTS_INTEGRATION_RUNNING_SERVER_H_
#define SEMCACHED_TESTS_INTEGRATION_RUNNING_SERVER_H_

#include <absl/status/statusor.h>
#include <grpcpp/grpcpp.h>

#include <memory>
#include <string>

#include "integration/process.h"
#include "semcached/v1/admin.grpc.pb.h"
#include "semcached/v1/load.grpc.pb.h"
#include "semcached/v1/policy.grpc.pb.h"
#include "semcached/v1/semantic_cache.grpc.pb.h"
#include "support/temp_dir.h"

namespace semcached {

// What a test may choose before the start.
struct ServerSetup {
  std::string index_type = "auto";  // of the category `code`
  bool shipped_categories = false;  // config/categories instead of three small ones
  std::string more = {};            // further lines of semcached.yaml
  std::string listen = {};          // further lines of its map `listen`, with their two blanks
};

// What came back over HTTP; status 0: nothing did.
struct Page {
  int status = 0;
  std::string body;
};

// The real `semcached` in a directory of its own, with the real model, on sockets that nobody else
// has: code (threshold 0.86, all guards, moves under load), factual (the default) and personal
// (never cached).
class RunningServer {
 public:
  explicit RunningServer(const ServerSetup& setup = {});

  // Returns once it listens and has read its store. Fails the test if it does not.
  void Start();
  // SIGTERM; the exit status.
  int Stop();
  // SIGKILL: no warning.
  void Kill();
  void Restart();
  void Signal(int signal) const { process_->Signal(signal); }
  Process& process() { return *process_; }

  v1::SemanticCache::Stub& data() { return *data_; }
  v1::SemanticCache::Stub& tcp() { return *tcp_; }
  v1::LoadService::Stub& load() { return *load_; }
  v1::AdminService::Stub& admin() { return *admin_; }
  v1::PolicyService::Stub& policy() { return *policy_; }
  std::shared_ptr<grpc::Channel> data_channel() const { return data_channel_; }

  Page Get(const std::string& path) const;
  Page Post(const std::string& path) const;
  // The value of one series as /metrics writes it, e.g. `up{a="b"}`; -1 if it is not there.
  double Metric(const std::string& series) const;
  // All that it has written so far.
  std::string Log() const { return ReadFileOrEmpty(directory_ / "server.log"); }

  // Waits until the policy of `code` has this threshold.
  bool AwaitCodeThreshold(float threshold);

  const TempDir& directory() const { return directory_; }
  std::string config() const { return directory_ / "semcached.yaml"; }
  std::string categories() const { return directory_ / "categories"; }
  std::string data_socket() const { return directory_ / "data.sock"; }
  std::string admin_socket() const { return directory_ / "admin.sock"; }
  std::string tcp_address() const { return tcp_address_; }
  const std::string& http_address() const { return http_address_; }

  // Replaces one category file as a careful editor does: writes aside and renames.
  void Replace(const std::string& category, const std::string& content) const;
  // The small category `code`.
  std::string Code(float threshold) const;

 private:
  void Connect();

  const ServerSetup setup_;
  const TempDir directory_;
  std::unique_ptr<Process> process_;
  std::string tcp_address_;
  std::string http_address_;
  std::shared_ptr<grpc::Channel> data_channel_;
  std::unique_ptr<v1::SemanticCache::Stub> data_;
  std::unique_ptr<v1::SemanticCache::Stub> tcp_;
  std::unique_ptr<v1::LoadService::Stub> load_;
  std::unique_ptr<v1::AdminService::Stub> admin_;
  std::unique_ptr<v1::PolicyService::Stub> policy_;
};

// What semcached.yaml says for a server in `directory`, with categories beside it.
std::string ServerYaml(const TempDir& directory, const std::string& more,
                       const std::string& listen = "");
// The small categories, written into `directory`/categories.
void WriteSmallCategories(const TempDir& directory, const std::string& index_type);

// A call by name with serialised messages, for services whose stubs Debian does not package.
absl::StatusOr<std::string> CallByName(const std::shared_ptr<grpc::Channel>& channel,
                                       const std::string& method, const std::string& request);

}  // namespace semcached

#endif  // SEMCACHED_TESTS_INTEGRATION_RUNNING_SERVER_H_
