#ifndef SEMCACHED_TESTS_SUPPORT_SILENT_SOCKET_H_
#define SEMCACHED_TESTS_SUPPORT_SILENT_SOCKET_H_

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "support/temp_dir.h"

namespace semcached {

// A Unix socket that takes connections and never says a word.
class SilentSocket {
 public:
  SilentSocket() : socket_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_un address = {};
    address.sun_family = AF_UNIX;
    const std::string path = this->address();
    if (path.size() >= sizeof(address.sun_path)) std::abort();
    std::copy(path.begin(), path.end(), address.sun_path);
    if (bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0 ||
        listen(socket_, SOMAXCONN) != 0) {
      std::abort();
    }
  }
  ~SilentSocket() { close(socket_); }
  SilentSocket(const SilentSocket&) = delete;
  SilentSocket& operator=(const SilentSocket&) = delete;

  std::string address() const { return directory_.path() + "/silent.sock"; }

 private:
  const TempDir directory_;
  const int socket_;
};

}  // namespace semcached

#endif  // SEMCACHED_TESTS_SUPPORT_SILENT_SOCKET_H_
