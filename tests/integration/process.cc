#include "integration/process.h"

#include <absl/time/clock.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

#include "support/temp_dir.h"

namespace semcached {
namespace {

constexpr absl::Duration kBetweenLooks = absl::Milliseconds(5);

// Between fork() and exec() only what is safe in a signal handler may be called.
void BecomeOrDie(char* const* arguments, const char* input, const char* output,
                 const char* errors) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  const int in = open(input, O_RDONLY);
  const int out = open(output, O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int err = open(errors, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (dup2(in, 0) != 0 || dup2(out, 1) != 1 || dup2(err, 2) != 2) _exit(126);
  for (int other = 3; other < 1024; ++other) close(other);
  execv(arguments[0], arguments);
  _exit(127);
}

}  // namespace

bool Eventually(const std::function<bool()>& condition, absl::Duration patience) {
  const absl::Time end = absl::Now() + patience;
  while (!condition()) {
    if (absl::Now() > end) return false;
    absl::SleepFor(kBetweenLooks);
  }
  return true;
}

std::string ReadFileOrEmpty(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

Process::Process(const std::vector<std::string>& arguments, const std::string& input,
                 const std::string& output, const std::string& errors) {
  if (access(arguments.front().c_str(), X_OK) != 0) {
    std::cerr << "there is no program " << arguments.front() << "\n";
    std::abort();
  }
  std::vector<char*> pointers;
  for (const std::string& argument : arguments) {
    pointers.push_back(const_cast<char*>(argument.c_str()));
  }
  pointers.push_back(nullptr);
  const std::string from = input.empty() ? "/dev/null" : input;
  pid_ = fork();
  if (pid_ < 0) std::abort();
  if (pid_ == 0) BecomeOrDie(pointers.data(), from.c_str(), output.c_str(), errors.c_str());
}

Process::~Process() {
  if (HasEnded()) return;
  Signal(SIGKILL);
  AwaitEnd();
}

void Process::Signal(int signal) const {
  if (!status_.has_value()) kill(pid_, signal);
}

bool Process::HasEnded() {
  if (status_.has_value()) return true;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return false;
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return true;
}

int Process::AwaitEnd(absl::Duration patience) {
  return Eventually([this] { return HasEnded(); }, patience) ? *status_ : -1;
}

std::string ProgramPath(const std::string& program) {
  const char* directory = std::getenv("SEMCACHED_BIN_DIR");
  return std::string(directory == nullptr ? "SEMCACHED_BIN_DIR-is-not-set" : directory) + "/" +
         program;
}

Ended RunProgram(const std::string& program, std::vector<std::string> arguments,
                 const std::string& input) {
  const TempDir directory;
  arguments.insert(arguments.begin(), ProgramPath(program));
  Process process(arguments, input.empty() ? "" : directory.Write("input", input),
                  directory / "output", directory / "errors");
  Ended ended;
  ended.status = process.AwaitEnd();
  ended.output = ReadFileOrEmpty(directory / "output");
  ended.errors = ReadFileOrEmpty(directory / "errors");
  return ended;
}

}  // namespace semcached
