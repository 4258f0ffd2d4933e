#ifndef SEMCACHED_SRC_MAIN_EMPTY_SERVER_H_
#define SEMCACHED_SRC_MAIN_EMPTY_SERVER_H_

#include <sys/types.h>

#include <string>

namespace semcached {

// What a call costs at least: a server that answers the calls of LoadRequests with as many bytes as
// semcached does, and looks nothing up.
struct EmptyServerOptions {
  std::string unix_socket;
  bool queues = false;     // completion queues, one thread each; else the callback API
  int response_bytes = 0;  // of LoadRequests::Options
};

// Serves until SIGTERM. Returns the exit status: 0, or 2 if it cannot listen.
int RunEmptyServer(const EmptyServerOptions& options);

// The same in a process of its own, until the object goes or this process ends. Starts before any
// other thread of this process does.
class EmptyServerProcess {
 public:
  explicit EmptyServerProcess(const EmptyServerOptions& options);
  ~EmptyServerProcess();
  EmptyServerProcess(const EmptyServerProcess&) = delete;
  EmptyServerProcess& operator=(const EmptyServerProcess&) = delete;

  const std::string& target() const { return target_; }

 private:
  const std::string target_;
  pid_t pid_ = -1;
};

}  // namespace semcached

#endif  // SEMCACHED_SRC_MAIN_EMPTY_SERVER_H_
