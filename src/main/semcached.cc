// The server: reads its configuration, serves until it is told to stop.

#include <absl/synchronization/mutex.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "main/application.h"
#include "semcached/base/log.h"
#include "semcached/base/version.h"
#include "semcached/config/load.h"
#include "semcached/service/server.h"

namespace semcached {
namespace {

// What a supervisor reads from the exit status.
enum ExitCode : int {
  kClean = 0,
  kInternal = 1,
  kBadConfiguration = 2,
  kStoreUnusable = 3,
  kCannotListen = 69,
};

struct Flags {
  std::string config = "/etc/semcached/semcached.yaml";
  bool check_config = false;
  std::string ready_file;
  bool allow_remote = false;
  bool strict_recovery = false;
};

ExitCode CodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
      return kBadConfiguration;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kAlreadyExists:
      return kCannotListen;
    case absl::StatusCode::kFailedPrecondition:
      return kStoreUnusable;
    default:
      return kInternal;
  }
}

// Written whole or not at all, so that who waits for the file never reads half of it.
bool WriteReadyFile(const std::string& path, const ServerAddresses& addresses) {
  const std::string temporary = path + ".tmp";
  {
    std::ofstream out(temporary);
    out << "{\"grpc_unix\":\"" << addresses.grpc_unix << "\",\"grpc_tcp\":\"" << addresses.grpc_tcp
        << "\",\"admin\":\"" << addresses.admin << "\",\"http\":\"" << addresses.http
        << "\",\"pid\":" << getpid() << "}\n";
    if (!out.flush()) return false;
  }
  return std::rename(temporary.c_str(), path.c_str()) == 0;
}

// Whether a start has what it needs before it opens the store; prints what is wrong, a line each.
bool IsStartable(const Flags& flags, const ConfigResult<Config>& config) {
  std::vector<ConfigError> errors = config.errors;
  const auto add = [&errors](const std::vector<ConfigError>& more) {
    errors.insert(errors.end(), more.begin(), more.end());
  };
  // Wrong category files do not hide what is wrong here.
  const std::optional<ServerConfig> server =
      config.ok() ? config.value->server : ReadServerConfig(flags.config).value;
  if (server.has_value()) {
    add(CheckFiles(*server));
    add(CheckAddresses(*server, flags.allow_remote));
    add(CheckConnectionLimit(*server));
  }
  std::cerr << ToString(errors);
  return errors.empty();
}

int Serve(const Flags& flags) {
  const ConfigResult<Config> config = ReadConfig(flags.config);
  if (!IsStartable(flags, config)) return kBadConfiguration;
  if (flags.check_config) {
    std::cout << flags.config << ": good, " << config.value->categories->categories.size()
              << " categories\n";
    return kClean;
  }
  ConfigureLog(config.value->server.log_format, config.value->server.log_level);

  // Before any thread is made, so that every one inherits the mask and only sigwait() sees them.
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);

  auto application = Application::Start(
      config.value->server,
      {.allow_remote = flags.allow_remote, .strict_recovery = flags.strict_recovery});
  if (!application.ok()) {
    std::cerr << "semcached: " << application.status().message() << "\n";
    return CodeOf(application.status());
  }
  const ServerAddresses& addresses = (*application)->addresses();
  LogInfo("listening", {{"grpc_unix", addresses.grpc_unix},
                        {"grpc_tcp", addresses.grpc_tcp},
                        {"admin", addresses.admin},
                        {"http", addresses.http},
                        {"version", kVersion}});
  if (!flags.ready_file.empty() && !WriteReadyFile(flags.ready_file, addresses)) {
    std::cerr << "semcached: cannot write " << flags.ready_file << "\n";
    return kInternal;
  }
  int signal = 0;
  while (sigwait(&signals, &signal) == 0 && signal == SIGHUP) {
    (*application)->Reload().IgnoreError();  // logged, counted, and the former policies stay
  }
  LogInfo("stopping", {{"signal", signal}});
  std::signal(SIGHUP, SIG_IGN);  // there is nothing left to reload
  // A second signal does not wait for the calls in flight.
  pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
  (*application)->Stop();
  application->reset();
  LogInfo("stopped");
  return kClean;
}

}  // namespace
}  // namespace semcached

int main(int argc, char** argv) {
  semcached::Flags flags;
  CLI::App app(
      "semcached: a category-aware semantic cache beside an LLM gateway.\n"
      "Signals: SIGHUP reloads the category files and principals; SIGTERM and SIGINT drain and "
      "stop, a\n"
      "second one at once.\n"
      "Exit status: 0 stopped, 1 internal error, 2 bad configuration or usage, 3 store\n"
      "unusable, 69 cannot listen.");
  app.add_option("--config", flags.config, "the configuration file")->capture_default_str();
  app.add_flag(
      "--check-config", flags.check_config,
      "check the configuration, all category files, and whether this machine has the files "
      "that they name; print every error, and exit");
  app.add_option("--ready-file", flags.ready_file,
                 "once listening, write the addresses and the pid to this file, as JSON");
  app.add_flag("--insecure-allow-remote", flags.allow_remote,
               "listen on addresses that other machines can reach, without TLS and authentication");
  app.add_flag("--strict-recovery", flags.strict_recovery,
               "end with status 3 if the store is damaged; else it is moved into its subdirectory "
               "`damaged`, where one is kept, and an empty one takes its place");
  app.set_version_flag("--version", std::string("semcached ") + semcached::kVersion + " (" +
                                        semcached::kRevision + ", " + semcached::kBuildType + ")");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? semcached::kClean : semcached::kBadConfiguration;
  }
  // Debian's Abseil looks for deadlocks at every lock of gRPC's, in one graph behind one lock.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  umask(077);                          // sockets and data are nobody else's business
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);  // nor is a core dump, which would hold answers
  return semcached::Serve(flags);
}
