#ifndef SEMCACHED_TESTS_SUPPORT_REFUSING_SOCKET_H_
#define SEMCACHED_TESTS_SUPPORT_REFUSING_SOCKET_H_

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>

namespace semcached {

// A port of this machine that refuses connections for as long as this lives: bound, and nobody
// listens.
class RefusingSocket {
 public:
  RefusingSocket() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    if (bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
      std::abort();
    }
    port_ = ntohs(address.sin_port);
  }
  ~RefusingSocket() { close(socket_); }
  RefusingSocket(const RefusingSocket&) = delete;
  RefusingSocket& operator=(const RefusingSocket&) = delete;

  int port() const { return port_; }

 private:
  const int socket_;
  int port_ = 0;
};

}  // namespace semcached

#endif  // SEMCACHED_TESTS_SUPPORT_REFUSING_SOCKET_H_
