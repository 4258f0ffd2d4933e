#ifndef SEMCACHED_TESTS_FAULT_FAULT_SERVER_H_
#define SEMCACHED_TESTS_FAULT_FAULT_SERVER_H_

#include <grpcpp/grpcpp.h>

#include <memory>
#include <optional>
#include <string>

#include "fault/faults.h"
#include "integration/metric.h"
#include "integration/process.h"
#include "semcached/v1/admin.grpc.pb.h"
#include "semcached/v1/semantic_cache.grpc.pb.h"
#include "support/temp_dir.h"

namespace semcached {

// The real server, without a model (vectors come with the calls), so that it starts in a tenth of
// a second: categories `process` and `durable`, called like their durability class, and `memory`.
class FaultServer {
 public:
  // `more`: further lines of semcached.yaml. `open_files`: the limit of its descriptors; 0: as
  // here.
  explicit FaultServer(const std::string& more = "", int open_files = 0);
  ~FaultServer();
  FaultServer(const FaultServer&) = delete;
  FaultServer& operator=(const FaultServer&) = delete;

  // From now on, starts load the library that makes system calls fail as faults() say. Why not, if
  // that cannot be.
  std::optional<std::string> Interpose();
  Faults& faults() { return *faults_; }

  // From now on, starts are in the control group that this file lists the processes of.
  void StartIn(const std::string& processes) { group_ = processes; }

  // False: it did not get ready to answer, with its whole store read, within the patience.
  bool Start();
  void Kill();
  // The exit status of an orderly stop.
  int Stop();
  void Signal(int signal) const { process_->Signal(signal); }

  v1::SemanticCache::Stub& data() { return *data_; }
  v1::AdminService::Stub& admin() { return *admin_; }
  const TempDir& directory() const { return directory_; }
  std::string store() const { return directory_ / "store"; }
  std::string http_address() const { return http_address_; }
  // What a series of its metrics stands at; -1: there is none.
  double Metric(const std::string& series) const { return MetricOf(http_address_, series); }
  // As gRPC names targets.
  std::string unix_target() const { return "unix:" + (directory_ / "data.sock"); }
  std::string admin_target() const { return "unix:" + (directory_ / "admin.sock"); }
  const std::string& tcp_target() const { return tcp_target_; }
  std::string log() const { return ReadFileOrEmpty(directory_ / "server.log"); }
  bool HasEnded() { return process_->HasEnded(); }
  pid_t pid() const { return process_->pid(); }

 private:
  const TempDir directory_;
  const int open_files_;
  std::string group_;         // empty: that of this process
  Faults* faults_ = nullptr;  // mapped; null: none
  std::unique_ptr<Process> process_;
  std::string http_address_;
  std::string tcp_target_;
  std::unique_ptr<v1::SemanticCache::Stub> data_;
  std::unique_ptr<v1::AdminService::Stub> admin_;
};

// A connection that is nobody else's, made at the first call.
std::shared_ptr<grpc::Channel> OwnChannel(const std::string& target);

}  // namespace semcached

#endif  // SEMCACHED_TESTS_FAULT_FAULT_SERVER_H_
