// Programs as a shell would run them, with a bound on every wait.
#ifndef SEMCACHED_TESTS_INTEGRATION_PROCESS_H_
#define SEMCACHED_TESTS_INTEGRATION_PROCESS_H_

#include <absl/time/time.h>
#include <sys/types.h>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace semcached {

// Far more than anything takes on a busy machine under a sanitizer: who waits so long has failed.
inline constexpr absl::Duration kPatience = absl::Seconds(120);

// Asks again and again, until `condition` holds or patience has run out; whether it held.
bool Eventually(const std::function<bool()>& condition, absl::Duration patience = kPatience);

std::string ReadFileOrEmpty(const std::string& path);

// One child process. Killed if it is still there when the object goes, or when this process dies.
class Process {
 public:
  // `output` and `errors` are files, appended to; `input` too, or empty for none. Aborts if there
  // is no such program.
  Process(const std::vector<std::string>& arguments, const std::string& input,
          const std::string& output, const std::string& errors);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  void Signal(int signal) const;
  bool HasEnded();
  // The exit status, or 128 + signal. -1: it did not end within the patience.
  int AwaitEnd(absl::Duration patience = kPatience);

 private:
  pid_t pid_ = -1;
  std::optional<int> status_;
};

// What a program that has ended left behind.
struct Ended {
  int status = -1;
  std::string output;
  std::string errors;
};

// Runs one of this build's programs (semcached, semcachectl, semcached-bench) to its end.
Ended RunProgram(const std::string& program, std::vector<std::string> arguments,
                 const std::string& input = "");

// Where this build put a program.
std::string ProgramPath(const std::string& program);

}  // namespace semcached

#endif  // SEMCACHED_TESTS_INTEGRATION_PROCESS_H_
