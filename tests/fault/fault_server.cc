#include "fault/fault_server.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/substitute.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "semcached/base/sanitizer.h"

namespace semcached {
namespace {

constexpr char kYaml[] = R"(listen:
  unix: $0/data.sock
  tcp: 127.0.0.1:0
admin:
  unix: $0/admin.sock
http: 127.0.0.1:0
require_category: true
default_category: process
store:
  path: $0/store
categories: $0/categories
workers: 2
$1)";

}  // namespace

std::shared_ptr<grpc::Channel> OwnChannel(const std::string& target) {
  grpc::ChannelArguments arguments;
  // Not the connection of another server that was at this address before.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
}

FaultServer::FaultServer(const std::string& more, int open_files) : open_files_(open_files) {
  for (const char* durability : {"memory", "process", "durable"}) {
    directory_.Write(std::string("categories/") + durability + ".yaml",
                     absl::Substitute("category: $0\nsimilarity_threshold: 0.80\nttl: 1d\n"
                                      "durability: $0\nguards_without_text: skip\n",
                                      durability));
  }
  directory_.Write("semcached.yaml", absl::Substitute(kYaml, directory_.path(), more));
}

FaultServer::~FaultServer() {
  if (faults_ != nullptr) munmap(faults_, sizeof(Faults));
}

std::optional<std::string> FaultServer::Interpose() {
#ifdef SEMCACHED_SANITIZER
  return "a sanitizer's runtime has to be loaded first";
#endif
  directory_.Write("faults", std::string(sizeof(Faults), '\0'));
  const int file = open((directory_ / "faults").c_str(), O_RDWR | O_CLOEXEC);
  void* const mapped = mmap(nullptr, sizeof(Faults), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  if (mapped == MAP_FAILED) return absl::StrCat("cannot map a file: ", std::strerror(errno));
  faults_ = static_cast<Faults*>(mapped);
  return std::nullopt;
}

bool FaultServer::Start() {
  const std::string ready = directory_ / "ready.json";
  std::filesystem::remove(ready);
  std::vector<std::string> command = {ProgramPath("semcached"), "--config",
                                      directory_ / "semcached.yaml", "--ready-file", ready};
  if (faults_ != nullptr) {
    const std::string library = ProgramPath("libsemcached-faults.so");
    command.insert(command.begin(), {"/usr/bin/env", "LD_PRELOAD=" + library,
                                     absl::StrCat(kFaultsVariable, "=", directory_ / "faults")});
  }
  if (!group_.empty()) {
    command.insert(command.begin(), {"/bin/sh", "-c", R"(echo $$ > "$0" && exec "$@")", group_});
  }
  if (open_files_ > 0) {
    const std::string limit = absl::StrCat("ulimit -n ", open_files_, R"( && exec "$0" "$@")");
    command.insert(command.begin(), {"/bin/sh", "-c", limit});
  }
  process_ =
      std::make_unique<Process>(command, "", directory_ / "server.log", directory_ / "server.log");
  const bool begun =
      Eventually([&] { return std::filesystem::exists(ready) || process_->HasEnded(); });
  const auto addresses = nlohmann::json::parse(ReadFileOrEmpty(ready), nullptr, false);
  if (!begun || addresses.is_discarded()) return false;
  http_address_ = addresses.at("http");
  tcp_target_ = addresses.at("grpc_tcp");
  data_ = v1::SemanticCache::NewStub(OwnChannel(unix_target()));
  admin_ = v1::AdminService::NewStub(OwnChannel(admin_target()));
  bool warm = false;
  Eventually([&] {
    grpc::ClientContext context;
    v1::GetServerInfoResponse info;
    warm = data_->GetServerInfo(&context, {}, &info).ok() && info.warm_ratio() == 1;
    return warm || process_->HasEnded();
  });
  return warm;
}

void FaultServer::Kill() {
  process_->Signal(SIGKILL);
  process_->AwaitEnd();
}

int FaultServer::Stop() {
  process_->Signal(SIGTERM);
  return process_->AwaitEnd();
}

}  // namespace semcached
